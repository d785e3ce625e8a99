#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Formats for other programs, and saved reports told again."""

import csv
import hashlib
import io
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

FORMATS = ["text", "jsonl", "json", "sarif", "csv", "junit", "gitlab",
           "github", "markdown"]
# A name that means something to each of the formats.
HOSTILE = '=x,"\n::error file=a::<b>|`@all ]]>%.env'

RULE = """
- id: acme-key
  name: %s
  confidence: 0.9
  token: 'acme_[a-z0-9]{20}'
  rotate: https://example.org/%s
"""


def check_gitlab(case, report):
    """What GitLab's schema 15.0.4 demands of what we write."""
    def text(value, least=1):
        case.assertIsInstance(value, str)
        case.assertGreaterEqual(len(value), least)

    def strings(value, *members):
        for member in members:
            if member in value:
                text(value[member], least=0)

    case.assertEqual(report["version"], "15.0.4")
    scan = report["scan"]
    for key in ("start_time", "end_time"):
        case.assertRegex(scan[key], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
    case.assertIn(scan["status"], ("success", "failure"))
    case.assertEqual(scan["type"], "secret_detection")
    for key in ("analyzer", "scanner"):
        for member in ("id", "name", "version"):
            text(scan[key][member])
        text(scan[key]["vendor"]["name"])
    for message in scan["messages"]:
        case.assertIn(message["level"], ("info", "warn", "fatal"))
        text(message["value"])
    ids = set()
    for found in report["vulnerabilities"]:
        text(found["id"])
        ids.add(found["id"])
        strings(found, "name", "description", "solution",
                "raw_source_code_extract")
        for member, most in (("name", 255), ("description", 1048576),
                             ("solution", 7000)):
            case.assertLessEqual(len(found[member]), most)
        case.assertIn(found["severity"], ("Info", "Unknown", "Low", "Medium",
                                          "High", "Critical"))
        case.assertTrue(found["identifiers"])
        for identifier in found["identifiers"]:
            for member in ("type", "name", "value"):
                text(identifier[member])
        for link in found.get("links", []):
            case.assertRegex(link["url"], r"^https?://.+")
        text(found["location"]["commit"]["sha"])
        strings(found["location"], "file")
        strings(found["location"]["commit"], "author", "date", "message")
        for member in ("start_line", "end_line"):
            case.assertIsInstance(found["location"][member], int)
            case.assertGreaterEqual(found["location"][member], 0)
    case.assertEqual(len(ids), len(report["vulnerabilities"]))


class Report(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.r = self.repo()
        self.r.add("a.env", f"# one\ntoken = {self.tokens.github()}\n")
        self.r.add(HOSTILE, f"AWS_ACCESS_KEY_ID={self.tokens.aws()}\n")
        self.r.add("a.env", "gone\n", "=cmd|calc ::set-output @all")

    def told(self, form, *words):
        return self.audit("repo", f"--format={form}", *words,
                          status=program.FOUND).out

    def test_counts_places_that_are_not_saved(self):
        work = self.repo()
        token = self.tokens.github()
        for name in "abc":
            work.add(f"{name}.env", f"# {name}\ntoken = {token}\n")
        saved = self.audit("repo", "--format=jsonl").out
        for name, said in (("jsonl", '"occurrence_count":3'),
                           ("text", "places    3"),
                           ("gitlab", "in 3 places"),
                           ("html", '"occurrence_count":3'),
                           ("csv", ",3,")):
            run = self.run_program("report", "-", f"--format={name}",
                                   give=saved.encode())
            self.assertIn(said, run.out, name)
        run = self.run_program("report", "-", "--occurrences",
                               give=saved.encode())
        self.assertIn("and 2 more", run.out)

    def test_csv(self):
        text = self.told("csv")
        self.assertTrue(all(line.endswith("\r") for line
                            in text.split("\n")[:-1]))
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([row["state"] for row in rows],
                         ["in HEAD", "in history"])
        self.assertEqual(rows[0]["path"], "'" + HOSTILE.replace("\n", "\\n"))
        self.assertEqual(rows[1]["path"], "a.env")
        self.assertEqual(rows[1]["line"], "2")

    def test_csv_has_a_row_for_each_place(self):
        self.r.add("b.env", self.r.git("show", "HEAD~2:a.env"))
        rows = list(csv.reader(io.StringIO(
            self.told("csv", "--occurrences"), newline="")))
        self.assertEqual(len(rows), 1 + 3)

    def test_junit(self):
        top = xml.fromstring(self.told("junit"))
        self.assertEqual(top.get("failures"), "2")
        self.assertEqual(top.get("errors"), "0")
        cases = top.findall("testsuite/testcase")
        self.assertEqual(len(cases), 3)
        self.assertEqual(cases[1].get("file"), HOSTILE.replace("\n", "\\n"))
        self.assertIn("a.env:2:9", cases[2].find("failure").text)

    def test_junit_is_clean_and_not(self):
        (self.folder / "clean").mkdir()
        run = self.run_program("scan", "clean",
                               "--format=junit", status=program.CLEAN)
        top = xml.fromstring(run.out)
        self.assertEqual(top.get("tests"), "1")
        self.assertEqual(top.get("failures"), "0")

    def test_gitlab(self):
        run = self.audit("repo", "--format=gitlab", status=program.FOUND)
        report = run.json()
        check_gitlab(self, report)
        self.assertEqual([found["severity"]
                          for found in report["vulnerabilities"]],
                         ["Critical", "High"])

    def test_gitlab_where_no_commit_is(self):
        (self.folder / "plain").mkdir()
        (self.folder / "plain" / "a.env").write_text(
            f"token = {self.tokens.github()}\n")
        run = self.run_program("scan", "plain", "--format=gitlab",
                               status=program.FOUND)
        check_gitlab(self, run.json())

    def test_gitlab_cuts_what_a_rule_says_at_length(self):
        (self.folder / "rules.yaml").write_text(RULE % ("n" * 300, "r" * 8000))
        (self.folder / "a.txt").write_text(
            "acme_" + hashlib.sha1(b"1").hexdigest()[:20] + "\n")
        run = self.run_program("scan", "a.txt", "--rules=rules.yaml",
                               "--format=gitlab", status=program.FOUND)
        report = run.json()
        check_gitlab(self, report)
        found = report["vulnerabilities"][0]
        self.assertEqual(len(found["name"]), 255)
        self.assertEqual(len(found["solution"]), 7000)

    def test_github(self):
        lines = self.told("github").splitlines()
        self.assertEqual(len(lines), 2)
        match = re.match(r"::error file=([^,:]*),line=1,endLine=1,"
                         r"col=19,endColumn=38,title=[^:]*::", lines[0])
        self.assertIsNotNone(match, lines[0])
        self.assertIn("%3A%3Aerror file=a%3A%3A", match.group(1))
        # The host has no such file any more.
        self.assertRegex(lines[1], r"^::error title=[^:]*::.* in a\.env:2")

    def test_markdown(self):
        text = self.told("markdown")
        self.assertIn("## keysieve: 2 secrets found, 1 in HEAD", text)
        self.assertNotIn("@all", text)
        self.assertNotIn("<b>", text)
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        self.assertEqual(len(rows), 3)
        for row in rows:
            self.assertEqual(row.count("|"), 6, row)

    def test_a_saved_report_is_told_in_every_format(self):
        for saved in ("json", "jsonl"):
            (self.folder / "saved").write_text(
                self.told(saved, "--occurrences"))
            for form in FORMATS:
                run = self.run_program("report", "saved", "--format", form,
                                       "--occurrences", status=program.CLEAN)
                self.assertEqual(run.err, "")
                # The others tell how long the scan took.
                if form in ("csv", "github", "jsonl"):
                    self.assertEqual(run.out, self.told(
                        form, "--occurrences"), form)
                self.assertTrue(run.out)

    def test_a_saved_report_with_secrets_is_refused(self):
        (self.folder / "saved").write_text(
            self.told("jsonl", "--show-secrets"))
        run = self.run_program("report", "saved", status=program.FAILED)
        self.assertIn("--show-secrets", run.err)
        run = self.run_program("report", "saved", "--show-secrets",
                               "--format=csv", status=program.CLEAN)
        self.assertIn(self.tokens.made[0], run.out)

    def test_a_file_that_is_no_report(self):
        (self.folder / "saved").write_text("hello\n")
        run = self.run_program("report", "saved", status=program.FAILED)
        self.assertIn("saved:1: not a report", run.err)
        run = self.run_program("report", "none", status=program.FAILED)
        self.assertIn("none", run.err)


if __name__ == "__main__":
    program.main()
