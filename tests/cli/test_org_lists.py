#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve org findings and history: which are listed, and what happened."""

import os
import re
import subprocess

import test_org
from test_org import CLEAN, FAILED, FOUND, program


class Filters(test_org.OrgCase):
    def setUp(self):
        super().setUp()
        self.web = self.hosted("web")
        self.api = self.hosted("api_1")
        self.leak(self.web)
        self.push(self.web, "p.py", f"t = '{self.tokens.github()}'\n")
        self.leak(self.api, "deep/key.py")
        self.add()
        self.org_scan(status=FOUND)

    def names(self, *words):
        return sorted((item["repository"].rsplit("/", 1)[-1], item["rule"])
                      for item in self.findings(*words))

    def test_repository(self):
        """By its whole place, its end, or a part of the end."""
        api = [("api_1.git", "aws-access-key")]
        for glob in ("api_1", "api_1.git", "API*", "ap?_1", "srv/api_1",
                     f"{self.srv}/api_1.git", "*api*"):
            self.assertEqual(self.names("--repository", glob), api, glob)
        for glob in ("pi_1", "apiX1", "api%", "a__1"):
            self.assertEqual(self.names("--repository", glob), [], glob)
        self.assertEqual(len(self.names("--repository", "*")), 3)

    def test_place_is_in_the_repository_that_was_asked_for(self):
        work = self.hosted("copy")
        self.push(work, "c", (self.web.path / "config.py").read_text())
        self.org_scan(status=CLEAN)
        self.assertIn(("copy.git", "aws-access-key"),
                      self.names("--repository=copy"))
        self.assertEqual(len(self.names()), 3)

    def test_rule_confidence_and_day(self):
        self.assertEqual(len(self.names("--rule=aws-access-key")), 2)
        self.assertEqual(self.names("--rule=none"), [])
        self.assertEqual(len(self.names("--min-confidence=0.1")), 3)
        self.assertEqual(self.names("--min-confidence=1"), [])
        self.assertEqual(len(self.names("--since=2020-01-01")), 3)
        self.assertEqual(self.names("--since=2120-01-01"), [])
        run = self.org("findings", "--since=soon", status=FAILED)
        self.assertIn("'soon' is no date", run.err)

    def test_text_ends_with_how_many(self):
        run = self.org("findings", status=CLEAN)
        self.assertEqual(len(run.out.splitlines()), 3)
        self.assertEqual(run.err, "keysieve: 3 findings\n")
        run = self.org("findings", "--quiet", "--repository=api_1",
                       status=CLEAN)
        self.assertEqual((len(run.out.splitlines()), run.err), (1, ""))
        run = self.org("findings", "--format=jsonl", status=CLEAN)
        self.assertEqual(run.err, "")

    def test_states(self):
        self.assertEqual(len(self.names("--state=new")), 3)
        self.assertEqual(self.names("--state=open,gone"), [])
        self.web.git("checkout", "-q", "--orphan", "other")
        self.web.git("rm", "-rfq", ".")
        self.push(self.web, "x", "x\n", "--force", branch="main")
        self.org_scan(status=CLEAN)
        self.assertEqual(self.names("--state=open"),
                         [("api_1.git", "aws-access-key")])
        self.assertEqual(len(self.names("--state", "gone")), 2)
        self.assertEqual(len(self.names("--state=gone,open")), 3)
        run = self.org("findings", "--state=old", status=FAILED)
        self.assertIn("it is new, open, gone or dismissed", run.err)


