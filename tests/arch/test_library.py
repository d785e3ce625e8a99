#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared library: what it exports, and what another program sees of it."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
HEADERS = sorted((TOP / "include" / "keysieve").glob("*.h"))
MAP = TOP / "src" / "libkeysieve.map"
LIBRARY = pathlib.Path(os.environ["KEYSIEVE_LIBRARY"])
BUILD = pathlib.Path(os.environ["KEYSIEVE_BUILD"])

# As the Debian package is tested.
PROGRAM = TOP / ".packaging/debian/tests/library"


def run(*words, env=None):
    return subprocess.run(words, check=True, text=True, env=env,
                          stdout=subprocess.PIPE).stdout


def declared():
    """The functions that the headers declare."""
    for path in HEADERS:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        text = re.sub(r"^\s*#.*(\\\n.*)*", "", text, flags=re.M)
        yield from re.findall(r"^[a-z][^;{}]*?\b(ks_\w+)\(", text, re.M)


def listed():
    return re.findall(r"^\t(ks_\w+);$", MAP.read_text(), re.M)


class Symbols(unittest.TestCase):
    def test_list_is_what_the_headers_declare(self):
        names, functions = set(listed()), set(declared())
        self.assertEqual(sorted(functions - names), [],
                         "declared, but not in src/libkeysieve.map")
        self.assertEqual(sorted(names - functions), [],
                         "in src/libkeysieve.map, but not declared")

    def test_library_exports_the_list_and_nothing_else(self):
        lines = run("nm", "-D", "--defined-only", str(LIBRARY)).splitlines()
        names = [line.split()[-1] for line in lines]
        self.assertEqual(sorted(names), sorted(
            ["KEYSIEVE_0", *(f"{name}@@KEYSIEVE_0" for name in listed())]))

    def test_soname(self):
        self.assertIn("soname: [libkeysieve.so.0]",
                      run("readelf", "-d", str(LIBRARY)))

    def test_all_headers_are_in_one(self):
        text = (TOP / "include/keysieve/keysieve.h").read_text()
        self.assertEqual(re.findall(r"<keysieve/(\w+\.h)>", text),
                         [path.name for path in HEADERS
                          if path.name != "keysieve.h"])


class Installed(unittest.TestCase):
    @unittest.skipUnless(shutil.which("pkg-config") and shutil.which("meson"),
                         "no pkg-config")
    def test_program_of_others_is_built_by_pkg_config(self):
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            run("meson", "install", "-C", str(BUILD), "--no-rebuild",
                "--destdir", scratch, "--tags", "devel,runtime")
            pc_file, = root.rglob("keysieve.pc")
            env = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": scratch,
                   "PKG_CONFIG_PATH": str(pc_file.parent)}
            version = run("pkg-config", "--modversion", "keysieve", env=env)
            self.assertRegex(version, r"^\d+\.\d+\.\d+$")
            said = run(str(PROGRAM), env={
                **env, "LD_LIBRARY_PATH": str(pc_file.parents[1]),
                "AUTOPKGTEST_TMP": scratch})
            self.assertIn("aws-access-key", said)


if __name__ == "__main__":
    unittest.main()
