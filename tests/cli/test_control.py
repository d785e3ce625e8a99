#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What may stand: who may say so, and what the report tells of it."""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class ControlCase(program.ProgramCase):
    """A clone of one's own with a secret or two."""

    def setUp(self):
        super().setUp()
        self.r = self.repo()
        self.secret = self.tokens.github()

    def json(self, *words, command="audit", target=None, status=None,
             **options):
        """What --format json says."""
        run = self.run_program(command, target or self.r.path,
                               "--format=json", *words, status=status,
                               **options)
        return run.json()

    def suppressed(self, *words, **options):
        """The counts of what is not reported that are not zero."""
        return {name: count for name, count
                in self.json(*words, **options)["suppressed"].items()
                if count}


class Markers(ControlCase):
    """Beside the secret, in a comment."""

    def mark(self, marker):
        self.r.add("a.env", f"token = {self.secret}  # {marker}\n")

    def test_a_marker_lets_a_secret_stand(self):
        self.mark("keysieve:allow")
        for engine in "fast", "reference":
            with self.subTest(engine=engine):
                self.assertEqual(
                    self.suppressed(f"--engine={engine}",
                                    status=program.CLEAN), {"inline": 1})

    def test_the_summary_tells_of_it(self):
        self.mark("keysieve:allow")
        run = self.audit(self.r.path, status=program.CLEAN)
        self.assertIn("1 secret: 1 by markers beside them", run.out)
        run = self.audit(self.r.path, "--format=jsonl", status=program.CLEAN)
        self.assertIn("0 secrets found, 1 more allowed", run.err)

    def test_markers_of_other_tools_do_too(self):
        self.mark("gitleaks:allow")
        self.assertEqual(self.suppressed(status=program.CLEAN),
                         {"inline": 1})

    def test_for_another_rule_it_does_not(self):
        self.mark("keysieve:allow aws-access-key")
        self.assertEqual(self.suppressed(status=program.FOUND), {})

    def test_for_its_rule_it_does(self):
        self.mark("keysieve:allow github-pat -- an old one")
        self.assertEqual(self.suppressed(status=program.CLEAN),
                         {"inline": 1})

    def test_each_place_needs_its_own(self):
        self.r.add("a.env", f"token = {self.secret}\n")
        self.mark("keysieve:allow")
        report = self.json("--occurrences", status=program.FOUND)
        [finding] = report["findings"]
        self.assertEqual(finding["occurrence_count"], 1)
        self.assertFalse(finding["in_head"])
        self.assertEqual(report["suppressed"]["occurrences"], 1)

    def test_in_utf_16(self):
        self.r.add("a.txt", f"token = {self.secret} # keysieve:allow\r\n"
                   .encode("utf-16"))
        self.assertEqual(self.suppressed(status=program.CLEAN),
                         {"inline": 1})

    def test_of_a_file(self):
        self.mark("keysieve:allow")
        self.assertEqual(
            self.suppressed(command="scan", target=self.r.path / "a.env",
                            status=program.CLEAN), {"inline": 1})

    def test_of_standard_input(self):
        give = f"{self.secret} keysieve:allow\n".encode()
        self.assertEqual(
            self.suppressed(command="scan", target="-", give=give,
                            status=program.CLEAN), {"inline": 1})


