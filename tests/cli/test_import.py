#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What other tools were told, told to keysieve."""

import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

GITLEAKS = r"""
title = "made up"
[extend]
useDefault = true
[[rules]]
id = "acme_key"
description = "A key of Acme"
regex = '''(?i)[\w.-]{0,50}?(?:acme)_key=(ac[0-9a-z]{20})'''
entropy = 2.5
keywords = ["acme"]
tags = ["a", "b"]
  [[rules.allowlists]]
  stopwords = ["notreal"]
  paths = ['''(^|/)docs/''']
  [[rules.allowlists]]
  condition = "AND"
  regexTarget = "line"
  regexes = ['''# for tests$''']
  paths = ['''\.txt$''']
[[rules]]
id = "github-pat"
regex = '''zmce-([0-9]{4})-([0-9a-z]{20})'''
secretGroup = 2
path = '''\.env$'''
keywords = ["elsewhere"]
[[rules]]
id = "files"
path = '''\.p12$'''
[[rules]]
id = "slow"
regex = '''[a-z]{0,9}[0-9]{20,}'''
[allowlist]
description = "all of these"
commits = ["0123456789012345678901234567890123456789"]
paths = ['''^vendor/''']
"""

KINGFISHER = r"""
rules:
  - name: A key of Acme
    id: kingfisher.acme.1
    pattern: |
      (?xi)
      \b
      acme
      (?:.|[\n\r]){0,8}?
      \b
      (?P<TOKEN>             # what is reported
        ac[0-9a-z]{20}
      )
      \b
    pattern_requirements:
      ignore_if_contains: ["notreal"]
      min_digits: 2
    min_entropy: 2.5
    confidence: high
    examples: ["acme = x"]
    references:
      - https://example.com/acme
    validation:
      type: Http
"""


class Import(program.ProgramCase):
    """Into a configuration that does what the other did."""

    @classmethod
    def setUpClass(cls):
        # Rules take seconds to compile: the tests share what they have.
        cls.cache = tempfile.mkdtemp(prefix="keysieve-test-")
        cls.addClassCleanup(shutil.rmtree, cls.cache)

    def setUp(self):
        super().setUp()
        self.environment["XDG_CACHE_HOME"] = self.cache
        self.r = self.repo()
        self.key = self.tokens.keep(
            "ac" + self.tokens.draw("0123456789abcdefghijklmnopqrstuvwxyz",
                                    20))

    def convert(self, name, text, status=program.CLEAN):
        """Import it; what is said, and the configuration's path."""
        source = self.folder / name
        source.write_text(text)
        config = self.folder / "imported.yaml"
        run = self.run_program("rules", "import", source, "--output", config,
                               status=status)
        return run.err, config

    def finds(self, config, name, line):
        """The rules that find something in this line of this file."""
        self.r.write(name, line + "\n")
        report = self.run_program(
            "scan", self.r.path, "--config", config, "--format=json").json()
        (self.r.path / name).unlink()
        return {finding["rule"] for finding in report["findings"]
                if not finding["rule"].startswith("generic-")}

    def test_gitleaks_rules_find(self):
        said, config = self.convert("gitleaks.toml", GITLEAKS)
        self.assertEqual(
            self.finds(config, "a.c", f"my_acme_key={self.key}"),
            {"acme-key"})
        self.assertEqual(self.finds(config, "a.c", "acme_key=ac" + "a" * 20),
                         set())
        self.assertIn("2 rules and ", said)
        self.assertIn("2 not carried over", said)

    def test_gitleaks_allowlists_allow(self):
        _, config = self.convert("gitleaks.toml", GITLEAKS)
        line = f"my_acme_key={self.key}"
        for name in "docs/a.c", "x/docs/a.c", "vendor/a.c":
            self.assertEqual(self.finds(config, name, line), set(), name)
        self.assertEqual(self.finds(config, "a.txt", line + " # for tests"),
                         set())
        for name, more in (("a.c", " # for tests"), ("a.txt", ""),
                           ("x/vendor/a.c", "")):
            self.assertEqual(self.finds(config, name, line + more),
                             {"acme-key"}, name)
        self.assertEqual(
            self.finds(config, "a.c", f"acme_key=acnotreal{self.key[:13]}"),
            set())

    def test_of_gitleaks_secret_group_and_path(self):
        _, config = self.convert("gitleaks.toml", GITLEAKS)
        line = f"zmce-1234-{self.key[:20]}"
        self.assertEqual(self.finds(config, "a.txt", line), set())
        self.r.write("a.env", line + "\n")
        found = self.found("scan", self.r.path, "--config", config)
        self.assertEqual(found[self.key[:20]]["rule"], "imported-github-pat")

    def test_what_is_lost_of_gitleaks_is_told(self):
        said, _ = self.convert("gitleaks.toml", GITLEAKS)
        for line in ("extend.useDefault: keysieve's own rules",
                     "acme_key: is called 'acme-key' here",
                     "github-pat: is called 'imported-github-pat' here",
                     "github-pat: its keywords are not in its pattern",
                     "files: not carried over: a rule for paths alone",
                     "slow: not carried over, the pattern cannot be used"):
            self.assertIn(line, said)
        self.assertNotIn("acme_key: its keywords", said)

    def test_rules_alone_are_for_the_option_of_rules(self):
        _, config = self.convert("rules.toml", GITLEAKS.partition(
            "  [[rules.allowlists]]")[0])
        run = self.run_program("rules", "test", config, status=program.CLEAN)
        self.assertIn("1 rules, 0 samples, 0 problems", run.out)
        self.r.write("a", f"acme_key={self.key}\n")
        self.scan(self.r.path, "--rules", config, "--only=acme-key",
                  status=program.FOUND)

    def test_of_gitleaks_what_is_to_be_ignored(self):
        commit = self.r.add("a b.env", f"token = {self.tokens.github()}\n")
        self.r.add("c.env", f"token = {self.tokens.github()}\n")
        said, config = self.convert(
            ".gitleaksignore", f"# known\n{commit}:a b.env:github-pat:1\n"
            "c*.env:their-rule:1\nnonsense\n")
        self.assertIn("nonsense: not carried over", said)
        self.assertIn("2 entries of what may stand; 1 not", said)
        report = self.audit(self.r.path, "--config", config, "--format=json",
                            status=program.FOUND).json()
        self.assertEqual([one["path"] for one in report["findings"]],
                         ["c.env"])

    def test_kingfisher_and_nosey_parker(self):
        said, config = self.convert("acme.yml", KINGFISHER)
        self.assertIn("kingfisher.acme.1: not carried over: min_digits, "
                      "validation", said)
        self.assertEqual(self.finds(config, "a", f"ACME = {self.key}"),
                         {"kingfisher-acme-1"})
        self.assertEqual(
            self.finds(config, "a", f"ACME = acNotReal{self.key[:13]}"),
            set())
        run = self.run_program("rules", "show", "--rules", config,
                               "kingfisher-acme-1", status=program.CLEAN)
        self.assertIn("https://example.com/acme", run.out)

    def test_mistakes_are_told(self):
        for name, text, message in (
                ("a.toml", "[[rules]]\nid = x", "a.toml:2: not valid TOML"),
                ("a.yaml", "- x", "a.yaml:1: expected 'rules:'"),
                ("a.txt", "", "is nothing that can be imported")):
            said, config = self.convert(name, text, status=program.FAILED)
            self.assertIn(message, said)
            self.assertFalse(config.exists())


if __name__ == "__main__":
    program.main()
