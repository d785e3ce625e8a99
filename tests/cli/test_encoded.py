#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secrets that stand somewhere in an encoded form."""

import base64
import gzip
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


def b64(text, encoding="utf-8"):
    return base64.b64encode(text.encode(encoding)).decode()


class Encoded(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.secret = self.tokens.aws()

    def see(self, text, encoding, line=1):
        (self.folder / "a").write_bytes(text.encode())
        run = self.scan("a", "--format=jsonl", "--show-secrets",
                        status=program.FOUND)
        found = [f for f in run.lines() if f["secret"] == self.secret]
        self.assertEqual(len(found), 1, run.lines())
        self.assertEqual(found[0].get("encoding", ""), encoding)
        self.assertEqual(found[0]["line"], line)
        return found[0]

    def test_base64(self):
        text = b64(f"id={self.secret}")
        found = self.see(f"one\nx: {text}\n", "base64", line=2)
        # The digits that have anything of it: 'id=' is the first four.
        self.assertEqual(found["column"], 4 + 4)
        self.assertEqual(found["end_column"], 3 + len(text.rstrip("=")))

    def test_base64_of_the_token_alone(self):
        self.see(f'"{b64(self.secret)}"', "base64")

    def test_base64_for_urls(self):
        text = b64(f">>>?{self.secret}???>").replace("+", "-")
        self.see(f"?x={text.replace('/', '_')}&y", "base64")

    def packed(self, text):
        return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()

    def test_gzip_in_base64(self):
        noise = "".join(f"line {i * i}\n" for i in range(50))
        for before, after in (("", ""), (noise, ""), ("", noise)):
            text = self.packed(f"{before}id={self.secret}\n{after}")
            found = self.see(f"a\nrelease: {text} # {self.secret[:4]}\n",
                             "base64>gzip", line=2)
            # All of it is needed to tell any of it.
            self.assertEqual(found["column"], 10)
            self.assertEqual(found["end_column"], 9 + len(text))
            for line in self.scan("a", "--format=jsonl").lines():
                self.assertNotIn(text[20:60], line["snippet"])

    def test_gzip_in_base64_twice(self):
        self.see(b64(self.packed(f"id={self.secret}")),
                 "base64>base64>gzip")

    def test_gzip_in_base64_that_is_damaged(self):
        noise = "".join(f"line {i * i}\n" for i in range(500))
        text = self.packed(f"id={self.secret}\n{noise}")
        self.see(text[:len(text) // 16 * 12], "base64>gzip")

    def test_gzip_in_base64_of_too_much(self):
        text = self.packed(" " * (9 << 20))
        (self.folder / "a").write_text(text)
        run = self.scan("a", "--format=json", status=program.INCOMPLETE)
        self.assertEqual(run.json()["skipped"][0]["reason"], "limit")

    def test_notebook(self):
        image = base64.b64encode(self.tokens.random.randbytes(600)).decode()
        book = {"cells": [
            {"source": ["import os\n", f'key = "{self.secret}"\n']},
            {"source": "x", "outputs": [
                {"data": {"image/png": image, "text/plain": [
                    "it is ", b64(f"key {self.tokens.github()}")]}}]}]}
        self.see(json.dumps(book, indent=1), "", line=6)
        self.assertEqual(set(self.found("scan", "a")),
                         set(self.tokens.made))

    def test_utf16_in_base64(self):
        self.see(b64(f"$k = '{self.secret}'", "utf-16-le"),
                   "base64>utf-16")

    def test_base64_in_base64(self):
        self.see(b64(b64(f"key {self.secret} more")), "base64>base64")

    def test_hex(self):
        self.see(f"id={self.secret}".encode().hex(), "hex")

    def test_percent(self):
        s = self.secret
        self.see(f"/x?a=b%26k%3D{s[:6]}%{ord(s[6]):02X}{s[7:]}%20",
                   "percent")

    def test_escapes(self):
        s = self.secret
        self.see(f'"{s[:6]}\\u{ord(s[6]):04x}{s[7:]}"', "escape")
        self.see(f'"{s[:6]}\\x{ord(s[6]):02x}{s[7:]}"', "escape")

    def test_entities(self):
        s = self.secret
        self.see(f"<b>{s[:6]}&#{ord(s[6])};{s[7:]}</b>", "entity")
        self.see(f"<b>{s[:6]}&#x{ord(s[6]):x};{s[7:]}</b>", "entity")

    def test_literals_that_go_on(self):
        s = self.secret
        for joint in ('"\n"', '" +\n    "', '"\r\n\t. "', '" \\\n"',
                      '" &\n "'):
            with self.subTest(joint=joint):
                self.see(f'key = "{s[:9]}{joint}{s[9:]}";\n', "joined")

    def test_what_stands_there_is_told_as_it_is(self):
        self.see(f'a="{self.secret}" b="{b64(self.secret)}"', "")

    def test_the_line_hides_the_encoded_form(self):
        text = b64(f"id={self.secret} and more")
        (self.folder / "a").write_text(f"x: {text}\n")
        run = self.scan("a", status=program.FOUND)
        self.assertNotIn(text[8:24], run.out)
        self.assertIn("base64", run.out)

    def test_digits_that_are_no_text(self):
        (self.folder / "a").write_text(
            "\n".join(("0123456789abcdef" * 4, "A" * 64, "/".join(["usr"] * 9),
                       "=" * 40, "%" * 40, "\\x" * 20, "&#" * 20)))
        self.scan("a", status=program.CLEAN)

    def test_history(self):
        """A delta's runs are those that a full scan has."""
        r = self.repo()
        s = self.secret
        filler = "".join(f"line {i} of a file\n" for i in range(400))
        texts = [filler,
                 filler + f"x: {b64('k=' + s)}\n",
                 "new\n" + filler + f"x: {b64('k=' + s)}\n",
                 filler[:300] + f'"{s[:9]}" +\n "{s[9:]}"\n' + filler[300:],
                 filler[:300] + f'"{s[:9]}" +\n  "{s[9:]}"\n' + filler[310:],
                 filler + f"%3D{s[:9]}%{ord(s[9]):02X}{s[10:]}/" + "y" * 900,
                 filler]
        for i, text in enumerate(texts):
            r.add("f", text, f"version {i}")
        r.git("repack", "-adfq", "--depth=50")
        found = []
        for engine in "fast", "reference":
            run = self.audit(r.path, f"--engine={engine}", "--format=json",
                             "--occurrences", status=program.FOUND)
            found.append(run.json()["findings"])
        self.assertEqual(*found)
        self.assertEqual(found[0][0]["occurrence_count"], 5)


if __name__ == "__main__":
    program.main()
