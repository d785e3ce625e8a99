#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make the pictures of this folder: ./dev pictures

A repository is generated, always the same, audited in a terminal, and its
report opened in chromium. Nothing in it is anybody's.
"""

import html
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path.insert(0, str(TOP / "tests" / "lib"))
import browser  # noqa: E402
import repo  # noqa: E402
import terminal  # noqa: E402
import tokens  # noqa: E402

PEOPLE = ["Ada Nowak", "Jonas Lind", "Mei Tanaka", "Priya Raman", "Tom Ibsen"]
FOLDERS = ["deploy/prod", "deploy/staging", "src/api", "src/web", "terraform",
           "scripts"]
COMMITS = 60
COLUMNS = 106
# What escape sequences mean, as colours that are read well on black.
STYLES = {1: "font-weight: bold", 2: "color: #9aa4b2", 31: "color: #ff8b84",
          32: "color: #7ddba0", 33: "color: #f2c26b"}
SCREEN = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px 24px; background: #0e1116; color: #e8ebf0 }}
pre {{ margin: 0; font: 15px/1.4 "DejaVu Sans Mono", monospace }}
</style><pre><b>$</b> keysieve audit
{}</pre>"""


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


def leak(folder):
    """A small one, of which all fits a screen."""
    made = repo.Repo(folder)
    drawn = tokens.Tokens(4)
    key, token = drawn.aws(), drawn.github()
    made.write("deploy/settings.py",
               f"KEY = '{key}'\nTOKEN = '{token}'\n")
    made.commit("Add settings for production", GIT_AUTHOR_NAME="Ada Nowak")
    made.write("deploy/settings.py", f"TOKEN = '{token}'\n")
    made.commit("Take the key out again", GIT_AUTHOR_NAME="Jonas Lind",
                GIT_AUTHOR_DATE="2026-02-03T09:00:00+0000")
    return made


def coloured(screen):
    """The text of a terminal as HTML."""
    text, styles = "", set()
    for part in re.split(r"(\x1b\[[0-9;]*m|\x1b\(B)", screen):
        if part.startswith("\x1b["):
            for code in map(int, part[2:-1].split(";")):
                styles = styles | {code} if code in STYLES else set()
        elif not part.startswith("\x1b"):
            style = "; ".join(STYLES[code] for code in sorted(styles))
            text += f'<span style="{style}">{html.escape(part)}</span>'
    return text


def picture_terminal(page, program, folder):
    """Height is that of the text: there is nothing below."""
    made = leak(folder / "leak")
    screen = terminal.Terminal(folder, COLUMNS).show(
        [program, "audit"], made.path,
        {**made.environment, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
        True)
    screen = re.sub(r"\d+\.\d+ s\b", "0.0 s",
                    screen[:screen.index("status")]).rstrip("\n")
    (folder / "screen.html").write_text(SCREEN.format(coloured(screen)))
    page.resize(1006, 100)
    page.emulate()
    page.open(folder / "screen.html")
    page.picture(HERE / "terminal.png")


def main():
    program = os.path.abspath(
        os.environ.get("KEYSIEVE", TOP / "build" / "keysieve"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        generate(folder / "shop")
        subprocess.run([program, "audit", "shop", "-q",
                        "--format=html", "--output=page.html"],
                       cwd=folder, check=False)
        with browser.Browser() as page:
            picture_terminal(page, program, folder)
            page.resize(1200, 1440)
            for scheme in ("light", "dark"):
                page.emulate(scheme=scheme)
                page.open(folder / "page.html")
                page.picture(HERE / f"report-{scheme}.png", whole=False)


if __name__ == "__main__":
    main()