class Configuration(ControlCase):
    """.keysieve.yaml at the top, or --config."""

    def setUp(self):
        super().setUp()
        self.line = f"token = {self.secret}\n"
        self.first = self.r.add("tests/a.env", self.line)

    def config(self, *lines):
        self.r.write(".keysieve.yaml", "".join(f"{line}\n" for line in lines))

    def check_allowed(self, entry):
        """This entry alone lets the secret stand."""
        self.config("allow:", f"- {entry}")
        self.assertEqual(self.suppressed(status=program.CLEAN),
                         {"config": 1}, entry)

    def check_reported(self, entry):
        self.config("allow:", f"- {entry}")
        report = self.json(status=program.FOUND)
        self.assertEqual(report["suppressed"]["config"], 0, entry)

    def test_by_each_condition(self):
        [finding] = self.json(status=program.FOUND)["findings"]
        for entry in ("rule: github-pat", "path: tests/",
                      "path: '*.env'", "path_pattern: '^tests/.*[.]env$'",
                      "pattern: '^ghp_'", "{pattern: '^token', on: line}",
                      f"fingerprint: {finding['fingerprint']}",
                      f"commit: {self.first[:10]}", "stopword: GHP_",
                      "{rule: github-pat, path: tests/*}"):
            with self.subTest(entry=entry):
                self.check_allowed(entry)

    def test_not_unless_all_conditions_hold(self):
        for entry in ("rule: aws-access-key", "path: src/",
                      "pattern: '^token'", "{pattern: '^ghp_', on: line}",
                      "fingerprint: 0123456789abcdef", "commit: 0123456",
                      "{rule: github-pat, path: src/}"):
            with self.subTest(entry=entry):
                self.check_reported(entry)

    def test_until_its_day(self):
        self.check_allowed("{path: tests/, until: 9999-12-31}")
        self.check_reported("{path: tests/, until: 2020-02-29}")
        report = self.json(status=program.FOUND)
        self.assertEqual(
            [(one["kind"], one["what"].rpartition("/")[2], one["detail"])
             for one in report["suppressed"]["notices"]],
            [("allow_expired", ".keysieve.yaml:2", "2020-02-29")])
        run = self.audit(self.r.path, status=program.FOUND)
        self.assertIn("1 entry of a configuration has run out", run.out)

    def test_entries_without_effect_are_told(self):
        self.config("allow:", "- fingerprint: 0123456789abcdef",
                    "- rule: no-such-rule", "- path: still/to/come")
        kinds = [one["kind"] for one
                 in self.json()["suppressed"]["notices"]]
        self.assertEqual(kinds, ["allow_unused", "allow_unknown_rule"])
        # Of a part of all it is not known.
        kinds = [one["kind"] for one in self.json(
            "--only=github-pat")["suppressed"]["notices"]]
        self.assertEqual(kinds, ["allow_unknown_rule"])

    def test_each_place_by_itself(self):
        self.r.add("src/b.env", self.line + "# more\n")
        self.config("allow:", "- path: tests/")
        report = self.json("--occurrences", status=program.FOUND)
        [finding] = report["findings"]
        self.assertEqual([place["path"] for place in finding["occurrences"]],
                         ["src/b.env"])
        self.assertEqual(report["suppressed"]["occurrences"], 1)

    def test_a_file_that_moved_is_two_places(self):
        (self.r.path / "src").mkdir()
        self.r.git("mv", "tests/a.env", "src/a.env")
        self.r.commit()
        for path, left in (("tests/", "src/a.env"), ("src/", "tests/a.env")):
            with self.subTest(path=path):
                self.config("allow:", f"- path: {path}")
                [finding] = self.json("--occurrences",
                                      status=program.FOUND)["findings"]
                self.assertEqual(
                    [place["path"] for place in finding["occurrences"]],
                    [left])

    def test_a_commit_stands_for_what_it_brought(self):
        """As in a diff: later versions of the file are not of later ones."""
        self.r.add("tests/a.env", "# a line above\n" + self.line)
        self.check_allowed(f"commit: {self.first}")
        self.check_reported(f"commit: {self.r.git('rev-parse', 'HEAD')}")

    def test_suppressed_findings_are_listed_on_demand(self):
        self.config("allow:", "- {path: tests/, reason: made up}")
        run = self.audit(self.r.path, "--show-suppressed",
                         status=program.CLEAN)
        self.assertRegex(run.out, r"tests/a.env:1  github-pat .* by "
                                  r"configuration: made up\n")
        report = self.json("--show-suppressed", status=program.CLEAN)
        self.assertEqual(report["findings"], [])
        [finding] = report["suppressed_findings"]
        self.assertEqual((finding["suppressed"], finding["reason"]),
                         ("config", "made up"))
        [line] = self.audit(self.r.path, "--show-suppressed",
                            "--format=jsonl", status=program.CLEAN).lines()
        self.assertEqual(line["suppressed"], "config")
        log = self.audit(self.r.path, "--show-suppressed", "--format=sarif",
                         status=program.CLEAN).json()
        [result] = log["runs"][0]["results"]
        self.assertEqual(result["suppressions"],
                         [{"kind": "external", "status": "accepted",
                           "justification": "made up"}])

    def test_confidence_of_a_rule(self):
        before = self.json(status=program.FOUND)["findings"][0]["confidence"]
        self.config("confidence:", "  github-pat: 0.5")
        after = self.json(status=program.FOUND)["findings"][0]["confidence"]
        self.assertLess(after, before)
        self.config("confidence:", "  no-such-rule: 0.01")
        run = self.audit(self.r.path, status=program.FAILED)
        self.assertIn(".keysieve.yaml:2: confidence: there is no rule "
                      "'no-such-rule'", run.err)

    def test_rules_may_be_added(self):
        self.r.add("c.txt", "our_" + "k3yOfTheHouse99\n")
        self.config("rules:", "- id: our-rule", "  name: Our own",
                    "  pattern: '(?<secret>our_[0-9A-Za-z]{15})'",
                    "  confidence: 0.9")
        rules = {finding["rule"] for finding
                 in self.json(status=program.FOUND)["findings"]}
        self.assertEqual(rules, {"github-pat", "our-rule"})
        # Never those of one who is not trusted.
        rules = {finding["rule"] for finding
                 in self.json("--no-trust-repo-config",
                              status=program.FOUND)["findings"]}
        self.assertEqual(rules, {"github-pat"})

    def test_what_is_wrong_is_said(self):
        self.config("allow:", "- pahts: tests/")
        run = self.audit(self.r.path, status=program.FAILED)
        self.assertIn(".keysieve.yaml:2: unknown field 'pahts'", run.err)

    def test_that_of_the_operator_counts_too(self):
        config = self.folder / "org.yaml"
        config.write_text("allow:\n- path: tests/\n")
        self.assertEqual(
            self.suppressed("--config", config, "--no-trust-repo-config",
                            status=program.CLEAN), {"config": 1})

    def test_of_a_folder_that_is_scanned(self):
        self.config("allow:", "- path: tests/a.env")
        self.assertEqual(
            self.suppressed(command="scan", status=program.CLEAN),
            {"config": 1})
        self.assertEqual(
            self.suppressed(command="scan", target=".", cwd=self.r.path,
                            status=program.CLEAN), {"config": 1})

    def test_of_a_bare_repository_in_head(self):
        self.config("allow:", "- path: tests/a.env")
        self.r.commit()
        bare = self.folder / "bare.git"
        self.r.git("clone", "-q", "--bare", ".", bare)
        report = self.json(target=bare, status=program.FOUND)
        self.assertEqual(report["suppressed"]["config_ignored"],
                         "HEAD:.keysieve.yaml")
        self.assertEqual(
            self.suppressed("--trust-repo-config", target=bare,
                            status=program.CLEAN), {"config": 1})

    def test_no_symlink_is_followed(self):
        (self.r.path / ".keysieve.yaml").symlink_to("/etc/passwd")
        run = self.audit(self.r.path, status=program.FAILED)
        self.assertIn("is a symlink", run.err)


