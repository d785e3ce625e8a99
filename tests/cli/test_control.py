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
