#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The ABI of the shared library is that of src/libkeysieve.abi.

Functions may be added without a word. KEYSIEVE_UPDATE=1 writes it anew: after
an enumerator was added, or with a new SONAME, as <keysieve/keysieve.h> has it.
"""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
KEPT = TOP / "src" / "libkeysieve.abi"
LIBRARY = os.environ["KEYSIEVE_LIBRARY"]
ERROR, USAGE, CHANGED, INCOMPATIBLE = 1, 2, 4, 8  # abidiff's exit status


def has_debug_information():
    said = subprocess.run(["readelf", "--sections", "--wide", LIBRARY],
                          check=True, text=True, stdout=subprocess.PIPE)
    return ".debug_info" in said.stdout


def describe():
    """What libabigail says of the library, without this machine's paths."""
    said = subprocess.run(
        ["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
         "--no-elf-needed", "--exported-interfaces-only",
         "--drop-private-types", "--headers-dir", TOP / "include/keysieve",
         LIBRARY],
        check=True, text=True, stdout=subprocess.PIPE).stdout
    return re.sub(r" path='[^']*?/(src/[^']*)'", r" path='\1'", said)


@unittest.skipUnless(platform.machine() == "x86_64", "told for x86_64")
@unittest.skipUnless(shutil.which("abidiff"), "no abidiff: abigail-tools")
@unittest.skipUnless(has_debug_information(), "built without -g")
class Abi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "now.abi").write_text(describe())
        if os.environ.get("KEYSIEVE_UPDATE"):
            shutil.copy(cls.folder / "now.abi", KEPT)

    def compare(self, kept):
        """abidiff's exit status and what it says of the library now."""
        done = subprocess.run(
            ["abidiff", "--no-added-syms", kept, self.folder / "now.abi"],
            check=False, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.assertFalse(done.returncode & (ERROR | USAGE), done.stdout)
        return done.returncode, done.stdout

    def changed(self, old, new):
        """The status after ${old} in what is kept became ${new}."""
        text = KEPT.read_text()
        self.assertRegex(text, old)
        kept = self.folder / "changed.abi"
        kept.write_text(re.sub(old, new, text, count=1))
        return self.compare(kept)[0]

    def test_is_kept(self):
        status, said = self.compare(KEPT)
        self.assertEqual(status, 0, f"{said}\nSee include/keysieve/keysieve.h")

    def test_a_change_is_seen(self):
        """Else the test above is worth nothing."""
        self.assertEqual(self.changed(
            r"(?s)(layout-offset-in-bits=')\d+('>\s*<var-decl name='removed')",
            r"\g<1>8\2"), CHANGED)
        self.assertEqual(self.changed("name='KS_SKIP_MISSING' value='1'",
                                      "name='KS_SKIP_MISSING' value='7'"),
                         CHANGED)
        self.assertEqual(self.changed("soname='libkeysieve.so.0'",
                                      "soname='libkeysieve.so.9'"),
                         CHANGED | INCOMPATIBLE)

    def test_a_function_gone_is_seen(self):
        symbol = ("<elf-symbol name='ks_was_here' version='KEYSIEVE_0' "
                  "is-default-version='yes' type='func-type' "
                  "binding='global-binding' visibility='default-visibility' "
                  "is-defined='yes'/>")
        self.assertEqual(self.changed(
            "<elf-function-symbols>", r"\g<0>" + symbol),
            CHANGED | INCOMPATIBLE)


if __name__ == "__main__":
    unittest.main()
