#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the user, and the cache of what was compiled of them."""

import pathlib
import os
import re
import sys
import textwrap
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

RULE = r"""
- id: own-key
  name: our own key
  pattern: '\bown_(?<secret>[a-z0-9]{20})\b'
  confidence: 0.9
  match: ['own_{{[a-z0-9]{20}}}', 'x = own_{{[a-z0-9]{20}}}']
  no_match: ['own_key', 'own_{{[A-Z]{20}}}']
"""


class Rules(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.rules = self.folder / "own.yaml"
        self.rules.write_text(RULE)
        self.secret = self.tokens.keep(
            self.tokens.draw("abcdefghijklmnopqrstuvwxyz0123456789", 20))
        self.text = f"x = own_{self.secret}\n".encode()
        self.cache = self.folder / ".cache" / "keysieve"

    def scan_own(self, *words, status=program.FOUND, **options):
        run = self.scan("-", "--rules", self.rules, "--format=jsonl", *words,
                        give=self.text, status=status, **options)
        if status == program.FOUND:
            self.assertEqual([f["rule"] for f in run.lines()], ["own-key"])
        return run

    def check_refused(self, rules, *parts):
        self.rules.write_text(rules)
        run = self.scan_own(status=program.FAILED)
        self.assertEqual(len(run.err.splitlines()), 1, run.err)
        for part in ("own.yaml", *parts):
            self.assertIn(part, run.err)

    def test_added_to_the_built_in_ones(self):
        self.scan_own()
        secret = self.tokens.github()
        run = self.scan("-", "--rules", self.rules, "--format=jsonl",
                        give=f"t {secret}\n".encode(), status=program.FOUND)
        self.assertEqual([f["rule"] for f in run.lines()], ["github-pat"])

    def test_linked_with_a_built_in_rule(self):
        """Also where only the file is loaded, to be tested."""
        self.rules.write_text(
            RULE + "  pairs_with: {id: aws-access-key, within_lines: 3}\n")
        run = self.run_program("rules", "test", self.rules,
                               status=program.CLEAN)
        self.assertIn("1 rules, 4 samples, 0 problems", run.out)
        key = self.tokens.aws()
        self.text = f"own_{self.secret}\n{key}\n".encode()
        found = self.found("scan", "-", "--rules", self.rules,
                           give=self.text)
        self.assertEqual(found[self.secret]["pair"],
                         found[key]["fingerprint"])

    def test_the_manual_s_examples_find_their_samples(self):
        manual = pathlib.Path(__file__).parents[2] / "docs" / "rules.md"
        text = manual.read_text()
        text = text[text.index("## Five rules"):]
        examples = re.findall(r"(?:^    .*\n)+",
                              text[:text.index("\n## ")], re.M)
        self.assertEqual(len(examples), 5)
        for example in examples:
            self.rules.write_text(textwrap.dedent(example))
            run = self.run_program("rules", "test", self.rules,
                                   status=program.CLEAN)
            self.assertIn(", 0 problems", run.out)
            self.assertNotIn(" 0 samples", run.out)

    def test_tried_on_a_text(self):
        """What matched, what was filtered and why, what did not match."""
        self.rules.write_text(RULE + RULE.replace("own", "other")
                              + "  entropy: 3.9\n")
        text = (f"a\nb = own_{self.secret}\n"
                f"other_{'ab' * 10}\n").encode()
        run = self.run_program("rules", "test", self.rules, "--text", "-",
                               give=text)
        self.assertRegex(run.out, r"own-key \(our own key\): \S+, line 2, "
                         r"column 9\n  length +20 bytes\n  entropy .*\n"
                         r"  verdict .*\n  confidence .*\n  => a secret\n")
        self.assertRegex(run.out, r"other-key \(our other key\): \S+, line 3"
                         r"(.*\n){4}  => no secret\n")
        run = self.run_program("rules", "test", self.rules, "--text", "-",
                               give=b"hello\n")
        self.assertIn("own-key (our own key): matches nothing", run.out)
        file = self.folder / "text"
        file.write_text(f"t = {self.tokens.github()}\n")
        run = self.run_program("rules", "test", "--text", file)
        self.assertIn("github-pat", run.out)
        self.run_program("rules", "test", self.rules, "--text", "nowhere",
                         status=program.FAILED)

    def test_from_a_folder(self):
        folder = self.folder / "rules"
        folder.mkdir()
        self.rules.rename(folder / "a.yaml")
        (folder / "notes.txt").write_text("no rule")
        self.rules = folder
        self.scan_own()

    def test_listed_and_tested(self):
        run = self.run_program("rules", "list", "--rules", self.rules,
                               status=program.CLEAN)
        self.assertIn("our own key (added)", run.out)
        run = self.run_program("rules", "show", "own-key", "-r", self.rules,
                               status=program.CLEAN)
        for line in ("origin      added", "match       own_{{[a-z0-9]{20}}}",
                     "no match    own_key"):
            self.assertIn("\n" + line, run.out)
        run = self.run_program("rules", "test", self.rules,
                               status=program.CLEAN)
        self.assertIn("1 rules, 4 samples, 0 problems", run.out)
        self.rules.write_text(RULE.replace("'own_key'", "'own_key', "
                                           "'own_{{[a-z]{20}}}'"))
        run = self.run_program("rules", "test", self.rules,
                               status=program.FOUND)
        self.assertIn("own-key", run.out)

    def test_shown_in_lines_that_are_not_obeyed(self):
        self.rules.write_text(RULE.replace(
            "name: our own key", r'name: "a\eb\tc"').replace(
            "match: ['own_{{", 'match: ["a\\nown_{{[a-z0-9]{20}}}", \'own_{{'))
        run = self.run_program("rules", "show", "own-key", "-r", self.rules,
                               status=program.CLEAN)
        self.assertIn("\nname        a\\x1Bb\\x09c\n", run.out)
        self.assertIn("\nmatch       a\\nown_{{[a-z0-9]{20}}}\n", run.out)

    def test_broken_pattern(self):
        self.check_refused(RULE.replace("{20})\\b", "{20}\\b", 1), "own-key")

    def test_pattern_that_matches_the_empty_string(self):
        self.check_refused(RULE.replace("[a-z0-9]{20})\\b", "[a-z0-9]*)\\b"),
                           "empty")

    def test_pattern_without_the_group(self):
        self.check_refused(RULE.replace("?<secret>", ""), "secret")

    def test_files_that_are_no_rules(self):
        for text in ("{", "- id: x", "just text", "- - -", "\0\1\2",
                     "- id: own-key\n  unknown: 1\n", "&a [*a]",
                     RULE + RULE, "- {id: github-pat, name: x, pattern: "
                     "'x(?<secret>y)', confidence: 1, match: [xy, xy], "
                     "no_match: [a, b]}"):
            with self.subTest(text[:20]):
                self.rules.write_text(text)
                run = self.scan_own(status=program.FAILED)
                self.assertIn("own.yaml", run.err)

    def test_missing_file(self):
        run = self.scan("-", "--rules", "nowhere.yaml",
                        status=program.FAILED)
        self.assertIn("nowhere.yaml", run.err)

    def test_catastrophic_backtracking_ends(self):
        self.rules.write_text(
            RULE.replace("own_(?<secret>[a-z0-9]{20})\\b",
                         "own_(?<secret>(?:a+)+)(?=[!])")
            .replace("own_{{[a-z0-9]{20}}}", "own_{{[a]{20}}}!"))
        started = time.monotonic()
        run = self.scan("-", "--rules", self.rules, "--format=json",
                        "--only=own-key",
                        give=b"own_" + b"a" * 5000 + b"\n",
                        status=program.INCOMPLETE)
        self.assertLess(time.monotonic() - started, 30)
        self.assertEqual(run.json()["coverage"]["skips"]["limit"], 1)
        self.assertIn("own-key", run.json()["skipped"][0]["detail"])

    def test_cache_is_made_and_used(self):
        self.scan_own()
        made, = self.cache.iterdir()
        before = made.stat().st_mtime_ns
        self.scan_own()
        self.assertEqual(made.stat().st_mtime_ns, before)
        self.assertEqual(made.stat().st_mode & 0o077, 0)

    def test_damaged_cache(self):
        self.scan_own()
        made, = self.cache.iterdir()
        whole = made.read_bytes()
        half = len(whole) // 2
        for content in (b"", whole[:half], whole[:-1], b"\0" * len(whole),
                        whole[:half] + b"\xff" + whole[half + 1:]):
            made.write_bytes(content)
            self.scan_own()

    def test_no_cache_folder(self):
        self.scan_own(HOME="/nonexistent")
        self.scan_own(HOME="")
        del self.environment["HOME"]
        self.scan_own()
        (self.folder / "file").write_text("x")
        self.scan_own(XDG_CACHE_HOME=str(self.folder / "file"))
        self.scan_own(XDG_CACHE_HOME="/dev/full")
        self.scan_own(XDG_CACHE_HOME="relative")
        self.assertFalse((self.folder / "relative").exists())

    def test_cache_folder_that_others_may_write_is_not_trusted(self):
        self.cache.mkdir(parents=True)
        os.chmod(self.cache, 0o777)
        self.scan_own()
        self.assertEqual(list(self.cache.iterdir()), [])


if __name__ == "__main__":
    program.main()
