# SPDX-License-Identifier: Apache-2.0
"""Programs with so many of the built-in rules, to be measured."""

import pathlib
import re
import shutil
import subprocess

import measure

TOP = pathlib.Path(__file__).resolve().parents[2]
FEW, MANY = 100, 1000
SOURCES = ("docs", "include", "src", "presets", "meson.build", "meson_options.txt")


def rules_of(folder):
    """The text of each rule, and its id."""
    for path in sorted(folder.glob("*.yaml")):
        for text in re.split(r"^(?=- id:)", path.read_text(), flags=re.M):
            if text.startswith("- id:"):
                yield text.split()[2], text


def some_rules(count):
    """${count} of the built-in rules, evenly, of those without links."""
    rules = list(rules_of(TOP / "patterns"))
    linked = re.compile(r"^  (?:near|pairs_with):", re.M)
    targets = set(re.findall(r"(?:near|pairs_with): *{id: *([\w-]+)",
                             "".join(text for _, text in rules)))
    alone = [text for rule, text in rules
             if not linked.search(text) and rule not in targets]
    return "".join(alone[i * len(alone) // count] for i in range(count))


def build(folder, count, environment):
    """keysieve as it is, but with ${count} rules."""
    source = folder / str(count)
    source.mkdir()
    for name in SOURCES:
        copy = (shutil.copytree if (TOP / name).is_dir() else shutil.copy)
        copy(TOP / name, source / name)
    (source / "patterns").mkdir()
    (source / "patterns/some.yaml").write_text(some_rules(count))
    for words in (["meson", "setup", "build", "--native-file",
                   "presets/release.ini"], ["ninja", "-C", "build"]):
        done = subprocess.run(words, cwd=source, env=environment, check=False,
                              stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise measure.Failed(f"{words}: {done.stdout}")
    return str(source / "build/src/cli/keysieve")


def prepare(folder, environment):
    """A program with few rules, and one with many."""
    return [build(folder, count, environment) for count in (FEW, MANY)]