class Trust(ControlCase):
    """Whoever scans says whom he trusts."""

    def setUp(self):
        super().setUp()
        self.r.add("a.env", f"token = {self.secret}  # gitleaks:allow\n")

    def bare(self):
        path = self.folder / "bare.git"
        self.r.git("clone", "-q", "--bare", ".", path)
        return path

    def test_a_clone_of_ones_own_is_trusted(self):
        self.json(status=program.CLEAN)

    def test_not_where_that_is_forbidden(self):
        self.assertEqual(
            self.suppressed("--no-trust-repo-config", status=program.FOUND),
            {"markers_ignored": 1})

    def test_no_bare_repository_is(self):
        bare = self.bare()
        self.assertEqual(self.suppressed(target=bare, status=program.FOUND),
                         {"markers_ignored": 1})
        run = self.audit(bare, status=program.FOUND)
        self.assertIn("1 place with a marker beside the secret", run.out)
        self.assertIn("--trust-repo-config", run.out)

    def test_but_where_that_is_asked_for(self):
        self.assertEqual(
            self.suppressed("--trust-repo-config", target=self.bare(),
                            status=program.CLEAN), {"inline": 1})

    def test_nor_is_what_belongs_to_somebody_else(self):
        if os.geteuid() != 0:
            self.skipTest("needs to give files away")
        subprocess.run(["chown", "-R", "65534", self.r.path], check=True)
        self.assertEqual(self.suppressed(status=program.FOUND),
                         {"markers_ignored": 1})
        self.assertEqual(
            self.suppressed(command="scan", target=self.r.path / "a.env",
                            status=program.FOUND), {"markers_ignored": 1})


if __name__ == "__main__":
    program.main()
