#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Python binding: what it finds is what the program finds."""

import os
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

try:
    sys.path.insert(0, os.environ["KEYSIEVE_PYTHON"])
    import keysieve
except ImportError:
    keysieve = None


class Binding(program.ProgramCase):
    @classmethod
    def setUpClass(cls):
        cls.scanner = keysieve.Scanner(jobs=1)

    def test_text(self):
        key = self.tokens.aws()
        for text in (f"\nKEY = '{key}'\n", f"\nKEY = '{key}'\n".encode()):
            [finding] = self.scanner.scan_text(text, "a.py")
            self.assertEqual(finding.rule, "aws-access-key")
            self.assertEqual(finding.secret, key.encode())
            self.assertNotIn(key, finding.redacted)
            self.assertEqual([(place.path, place.line)
                              for place in finding.places], [("a.py", 2)])
            self.assertIn("account", [fact.name for fact in finding.facts])
        for text in ("", b"", "hello"):
            self.assertEqual(self.scanner.scan_text(text), ())

    def test_audit_is_that_of_the_program(self):
        repo = self.repo()
        repo.add("a.py", f"KEY = '{self.tokens.aws()}'\n")
        repo.add("caf\udce9", f"t = '{self.tokens.github()}'\n")
        report = self.scanner.audit(repo.path)
        run = self.audit(repo.path, "--format=json")
        self.assertEqual([finding.fingerprint for finding in report.findings],
                         [item["fingerprint"]
                          for item in run.json()["findings"]])
        self.assertTrue(report.is_complete)
        self.assertIn("caf\udce9", [finding.places[0].path
                                    for finding in report.findings])

    def test_files(self):
        file = self.folder / "x"
        file.write_text(f"KEY = '{self.tokens.aws()}'\n")
        self.assertEqual(len(self.scanner.scan(file, self.folder).findings), 1)

    def test_rules_and_options(self):
        text = f"a = '{self.tokens.aws()}' b = '{self.tokens.github()}'"
        self.assertEqual(len(self.scanner.scan_text(text)), 2)
        only = keysieve.Scanner(only=["github-pat"])
        self.assertEqual([finding.rule for finding in only.scan_text(text)],
                         ["github-pat"])
        skip = keysieve.Scanner(skip=["github-pat"])
        self.assertEqual([finding.rule for finding in skip.scan_text(text)],
                         ["aws-access-key"])

    def test_judge(self):
        [one] = self.scanner.judge(f"k = '{self.tokens.aws()}'")
        self.assertTrue(one.is_secret)
        self.assertGreater(one.confidence, 0.5)
        self.assertEqual(self.scanner.judge("hello"), [])

    def test_errors_are_raised(self):
        with self.assertRaisesRegex(keysieve.Error, "nowhere") as caught:
            self.scanner.audit(self.folder / "nowhere")
        self.assertLess(caught.exception.code, 0)
        with self.assertRaisesRegex(keysieve.Error, "bad.yaml"):
            (self.folder / "bad.yaml").write_text("rules: 1\n")
            keysieve.Scanner(rules=[self.folder / "bad.yaml"])
        with self.assertRaisesRegex(keysieve.Error, "none"):
            keysieve.Scanner(only=["none"]).scan_text("x")

    def test_threads_share_a_scanner(self):
        text = f"KEY = '{self.tokens.aws()}'"
        found = []
        threads = [threading.Thread(
            target=lambda: found.extend(self.scanner.scan_text(text)))
            for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(found), 8)


def main():
    if not keysieve:
        sys.exit(77)  # meson: skipped
    program.main()


if __name__ == "__main__":
    main()
