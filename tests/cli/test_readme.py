#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What README.md says to type works as it stands there.

The commands that install or build (./dev, docker, meson) are tried where there
is a whole machine for them: ./dev package --test, and a clean chroot.
"""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402
from program import CLEAN, FOUND  # noqa: E402

TOP = pathlib.Path(__file__).resolve().parents[2]

# What a reader puts his own in for. Of the rest a file of that name is there.
OWN = {"FILE:LINE": "FILE:1", "/srv/git": "git", "github:acme": ""}

# All others end with 0.
STATUS = {"audit REPO": FOUND, "scan FILE": FOUND, "--format json": FOUND,
          "-f html": FOUND, "org scan": FOUND}


def commands():
    """The lines of README.md that call the program, without comments."""
    for line in (TOP / "README.md").read_text().splitlines():
        if line.startswith("    build/keysieve "):
            yield re.sub(r"\s+#.*", "", line.strip())


class Readme(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "here"
        self.work.mkdir()
        (self.work / "build").mkdir()
        (self.work / "build/keysieve").symlink_to(
            os.path.abspath(program.PROGRAM))
        secret = f"KEY = '{self.tokens.aws()}'\n"
        self.repo("here").add("FILE", secret)
        self.repo("here/REPO").add("key.py", secret)
        self.repo("here/git/one.git").add("other.py", secret)
        (self.work / "FOLDER").mkdir()
        (self.work / "repos.txt").write_text("REPO\n")
        (self.work / "my-rules.yaml").write_text(
            "rules:\n"
            "- id: acme\n"
            "  name: Acme token\n"
            "  pattern: '(?<secret>acme_[a-z0-9]{20})'\n"
            "  confidence: 0.9\n")
        (self.work / ".gitleaks.toml").write_text(
            "[[rules]]\nid = 'acme'\nregex = '''acme_[a-z0-9]{20}'''\n")

    def status_of(self, command):
        for part, status in STATUS.items():
            if f"keysieve {part}" in command or f"audit {part}" in command:
                return status
        return CLEAN

    def test_each_command(self):
        seen = 0
        for command in commands():
            if "man -l" in command and not os.path.exists("/usr/bin/man"):
                continue
            for word, own in OWN.items():
                command = command.replace(word, own)
            done = subprocess.run(
                ["bash", "-o", "pipefail", "-c", command], cwd=self.work,
                env={**self.environment, "MANPAGER": "cat"}, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE)
            run = program.Run(done.returncode, done.stdout, done.stderr)
            self.check(run, wants_keysieve=False)
            self.assertEqual(run.status, self.status_of(command),
                             f"{command}: {run.out}{run.err}")
            seen += 1
        self.assertGreater(seen, 10)


if __name__ == "__main__":
    program.main()
