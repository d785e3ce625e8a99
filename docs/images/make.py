#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make the pictures of this folder: ./dev pictures

A repository is generated, always the same, audited, and its report opened in
chromium. Nothing in it is anybody's.
"""

import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path.insert(0, str(TOP / "tests" / "lib"))
import browser  # noqa: E402
import repo  # noqa: E402
import tokens  # noqa: E402

PEOPLE = ["Ada Nowak", "Jonas Lind", "Mei Tanaka", "Priya Raman", "Tom Ibsen"]
FOLDERS = ["deploy/prod", "deploy/staging", "src/api", "src/web", "terraform",
           "scripts"]
COMMITS = 60


def line(dice, drawn):
    """A line of a file with a secret of some kind."""
    kind = dice.randrange(5)
    if kind == 0:
        return (f"AWS_ACCESS_KEY_ID={drawn.aws()}\n"
                f"AWS_SECRET_ACCESS_KEY={drawn.aws_secret()}\n")
    if kind == 1:
        return f'github_token = "{drawn.github()}"\n'
    if kind == 2:
        return ("slack_token: xoxb-" + drawn.draw("0123456789", 12) + "-"
                + drawn.draw("0123456789", 13) + "-"
                + drawn.draw(ALPHABET, 24) + "\n")
    if kind == 3:
        return "stripe_key = sk_" + "live_" + drawn.draw(ALPHABET, 24) + "\n"
    return f'db_password = "{drawn.draw(ALPHABET, 14)}"\n'


ALPHABET = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            "abcdefghijklmnopqrstuvwxyz0123456789")


def generate(folder):
    made = repo.Repo(folder)
    dice = random.Random(4)
    drawn = tokens.Tokens(4)
    for i in range(COMMITS):
        who = dice.choice(PEOPLE)
        when = (f"20{23 + i // 24}-{i // 2 % 12 + 1:02}-"
                f"{dice.randint(1, 28):02}T10:00:00+0000")
        name = f"{dice.choice(FOLDERS)}/settings{dice.randint(1, 30)}.env"
        made.write(name, "# settings\n" + line(dice, drawn))
        if dice.random() < 0.6:
            # And somebody thinks that taking it out is enough.
            made.commit(f"Add {name}", GIT_AUTHOR_NAME=who,
                        GIT_AUTHOR_DATE=when)
            made.write(name, "# settings\n")
        made.commit(f"Change {name}", GIT_AUTHOR_NAME=who,
                    GIT_AUTHOR_DATE=when)


def main():
    program = os.environ.get("KEYSIEVE", TOP / "build" / "keysieve")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        generate(folder / "shop")
        subprocess.run([os.path.abspath(program), "audit", "shop", "-q",
                        "--format=html", "--output=page.html"],
                       cwd=folder, check=False)
        with browser.Browser() as page:
            page.resize(1200, 1180)
            for scheme in ("light", "dark"):
                page.emulate(scheme=scheme)
                page.open(folder / "page.html")
                page.picture(HERE / f"report-{scheme}.png", whole=False)


if __name__ == "__main__":
    main()
