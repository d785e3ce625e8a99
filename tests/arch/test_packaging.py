#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is packaged is what is built: versions, and what both need."""

import pathlib
import re
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
DEBIAN = TOP / ".packaging" / "debian"
# Part of what every package is built with.
ESSENTIAL = {"ninja-build", "gcc", "g++", "make", "libc6-dev"}


def first(pattern, path):
    return re.search(pattern, path.read_text(), re.M | re.S).group(1)


class Packaging(unittest.TestCase):
    def test_versions_are_one(self):
        version = first(r"^  version: '([^']+)'", TOP / "meson.build")
        self.assertEqual(first(r"^keysieve \(([^)]+)\)",
                               DEBIAN / "changelog"), version)

    def test_builds_with_what_dev_installs(self):
        needed = set(re.findall(r"[\w.+-]+", first(
            r"^build_packages=\(([^)]+)\)", TOP / "dev")))
        fields = first(r"^Build-Depends:\n((?: [^\n]+\n)+)",
                       DEBIAN / "control")
        named = set(re.findall(r"^ ([\w.+-]+)", fields, re.M))
        self.assertEqual(named - {"debhelper-compat"}, needed - ESSENTIAL)

    def test_recommends_what_is_loaded_at_need(self):
        """Each library that is opened by name: lib/NAME.so -> -lNAME."""
        loaded = set()
        for path in (TOP / "src").rglob("*.c"):
            loaded |= set(re.findall(r'"lib([\w-]+)\.so', path.read_text()))
        named = first(r"^LOADED = ([^\n]+)", DEBIAN / "rules")
        self.assertEqual(set(re.findall(r"-l(\S+)", named)),
                         loaded - {"curl"})


if __name__ == "__main__":
    unittest.main()
