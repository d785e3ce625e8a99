#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reports: formats, redaction, where they go, what the status says."""

import json
import os
import pathlib
import pty
import stat
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

# docs/output.md, in this order.
MEMBERS = ["fingerprint", "rule", "secret", "confidence", "entropy", "path",
           "line", "column", "end_line", "end_column", "blob", "commit",
           "author", "email", "date", "message", "in_head",
           "occurrence_count", "rule_name", "rotate", "pair", "facts",
           "branches", "is_reachable", "snippet", "removed"]


class Formats(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.r = self.repo()
        self.github = self.tokens.github()
        self.aws = self.tokens.aws()
        self.r.add("a.env", f"# one\ntoken = {self.github}\n")
        self.r.add("b.env", f"AWS_ACCESS_KEY_ID={self.aws}\n")
        self.r.add("c.env", f"again {self.github}\n", f"use {self.aws}")

    def test_jsonl(self):
        run = self.audit("repo", "--format=jsonl", status=program.FOUND)
        findings = run.lines()
        self.assertEqual(len(findings), 2)
        for finding in findings:
            self.assertEqual(list(finding), MEMBERS)
            self.assertRegex(finding["fingerprint"], r"^[0-9a-f]{64}$")
            self.assertEqual(finding["occurrence_count"], 2)
        by_rule = {finding["rule"]: finding for finding in findings}
        self.assertEqual(by_rule["github-pat"]["path"], "a.env")
        self.assertEqual(by_rule["github-pat"]["line"], 2)
        self.assertIn("account", by_rule["aws-access-key"]["facts"])
        self.assertIn("2 secrets found, 2 of them in HEAD", run.err)

    def test_occurrences(self):
        run = self.audit("repo", "--format=jsonl", "--occurrences")
        for finding in run.lines():
            self.assertEqual(list(finding), MEMBERS + ["occurrences"])
            self.assertEqual(len(finding["occurrences"]), 2)

    def test_json(self):
        run = self.audit("repo", "--format=json", status=program.FOUND)
        report = run.json()
        self.assertEqual(len(report["findings"]), 2)
        self.assertEqual(report["coverage"]["commits"], 3)
        self.assertEqual(report["coverage"]["blobs"], 3)
        self.assertTrue(report["complete"])

    def test_sarif(self):
        run = self.audit("repo", "--format=sarif", status=program.FOUND)
        log = run.json()
        self.assertEqual(len(log["runs"][0]["results"]), 2)
        checker = pathlib.Path(__file__).with_name("sarif_check.py")
        cache = os.environ.get("KEYSIEVE_SARIF_CACHE",
                               "/tmp/keysieve-sarif-check")
        done = subprocess.run(
            [sys.executable, checker, "--cache", cache, "-"], check=False,
            input=run.out.encode(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if done.returncode == 2:
            self.skipTest("no schema: " + done.stdout.decode()[-200:])
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_text(self):
        run = self.audit("repo", status=program.FOUND)
        self.assertIn("a.env:2:9", run.out)
        self.assertIn("Found", run.out)
        self.assertNotIn("\x1b", run.out)
        self.assertEqual(run.err, "")
        for word in ("file", "rule"):
            run = self.audit("repo", "--group-by", word)
            self.assertEqual(run.status, program.FOUND)

    def test_quiet(self):
        run = self.audit("repo", "--quiet", status=program.FOUND)
        self.assertIn("a.env:2", run.out)
        self.assertNotIn("Covered", run.out)
        self.assertEqual(run.err, "")
        run = self.audit("repo", "-q", "--format=jsonl")
        self.assertEqual(run.err, "")

    def test_clean(self):
        self.repo("clean").add("a", "nothing\n")
        for name in ("text", "json", "jsonl", "sarif"):
            self.audit("clean", "--format", name, status=program.CLEAN)
        run = self.audit("clean", "--quiet", status=program.CLEAN)
        self.assertEqual(run.out + run.err, "")

    def test_show_secrets(self):
        for name in ("text", "json", "jsonl"):
            run = self.audit("repo", "--format", name, "--show-secrets",
                             status=program.FOUND)
            self.assertIn(self.github, run.out)
            self.assertNotIn(self.github, run.err)
        run = self.audit("repo", "--format=sarif", "--show-secrets")
        self.assertNotIn(self.github, run.out)

    def test_fingerprints_stand(self):
        def prints():
            run = self.audit("repo", "--format=jsonl")
            return {line["fingerprint"] for line in run.lines()}

        before = prints()
        self.r.git("mv", "a.env", "z.env")
        self.r.add("z.env", f"moved\n\n\n\nkey {self.github}\n")
        self.r.git("commit", "-q", "--amend", "-m", "other")
        self.assertEqual(prints(), before)

    def test_rules_are_chosen(self):
        run = self.audit("repo", "--format=jsonl", "--only=aws-access-key")
        self.assertEqual([f["rule"] for f in run.lines()],
                         ["aws-access-key"])
        run = self.audit("repo", "--format=jsonl", "--skip",
                         "aws-access-key,npm-token,generic-setting")
        self.assertEqual([f["rule"] for f in run.lines()], ["github-pat"])
        run = self.audit("repo", "--format=jsonl", "--min-confidence=0.99",
                         "--only=aws-access-key", status=program.CLEAN)
        self.assertEqual(run.out, "")

    def test_output(self):
        report = self.folder / "report.json"
        report.write_text("before")
        report.chmod(0o644)
        run = self.audit("repo", "-f", "json", "-o", report,
                         status=program.FOUND)
        self.assertEqual(run.out, "")
        self.assertEqual(len(json.loads(report.read_text())["findings"]), 2)
        self.assertEqual(stat.S_IMODE(report.stat().st_mode), 0o600)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["repo", "report.json"])

    def test_output_through_a_symlink(self):
        (self.folder / "there").mkdir()
        (self.folder / "there" / "file").write_text("before")
        (self.folder / "link").symlink_to("there/file")
        self.audit("repo", "-o", "link", status=program.FOUND)
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertIn("a.env", (self.folder / "there/file").read_text())

    def test_output_into_a_fifo(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        read = []
        reader = threading.Thread(
            target=lambda: read.append(fifo.read_text()))
        reader.start()
        self.audit("repo", "-f", "jsonl", "-o", fifo, status=program.FOUND)
        reader.join(30)
        self.assertEqual(len(read[0].splitlines()), 2)
        self.assertTrue(stat.S_ISFIFO(fifo.stat().st_mode))

    def test_output_to_standard_output(self):
        for name in ("-", "/dev/stdout"):
            run = self.audit("repo", "-o", name, status=program.FOUND)
            self.assertIn("a.env:2", run.out)

    def test_output_that_cannot_be(self):
        for name in ("no/such/folder", "repo", "/dev/full"):
            run = self.audit("repo", "-o", name, status=program.FAILED)
            self.assertIn(f"'{name}'", run.err)
        self.assertEqual(os.listdir(self.folder), ["repo"])

    def run_on_terminal(self, *words, **environment):
        """What it says on a terminal, both streams."""
        leader, follower = pty.openpty()
        child = subprocess.Popen(
            [os.path.abspath(program.PROGRAM), *words], cwd=self.folder,
            env={**self.environment, "TERM": "xterm", **environment},
            stdin=subprocess.DEVNULL, stdout=follower, stderr=follower)
        os.close(follower)
        said = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            said += piece
        os.close(leader)
        self.assertEqual(child.wait(), program.FOUND, said)
        return said.decode()

    def test_colour(self):
        escape = "\x1b["
        self.assertIn(escape, self.run_on_terminal("audit", "repo"))
        for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"),
                            ("CLICOLOR", "0")):
            said = self.run_on_terminal("audit", "repo", **{name: value})
            self.assertNotIn(escape, said, name)
        said = self.run_on_terminal("audit", "repo", "--color=never")
        self.assertNotIn(escape, said)
        self.assertIn(escape, self.audit("repo", "--color=always").out)
        self.assertIn(escape, self.audit("repo", CLICOLOR_FORCE="1").out)
        run = self.audit("repo", CLICOLOR_FORCE="1", NO_COLOR="1")
        self.assertNotIn(escape, run.out)
        run = self.audit("repo", "--color=always", NO_COLOR="1")
        self.assertIn(escape, run.out)
        run = self.audit("repo", "--color=always", "--format=jsonl")
        self.assertNotIn(escape, run.out)

    def test_summary_on_terminal_beside_data(self):
        said = self.run_on_terminal("audit", "repo", "--output=report",
                                    "--format=json")
        self.assertIn("Covered", said)
        said = self.run_on_terminal("audit", "repo", "--output=report",
                                    "--quiet")
        self.assertEqual(said, "")


if __name__ == "__main__":
    program.main()