class Reports(test_org.OrgCase):
    """What a store knows, in the formats of a scan."""

    def setUp(self):
        super().setUp()
        work = self.hosted("web")
        self.oid = self.leak(work, "src/key.py")
        self.push(work, "p.py", f"t = '{self.tokens.github()}'\n")
        self.add()
        self.org_scan(status=FOUND)

    def report(self, form, *words):
        return self.org("findings", "--format", form, *words, status=CLEAN)

    def test_every_format(self):
        for form in ("json", "csv", "sarif", "junit", "gitlab", "github",
                     "markdown", "html"):
            out = self.report(form).out
            self.assertRegex(out, "aws-access-key|AWS access key", form)
            self.assertIn("srv/web/src/key", out, form)
        self.assertEqual(len(self.report("csv").out.splitlines()), 3)

    def test_places_are_told(self):
        [item] = self.report("json",
                             "--rule=aws-access-key").json()["findings"]
        self.assertEqual((item["path"], item["commit"], item["line"]),
                         ("srv/web/src/key.py", self.oid, 1))
        self.assertTrue(item["in_head"])

    def test_what_was_dismissed_is_apart(self):
        name = [item["fingerprint"] for item in self.findings()
                if item["rule"] == "github-pat"][0]
        self.org("dismiss", name, "--why=a test", status=CLEAN)
        report = self.report("json").json()
        self.assertEqual([item["rule"] for item in report["findings"]],
                         ["aws-access-key"])
        self.assertEqual(len(self.report("csv", "--state=new").out
                             .splitlines()), 2)

    def test_to_who_does_not_read_on(self):
        done = subprocess.run(
            ["bash", "-c", '"$@" | true', "bash",
             os.path.abspath(program.PROGRAM), "org", "findings", "--store",
             self.store, "acme", "--format=html"], check=True,
            env=self.environment, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, b"")

    def test_to_a_file(self):
        self.report("html", "--output", "r.html")
        self.assertIn("srv/web/src/key.py",
                      (self.folder / "r.html").read_text())
        self.report("jsonl", "--output", "r.jsonl")
        self.assertEqual(
            (self.folder / "r.jsonl").read_text().count("\n"), 2)


class History(test_org.OrgCase):
    def history(self, *words):
        return self.org("history", "--format=jsonl", *words,
                        status=CLEAN).lines()

    def kinds(self, *words):
        return [item["event"] for item in self.history(*words)]

    def force(self, work, oid):
        work.git("push", "-q", "--force", "origin", f"{oid}:refs/heads/main")

    def test_life_of_a_finding(self):
        work = self.hosted()
        clean = work.git("rev-parse", "HEAD").strip()
        self.leak(work)
        leaked = work.git("rev-parse", "HEAD").strip()
        self.add()
        self.org_scan(status=FOUND)
        self.force(work, clean)
        self.org_scan(status=CLEAN)
        self.force(work, leaked)
        self.org_scan(status=FOUND)
        name = self.findings()[0]["fingerprint"]
        self.org("dismiss", name, "--why", "a test", "--who", "jane",
                 status=CLEAN)
        self.org("reopen", name, status=CLEAN)
        self.org("dismiss", name, "--why", "x", "--until", "2020-01-01",
                 status=CLEAN)
        self.org_scan(status=FOUND)
        life = ["new", "gone", "back", "dismissed", "reopened", "dismissed",
                "expired"]
        self.assertEqual(self.kinds(name[:12]), life)
        self.assertEqual([kind for kind in self.kinds() if kind != "scan"],
                         life)
        deed = self.history(name)[3]
        self.assertEqual((deed["who"], deed["why"]), ("jane", "a test"))

    def test_scans(self):
        self.leak(self.hosted("a"))
        self.hosted("b")
        self.add()
        self.org_scan(status=FOUND)
        (self.srv / "none.git/objects").mkdir(parents=True)
        (self.srv / "none.git/refs").mkdir()
        self.org_scan()
        first, second = [item for item in self.history()
                         if item["event"] == "scan"]
        self.assertEqual((first["new"], first["audited"], first["failed"]),
                         (1, 2, 0))
        self.assertEqual((second["new"], second["unchanged"],
                          second["failed"]), (0, 2, 1))
        self.assertEqual(self.history("--since=2120-01-01"), [])

    def test_text_is_for_people(self):
        self.leak(self.hosted())
        self.add()
        self.org_scan(status=FOUND)
        new, scan = self.org("history", status=CLEAN).out.splitlines()
        stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  "
        self.assertTrue(re.match(
            stamp + r"new +aws-access-key  AKIA.*a\.git  [0-9a-f]{16}$",
            new), new)
        self.assertTrue(re.match(
            stamp + r"scan +1 new; repositories: 0 unchanged, 0 with "
            r"something new, 1 in full, 0 not scanned; \d+ s$", scan), scan)


if __name__ == "__main__":
    program.main()
