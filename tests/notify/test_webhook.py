#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""News to a webhook: what is in them, and that they arrive."""

import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import forges  # noqa: E402
from forges import Answer  # noqa: E402

NOTIFIER = os.environ["KEYSIEVE_NOTIFIER"]
IO, USAGE, CORRUPT = -2, -3, -5


class Webhook(unittest.TestCase):
    def setUp(self):
        # All that it knows of a forge is how to answer.
        self.hook = forges.Forge("gitea")
        self.hook.answer = lambda *_: Answer(200, body=b"ok")
        self.addCleanup(self.hook.close)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.outbox = os.path.join(self.folder.name, "outbox")

    def send(self, count, url=None, *key, form="", **environment):
        done = subprocess.run(
            [NOTIFIER, form + (url or self.hook.url + "/hidden-path"),
             str(count), self.outbox, *key], check=False, timeout=60,
            env={"PATH": os.environ["PATH"], **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, b"")
        return done.returncode, done.stdout.decode()

    def given(self):
        return [json.loads(request.given) for request in self.hook.log]

    def test_json(self):
        self.assertEqual(self.send(2), (0, "sent 2\n"))
        self.assertEqual(self.hook.log[0].command, "POST")
        self.assertEqual(self.hook.log[0].headers["Content-Type"],
                         "application/json")
        self.assertIsNone(self.hook.log[0].headers["X-Keysieve-Signature"])
        message, = self.given()
        self.assertEqual((message["version"], message["organisation"]),
                         (1, "acme"))
        self.assertEqual(message["delivery"],
                         self.hook.log[0].headers["X-Keysieve-Delivery"])
        first, second = message["findings"]
        self.assertEqual(first, {
            "id": "news-0", "state": "new", "fingerprint": "f00d",
            "rule": "aws-access-key", "rule_name": "AWS access key",
            "redacted": "AKIA…WXYZ", "confidence": 0.99,
            "repository": "acme/<!channel> `x` & \033[1m",
            "path": "dir/\ufffd\n<https://evil.example|click>", "line": 0,
            "commit": "0123", "rotate": "", "seen": "2026-01-31T12:00:00Z"})
        self.assertEqual(second["state"], "back")

    def test_slack_obeys_nothing_of_others(self):
        self.assertEqual(self.send(25, form="slack:"), (0, "sent 25\n"))
        message, = self.given()
        text = message["text"]
        self.assertEqual(list(message), ["text"])
        self.assertIn("25 new secrets in `acme`", text)
        self.assertIn("and 5 more", text)
        self.assertIn("`AKIA…WXYZ`", text)
        for wrong in ("<", ">", "\033", "``"):
            self.assertNotIn(wrong, text)
        self.assertEqual(text.count("\n"), 21)

    def test_signed(self):
        self.send(1, None, "k3y")
        request, = self.hook.log
        signed = (request.headers["X-Keysieve-Timestamp"].encode() + b"." +
                  request.given)
        expected = hmac.new(b"k3y", signed, hashlib.sha256).hexdigest()
        self.assertEqual(request.headers["X-Keysieve-Signature"],
                         "sha256=" + expected)
        self.assertEqual(request.headers["X-Keysieve-Timestamp"],
                         "1700000000")

    def test_many_go_in_several(self):
        self.assertEqual(self.send(120), (0, "sent 120\n"))
        ids = [item["id"] for message in self.given()
               for item in message["findings"]]
        self.assertEqual(ids, [f"news-{i}" for i in range(120)])
        self.assertEqual(len(self.hook.log), 3)
        self.assertEqual(len({message["delivery"]
                              for message in self.given()}), 3)
        self.assertEqual(self.send(120), (0, "sent 0\n"))

    def test_nothing_to_tell_asks_nobody(self):
        self.assertEqual(self.send(0), (0, "sent 0\n"))
        self.assertEqual(self.hook.log, [])

    def test_killed_before_it_is_noted_comes_again(self):
        status, _ = self.send(3, NOTIFIER_DIES="1")
        self.assertEqual(status, 9)
        self.assertEqual(self.send(3), (0, "sent 3\n"))
        first, again = self.given()
        self.assertEqual(first, again)

    def test_what_is_not_taken_stays(self):
        self.hook.faults = [("", Answer(404, {}))]
        status, said = self.send(2)
        self.assertEqual(status, 1)
        self.assertIn(f"error {IO} the webhook took no message", said)
        self.assertIn("404", said)
        self.assertNotIn("hidden-path", said)
        self.assertEqual(self.send(2), (0, "sent 2\n"))

    def test_what_stumbles_is_told_again(self):
        self.hook.faults = [("", Answer(503, {})),
                            ("", Answer(429, {}, {"Retry-After": "7"}))]
        self.assertEqual(self.send(1), (0, "sleep 1\nsleep 7\nsent 1\n"))

    def test_half_of_many(self):
        self.hook.faults = []
        answers = [Answer(200, {})] + [Answer(400, {})]
        self.hook.answer = lambda *_: answers.pop(0)
        status, said = self.send(60)
        self.assertEqual(status, 1)
        self.assertIn("sent 50\n", said)

    def test_no_redirect_is_followed(self):
        self.hook.faults = [("", Answer(307, {}, {"Location": "/x"}))]
        status, said = self.send(1)
        self.assertEqual(status, 1)
        self.assertIn(f"error {CORRUPT}", said)
        self.assertNotIn("hidden-path", said)
        self.assertEqual(len(self.hook.log), 1)

    def test_unreachable(self):
        status, said = self.send(1, "http://127.0.0.1:1/hidden-path")
        self.assertEqual(status, 1)
        self.assertIn("http://127.0.0.1:1", said)
        self.assertNotIn("hidden-path", said)

    def test_no_webhook(self):
        for url in ("x", "http://example.org/hidden-path", "file:///x",
                    "ftp://example.org/hidden-path", "slack:-x"):
            status, said = self.send(1, url)
            self.assertEqual(status, 1)
            self.assertIn(f"error {USAGE}", said)
            self.assertNotIn("hidden-path", said)


if __name__ == "__main__":
    unittest.main(verbosity=1)
