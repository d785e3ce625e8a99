#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scan --agent: what a coding agent is about to do."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

STOP = 2


class Agent(program.ProgramCase):
    def ask(self, what, *words, **options):
        give = what if isinstance(what, bytes) else json.dumps(what).encode()
        run = self.scan("--agent", *words, "-", give=give, **options)
        self.assertEqual(run.out, "")
        for token in self.tokens.made:
            self.assertNotIn(token[:8], run.err)
            self.assertNotIn(token[-6:], run.err)
        return run

    def write(self, content, **more):
        return {"hook_event_name": "PreToolUse", "tool_name": "Write",
                "tool_input": {"file_path": "a.py", "content": content,
                               **more}}

    def test_clean_write(self):
        run = self.ask(self.write("print(1)\n"), status=program.CLEAN)
        self.assertEqual(run.err, "")

    def test_write_of_a_secret(self):
        run = self.ask(self.write(f"a = 1\nK = '{self.tokens.aws()}'\n"),
                       status=STOP)
        self.assertRegex(run.err, r"""\A\
keysieve: line 2 of tool_input.content holds a secret: AWS access key id \
\(rule aws-access-key, confidence 0.\d\d\)
keysieve: do not write it: read it from the environment or a secret store. \
If it is no secret, put keysieve:allow in a comment behind it.
\Z""".replace("\\\n", ""))

    def test_texts_are_decoded(self):
        """Escapes of JSON neither hide a secret nor make one."""
        token = self.tokens.aws()
        text = json.dumps(self.write(f"\n{token}\n"))
        self.ask(text.encode(), status=STOP)
        escaped = "".join(f"\\u{ord(char):04x}" for char in token)
        self.ask(text.replace(token, escaped).encode(), status=STOP)

    def test_edits_and_commands(self):
        token = self.tokens.github()
        self.ask({"tool_input": {"edits": [{"new_string": "x"}, {
            "old_string": "y", "new_string": f"t = {token}"}]}}, status=STOP)
        self.ask({"command": f"curl -H 'Authorization: token {token}' x"},
                 status=STOP)

    def test_taking_a_secret_out(self):
        old = f"K = '{self.tokens.aws()}'"
        self.ask({"tool_input": {"old_string": old, "new_string": "K = k()"}},
                 status=program.CLEAN)

    def test_marker(self):
        self.ask(self.write(f"K = '{self.tokens.aws()}'  # keysieve:allow"),
                 status=program.CLEAN)

    def test_what_is_no_json(self):
        self.ask(b"hello\n", status=program.CLEAN)
        self.ask(b"", status=program.CLEAN)
        self.ask(f"{{K: {self.tokens.aws()}".encode(), status=STOP)

    def test_hostile_json(self):
        self.ask(b"[" * 100000, status=program.CLEAN)
        self.ask(b"[" * 1000 + b"]" * 1000, status=STOP)
        self.ask(self.write("\0\x1b[31m" * 99), status=program.CLEAN)
        run = self.ask({"\x1b[31m\n": f"k {self.tokens.aws()}"}, status=STOP)
        self.assertNotIn("\x1b", run.err)

    def test_nothing_else_is_read(self):
        run = self.scan("--agent", "file", status=program.FAILED)
        self.assertIn("keysieve scan --agent -", run.err)


if __name__ == "__main__":
    program.main()
