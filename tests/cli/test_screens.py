#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a person sees in a terminal, whole screens, in tests/cli/screens.

KEYSIEVE_UPDATE=1 writes them anew; look at them before they are committed.
"""

import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402
import terminal  # noqa: E402

SCREENS = pathlib.Path(__file__).resolve().parent / "screens"


class Screens(program.ProgramCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.work = self.repo("shop")
        secret = self.tokens.github()
        self.work.add("README", "hello\n")
        self.work.add("deploy/production/settings.py",
                      f"KEY = '{self.tokens.aws()}'\nTOKEN = '{secret}'\n",
                      "Add settings for the production servers")
        self.work.add("deploy/production/settings.py",
                      f"TOKEN = '{secret}'\n", "Take the key out again")

    def same(self, name, words, columns=80, colours=False, **environment):
        screen = terminal.Terminal(self.folder, columns).show(
            [os.path.abspath(program.PROGRAM), *words], self.work.path,
            {**self.environment, "TERM": "xterm-256color",
             "LC_ALL": "C.UTF-8", **environment}, colours)
        if screen is None:
            self.skipTest("tmux cannot open a terminal here")
        # How long it took is not the same twice.
        screen = re.sub(r"\d+\.\d+ s\b", "0.0 s", screen)
        screen = screen.rstrip("\n").replace("\x1b", "^[") + "\n"
        for token in self.tokens.made:
            self.assertNotIn(token, screen)
        if not colours:
            self.assertNotIn("^[", screen)
        for line in screen.splitlines():
            plain = re.sub(r"\^\[\[[0-9;]*m|\^\[\(B", "", line)
            self.assertLessEqual(len(plain), columns)
        file = SCREENS / f"{name}.txt"
        if os.environ.get("KEYSIEVE_UPDATE"):
            file.write_text(screen)
        self.assertEqual(screen, file.read_text())

    def test_findings_in_80_columns(self):
        self.same("audit-80", ["audit"])

    def test_findings_in_160_columns(self):
        self.same("audit-160", ["audit"], columns=160)

    def test_colours(self):
        self.same("audit-colours", ["audit"], colours=True)

    def test_no_colours_where_they_are_not_wanted(self):
        for name, value in (("NO_COLOR", "1"), ("CLICOLOR", "0"),
                            ("TERM", "dumb")):
            self.same("audit-plain", ["audit"], colours=True,
                      **{name: value})

    def test_nothing_found(self):
        self.same("audit-clean", ["audit", "--only=slack-bot-token"])

    def test_what_was_left_out_and_why(self):
        name = self.work.git("rev-parse",
                             "HEAD:deploy/production/settings.py")
        file = self.work.path / ".git/objects" / name[:2] / name[2:]
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-4] + b"lost")
        self.same("audit-damaged", ["audit"])

    def test_explained(self):
        self.same("explain", ["explain", "deploy/production/settings.py:1"])

    def test_a_wrong_word(self):
        self.same("wrong-word", ["audti"])

    def test_help(self):
        self.same("help", ["--help"])


def main():
    if not terminal.TMUX:
        sys.exit(77)  # meson: skipped
    program.main()


if __name__ == "__main__":
    main()
