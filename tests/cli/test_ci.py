#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the templates for CI run: .packaging/github and gitlab."""

import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "lib"))
import program  # noqa: E402


class Ci(program.ProgramCase):
    def setUp(self):
        super().setUp()
        binaries = self.folder / "keysieve-bin"
        binaries.mkdir()
        (binaries / "keysieve").symlink_to(
            pathlib.Path(program.PROGRAM).resolve())
        self.environment["PATH"] = f"{binaries}:{self.environment['PATH']}"
        self.r = self.repo()
        self.r.add("old", f"K = '{self.tokens.aws()}'\n")
        self.r.add("new", f"K = '{self.tokens.aws()}'\n")

    def shell(self, *words, **environment):
        run = subprocess.run(
            words, env={**self.environment, **environment},
            cwd=self.r.path, check=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        for token in self.tokens.made:
            self.assertNotIn(token, run.stdout)
        return run.stdout

    def act(self, step="audit", path=".", commits="", options=""):
        """A step of the action: what it says, and its outputs."""
        output = self.folder / "output"
        output.write_text("")
        said = self.shell(
            str(TOP / ".packaging/github/run.sh"), step,
            RUNNER_TEMP=str(self.folder), GITHUB_OUTPUT=str(output),
            GITHUB_STEP_SUMMARY=str(self.folder / "summary"),
            AUDIT_PATH=path, AUDIT_RANGE=commits, AUDIT_OPTIONS=options)
        return said, dict(re.findall(r"^(\w+)=(.*)$", output.read_text(),
                                     re.M))

    def results(self, outputs):
        log = json.loads(pathlib.Path(outputs["sarif"]).read_text())
        return log["runs"][0]["results"]

    def test_action_tells_in_every_way(self):
        said, outputs = self.act()
        self.assertEqual(outputs["status"], "1")
        self.assertEqual(len(self.results(outputs)), 2)
        self.assertEqual(said.count("::error "), 2)
        self.assertIn("2 secrets found",
                      (self.folder / "summary").read_text())
        report = json.loads(pathlib.Path(outputs["report"]).read_text())
        self.assertEqual(len(report["findings"]), 2)

    def test_action_takes_a_range_and_options(self):
        _, outputs = self.act(commits="HEAD~1..HEAD")
        self.assertEqual(len(self.results(outputs)), 1)
        _, outputs = self.act(options="--skip aws-access-key --jobs 1")
        self.assertEqual((outputs["status"], self.results(outputs)),
                         ("0", []))

    def test_action_fails_where_nothing_can_be_scanned(self):
        said, outputs = self.act(path="nowhere")
        self.assertEqual(outputs, {"status": "2"})
        self.assertIn("nowhere", said)

    def test_action_builds_anew_for_new_sources_only(self):
        keys = [self.act("key")[1]["key"] for _ in range(2)]
        self.assertRegex(keys[0], "^[0-9a-f]{64}$")
        self.assertEqual(keys[0], keys[1])

    def gitlab(self, **environment):
        """Run the job's commands; its reports are left."""
        text = (TOP / ".packaging/gitlab/keysieve.yml").read_text()
        script, after = re.search(
            r"^  script:\n(.*?)^  after_script:\n(.*?)^  artifacts:", text,
            re.M | re.S).groups()
        script = re.sub(r"^ *(#.*|- >-)\n", "", script, flags=re.M)
        status = self.shell(
            "sh", "-c", " ".join(script.split()) + "; echo status $?",
            KEYSIEVE_OPTIONS="", **environment)
        for line in re.findall(r"^    - (.*)$", after, re.M):
            self.shell("sh", "-ec", line)
        for name in re.findall(r"[\w.-]+\.(?:json|xml|html)\b",
                               text[text.index("reports:"):]):
            self.assertTrue((self.r.path / name).exists(), name)
        report = self.r.path / "gl-secret-detection-report.json"
        return status, json.loads(report.read_text())["vulnerabilities"]

    def test_job_tells_all(self):
        status, findings = self.gitlab()
        self.assertIn("status 1", status)
        self.assertEqual(len(findings), 2)

    def test_job_tells_what_a_merge_request_brings(self):
        base = self.r.git("rev-parse", "HEAD~1").strip()
        _, findings = self.gitlab(CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
        self.assertEqual([item["location"]["file"] for item in findings],
                         ["new"])


if __name__ == "__main__":
    program.main()
