#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve explain: why something is reported, or is not."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Explain(program.ProgramCase):
    def explain(self, *words, status=program.CLEAN):
        return self.run_program("explain", *words, status=status)

    def write(self, *lines):
        (self.folder / "a.env").write_text("".join(f"{line}\n"
                                                   for line in lines))

    def test_a_line_with_a_secret(self):
        self.write("# one", f"token = {self.tokens.github()}", "# three")
        said = self.explain("a.env:2").out
        self.assertIn("github-pat", said)
        self.assertIn("line 2, column 9", said)
        self.assertIn("verdict     a secret", said)
        self.assertRegex(said, r"entropy     [\d.]+ bits per character, 3.00 at least")
        self.assertRegex(said, r"log odds    its checksum holds \+3.0")
        self.assertRegex(said, r"confidence  0\.9\d")
        self.assertIn("=> reported", said)
        self.assertNotIn("github-pat", self.explain("a.env:1").out)

    def test_a_line_without(self):
        self.write("hello")
        for line in (1, 7):
            self.assertIn("No rule's pattern matches",
                          self.explain(f"a.env:{line}").out)

    def test_what_the_filter_drops(self):
        self.write('password: "${DB_PASSWORD}"')
        said = self.explain("a.env:1").out
        self.assertIn("a variable or a template, not a value", said)
        self.assertIn("=> not reported", said)

    def test_what_is_not_sure_enough(self):
        self.write(f"token = {self.tokens.github()}")
        said = self.explain("a.env:1", "--min-confidence=1").out
        self.assertIn("not reported: its confidence is below 1.00", said)

    def test_what_may_stand(self):
        self.write(f"token = {self.tokens.github()} # keysieve:allow")
        said = self.explain("a.env:1", "--trust-repo-config").out
        self.assertIn("allowed     by inline", said)
        self.assertIn("=> not reported: it may stand", said)

    def test_what_a_model_weighs(self):
        self.write('title = "x"\ndb_password = "correct-horse-battery-9"\n')
        said = self.explain("a.env:2").out
        self.assertRegex(said, r"log odds    .*its name \+\d\.\d")
        for line in said.splitlines():
            self.assertLessEqual(len(line), 80)

    def test_a_fingerprint(self):
        work = self.repo()
        work.add("a.env", f"token = {self.tokens.github()}\n")
        found = self.audit("repo", "--format=jsonl").lines()[0]
        said = self.explain(found["fingerprint"][:12], "repo").out
        self.assertIn(found["fingerprint"], said)
        self.assertRegex(said, r"places      [0-9a-f]{12}  a.env:\d+:\d+, in HEAD\n")
        self.assertRegex(said, "brought by  [0-9a-f]{12} by Jane Doe: ")
        self.assertNotIn("removed by", said)
        self.assertIn("=> reported", said)
        gone = work.add("a.env", "nothing\n", "clean up")
        said = self.explain(found["fingerprint"][:12], "repo").out
        self.assertRegex(said, r"places      [0-9a-f]{12}  a.env:\d+:\d+\n")
        self.assertIn(f"removed by  {gone[:12]} by Jane Doe: clean up", said)
        said = self.explain("0" * 64, "repo").out
        self.assertIn("No secret with the fingerprint", said)

    def test_what_is_asked_wrongly(self):
        self.write("x")
        for word in ("a.env", "a.env:0", "a.env:x", ":1", "abc", "a.env:1x"):
            run = self.explain(word, status=program.FAILED)
            self.assertIn("neither FILE:LINE nor", run.err)
        self.assertIn("none", self.explain("none:1",
                                           status=program.FAILED).err)


if __name__ == "__main__":
    program.main()
