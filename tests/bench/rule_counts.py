# SPDX-License-Identifier: Apache-2.0
"""Programs and rule files with so many rules, to be measured."""

import pathlib
import re
import shutil
import subprocess

import generate
import measure

TOP = pathlib.Path(__file__).resolve().parents[2]
FEW, MANY = 100, 1000
SOURCES = ("include", "src", "presets", "meson.build", "meson_options.txt")


def rules_of(folder):
    """The text of each rule, and its id."""
    for path in sorted(folder.glob("*.yaml")):
        for text in re.split(r"^(?=- id:)", path.read_text(), flags=re.M):
            if text.startswith("- id:"):
                yield text.split()[2], text


def few_rules(count):
    """${count} of the built-in rules, evenly, of those without links."""
    rules = list(rules_of(TOP / "patterns"))
    linked = re.compile(r"^  (?:near|pairs_with):", re.M)
    targets = set(re.findall(r"(?:near|pairs_with): *{id: *([\w-]+)",
                             "".join(text for _, text in rules)))
    alone = [text for rule, text in rules
             if not linked.search(text) and rule not in targets]
    return "".join(alone[i * len(alone) // count] for i in range(count))


def build_few(folder, environment):
    """keysieve as it is, but for its built-in rules."""
    source = folder / "few"
    source.mkdir()
    for name in SOURCES:
        copy = (shutil.copytree if (TOP / name).is_dir() else shutil.copy)
        copy(TOP / name, source / name)
    (source / "patterns").mkdir()
    (source / "patterns/few.yaml").write_text(few_rules(FEW))
    for words in (["meson", "setup", "build", "--native-file",
                   "presets/release.ini"], ["ninja", "-C", "build"]):
        done = subprocess.run(words, cwd=source, env=environment, check=False,
                              stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise measure.Failed(f"{words}: {done.stdout}")
    return str(source / "build/src/cli/keysieve")


def prepare(program, folder, environment):
    """A program with few rules; a file that makes ${program} have many."""
    listed = subprocess.run([program, "rules", "list"], env=environment,
                            check=True, stdout=subprocess.PIPE, text=True)
    many = folder / "many.yaml"
    generate.rules(many, max(1, MANY - len(listed.stdout.splitlines())))
    return build_few(folder, environment), many
