#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is packaged is what is built: versions, and what both need."""

import fnmatch
import json
import os
import pathlib
import re
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
DEBIAN = TOP / ".packaging" / "debian"
BUILD = pathlib.Path(os.environ["KEYSIEVE_BUILD"])
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

    def test_takes_all_that_is_installed(self):
        plan = json.loads((BUILD / "meson-info/intro-installed.json")
                          .read_text())
        options = {item["name"]: item["value"] for item in json.loads(
            (BUILD / "meson-info/intro-buildoptions.json").read_text())}
        # Where libraries go without dpkg-dev is not where Debian has them.
        places = [pathlib.Path("usr", re.sub(
            rf"^{re.escape(options['libdir'])}/", "lib/TRIPLET/",
            str(pathlib.Path(place).relative_to(options["prefix"]))))
                  for place in plan.values()]
        self.assertGreater(len(places), 5)
        taken = [line.split()[0] for path in DEBIAN.glob("*.install")
                 for line in path.read_text().splitlines()]
        self.assertEqual([str(place) for place in places if not any(
            fnmatch.fnmatch(str(part), pattern) for pattern in taken
            for part in (place, *place.parents))], [],
            "in no .packaging/debian/*.install")


if __name__ == "__main__":
    unittest.main()
