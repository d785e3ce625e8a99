#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/examples, built against what the library exports."""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Examples(program.ProgramCase):
    def example(self, name, *words, give=b"", status=0):
        done = subprocess.run(
            [os.path.join(os.environ["KEYSIEVE_EXAMPLES"], f"example_{name}"),
             *map(str, words)], input=give, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.environment, check=False)
        run = program.Run(done.returncode, done.stdout, done.stderr)
        self.check(run, wants_keysieve=False)
        self.assertEqual(run.status, status, run.out + run.err)
        return run

    def test_scan_buffer(self):
        text = f"a = 1\nKEY = '{self.tokens.aws()}'\n"
        run = self.example("scan_buffer", give=text.encode())
        self.assertRegex(run.out, r"\A2: aws-access-key: AKIA.*\n\Z")
        self.assertEqual(self.example("scan_buffer").out, "")

    def test_audit(self):
        repo = self.repo()
        oid = repo.add("a/key.py", f"KEY = '{self.tokens.aws()}'\n")
        run = self.example("audit", repo.path)
        self.assertRegex(run.out, r"\Aaws-access-key AKIA.* \(in HEAD\)\n"
                         rf" +{oid[:10]} a/key.py:1, .*\n\Z")
        self.assertIn("objects", run.err)
        run = self.example("audit", self.folder / "none", status=1)
        self.assertIn("none", run.err)

    def test_judge(self):
        run = self.example("judge", f"key = '{self.tokens.aws()}'")
        self.assertIn("aws-access-key: a secret, confidence", run.out)
        self.assertEqual(self.example("judge", "hello").out,
                         "no rule matches\n")


if __name__ == "__main__":
    program.main()
