#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secrets at the seams of deltas, and random deltas, as no git writes them.

KEYSIEVE_PROPERTY_SECONDS lets the random ones go on for longer, and
KEYSIEVE_PROPERTY_SEED begins at the seed that a failure names.
"""

import os
import random
import time

import engines  # noqa: F401 (finds the libraries)
import packs
import program
import tokens

SECONDS = 8
NODES = 150  # of a random forest of deltas
LINE = b"the quick brown fox jumps over the lazy dog, %d times\n"
TEXT = b"".join(LINE % number for number in range(40))


class SeamCase(program.ProgramCase):
    """Pieces of a child are (start, end) of its base, or new bytes."""

    def setUp(self):
        super().setUp()
        self.made = self.repo()
        self.pack = packs.Pack()
        self.contents = {}
        self.wanted = {}  # id -> has it the secret?

    def base(self, content):
        oid = packs.oid_of("blob", content)
        if oid not in self.contents:
            self.pack.full(content)
            self.contents[oid] = content
        return oid

    def child(self, base, *pieces):
        """Append a delta against ${base}; the new object's id."""
        before = self.contents[base]
        code, content = [], b""
        for piece in pieces:
            if isinstance(piece, bytes):
                code.append(packs.insert(piece))
                content += piece
                continue
            start, end = piece
            content += before[start:end]
            for at in range(start, end, 0x10000):
                code.append(packs.copy(at, min(end - at, 0x10000)))
        oid = packs.oid_of("blob", content)
        if oid not in self.contents:
            self.contents[oid] = content
            self.pack.ofs_delta(base, packs.delta(
                len(before), len(content), *code), oid)
        return oid

    def reports(self):
        return [self.audit("repo", "--format=json", "--occurrences",
                           "--show-secrets", *words).json()
                for words in (["--jobs=1"], ["--jobs=2"],
                              ["--engine=reference"])]

    def check_same(self):
        self.pack.write(self.made)
        one, two, reference = self.reports()
        self.assertEqual(one["findings"], two["findings"])
        self.assertEqual(one["findings"], reference["findings"])
        for report in (one, reference):
            self.assertTrue(report["complete"], report["skipped"])
            self.assertEqual(report["coverage"]["blobs"], len(self.contents))
        return one["findings"]

    def check_places(self, secret):
        """Those that ${self.wanted} says have ${secret}, and no other."""
        blobs = {place["blob"] for item in self.check_same()
                 if item["secret"] == secret.decode()
                 for place in item["occurrences"]}
        for oid, has_secret in self.wanted.items():
            self.assertEqual(oid.hex() in blobs, has_secret,
                             self.contents[oid])
        self.assertIn(True, self.wanted.values())
        self.assertIn(False, self.wanted.values())

    def secret(self):
        return self.tokens.github().encode()


class Seams(SeamCase):
    """A secret at every place that matters."""

    def test_across_a_seam_of_two_copies(self):
        secret = self.secret()
        for cut in range(1, len(secret)):
            head, tail = secret[:cut] + b"!\n", b"?" + secret[cut:]
            base = self.base(TEXT + b"a " + head + TEXT + tail + b"\n")
            end = len(TEXT) + 2 + cut
            start = len(TEXT) + 2 + len(head) + len(TEXT) + 1
            whole = len(self.contents[base])
            self.wanted[base] = False
            self.wanted[self.child(base, (0, end), (start, whole))] = True
            self.wanted[self.child(base, (end - cut, end),
                                   (start, whole))] = True
            self.wanted[self.child(base, (0, end), b"-",
                                   (start, whole))] = False
        self.check_places(secret)

    def test_across_a_seam_of_old_and_new(self):
        secret = self.secret()
        for cut in range(1, len(secret)):
            base = self.base(TEXT + b"%d " % cut + secret[:cut])
            whole = len(self.contents[base])
            self.wanted[base] = False
            self.wanted[self.child(base, (0, whole), secret[cut:])] = True
            base = self.base(secret[cut:] + b"\n%d " % cut + TEXT)
            whole = len(self.contents[base])
            self.wanted[self.child(base, secret[:cut], (0, whole))] = True
            self.wanted[self.child(base, secret[:cut - 1],
                                   (0, whole))] = False
        self.check_places(secret)

    def test_first_and_last_byte(self):
        secret = self.secret()
        base = self.base(TEXT)
        whole = len(TEXT)
        for pieces, has_secret in (
                ([secret], True), ([secret, b"\n", (0, whole)], True),
                ([(0, whole), secret], True), ([(0, 0), secret[:-1]], False),
                ([secret[1:], (0, whole)], False),
                ([(0, whole), secret[:-1]], False)):
            oid = self.child(base, *pieces)
            self.wanted[oid] = has_secret
            size = len(self.contents[oid])
            # The same once more, as copies of what has it at the edge.
            self.wanted[self.child(oid, (0, size), b" ")] = has_secret
            self.wanted[self.child(oid, b" ", (0, size))] = has_secret
            self.wanted[self.child(oid, (0, size), (0, size))] = (
                has_secret and size > len(secret))
            if has_secret:
                self.wanted[self.child(oid, (1, size - 1))] = (
                    secret in self.contents[oid][1:-1])
        self.check_places(secret)

    def test_copied_from_anywhere(self):
        secret = self.secret()
        base = self.base(TEXT + b"x=" + secret + b"\n" + LINE)
        start, whole = len(TEXT) + 2, len(self.contents[base])
        end = start + len(secret)
        for pieces, has_secret in (
                ([(0, whole)], True), ([(0, whole), b"more\n"], True),
                ([(start, end)], True), ([(start, whole), (0, start)], True),
                ([(end, whole), b" ", (start, end)], True),
                ([b"new\n", (100, whole)], True),
                ([(0, start), (end, whole)], False),  # in the base only
                ([(end, whole)], False), ([(start + 1, whole)], False),
                ([(0, end - 1)], False), ([], False),
                ([(start, end), (start, end)], False),
                ([(start, end), b"\n", (start, end)], True),
                ([(start + 9, end), (start, start + 9)], False)):
            oid = self.child(base, *pieces)
            self.wanted[oid] = has_secret
            size = len(self.contents[oid])
            self.wanted[self.child(oid, b"again\n", (0, size))] = has_secret
        self.wanted[self.child(self.base(TEXT), (0, 99), b"\n" + secret,
                               (100, 120))] = False  # a letter follows
        self.wanted[self.child(self.base(TEXT), (0, 99), b"\n" + secret,
                               b"\n", (99, 120))] = True  # in the child only
        self.check_places(secret)

    def test_one_byte_that_makes_or_breaks_it(self):
        secret = self.secret()
        front = TEXT + b"x = "
        for at in range(len(secret)):
            wrong = b"%c" % (secret[at] ^ 1)
            broken = secret[:at] + wrong + secret[at + 1:]
            place = len(front) + at
            for content, has_secret in ((secret, True), (broken, False)):
                base = self.base(front + content + b"\n")
                whole = len(self.contents[base])
                other = wrong if has_secret else secret[at:at + 1]
                self.wanted[base] = has_secret
                self.wanted[self.child(base, (0, place), other, (
                    place + 1, whole), b"#")] = not has_secret
            # A byte more and a byte less.
            base = self.base(front + secret + b"\n")
            self.wanted[self.child(base, (0, place), (
                place + 1, len(self.contents[base])))] = False
            if at:
                self.wanted[self.child(base, (0, place), b"~", (
                    place, len(self.contents[base])))] = False
        self.check_places(secret)

    def test_one_byte_beside_it(self):
        secret = self.secret()
        for left, right in ((b"x", b"\n"), (b" ", b"x"), (b"9", b"9")):
            base = self.base(TEXT + left + secret + right + TEXT)
            start = len(TEXT) + 1
            end, whole = start + len(secret), len(self.contents[base])
            self.wanted[base] = False
            freed = self.child(base, (0, start - 1), b" ", (start, end),
                               b" ", (end + 1, whole))
            self.wanted[freed] = True
            self.wanted[self.child(freed, (0, start - 1), left, (start, end),
                                   right, (end + 1, whole))] = False
            self.wanted[self.child(freed, (0, start), b"x",
                                   (start, whole))] = False
        self.check_places(secret)

    def test_copy_of_64_kib(self):
        """Its size is written as none; the secret lies across its end."""
        secret = self.secret()
        filler = (TEXT * 40)[:0x10000 - 10]
        base = self.base(filler + b" " + secret + b"\n" + TEXT)
        whole = len(self.contents[base])
        self.wanted[base] = True
        self.wanted[self.child(base, (0, whole))] = True
        self.wanted[self.child(base, (0, 0x10000))] = False
        self.wanted[self.child(base, (0, 0x10000), b"\n",
                               (0x10000, whole))] = False
        self.wanted[self.child(base, (30, 30 + 0x10000),
                               (30 + 0x10000, whole))] = True
        self.check_places(secret)


class RandomDeltas(SeamCase):
    """Random forests of random deltas: both engines find the same."""

    def draw_text(self, drawn, source):
        """What rules look for, whole, cut, with and without its context."""
        token = drawn.choice([source.github, source.aws,
                              source.aws_secret])()
        cut = drawn.randrange(len(token))
        kinds = (token, token, token[:cut], token[cut:], " ", "\n", '"', "x",
                 "AKIA", "gh" + "p_", "\npassword = ", "aws_secret_key: ",
                 'api_key = "', "=", "-----BEGIN RSA PRIVATE" + " KEY-----\n",
                 "-----END RSA PRIVATE" + " KEY-----", "https://user:",
                 "@example.org/\n", "eyJhbGciOiJIUzI1NiJ9.", "\0", "\u20ac",
                 "EXAMPLE", "xxxx", "\r\n", "secret")
        text = "".join(drawn.choices(kinds, k=drawn.randrange(1, 6)))
        return text.encode("utf-16-le" if drawn.random() < 0.05 else "utf-8")

    def draw_piece(self, drawn, source, size):
        if size and drawn.random() < 0.7:
            start = drawn.randrange(size)
            return start, drawn.choice([
                size, start + 1, drawn.randrange(start, size) + 1])
        if drawn.random() < 0.3:
            return self.draw_text(drawn, source)[:1]
        return self.draw_text(drawn, source)

    def draw_edit(self, drawn, source, size):
        """In order, as git would: most is kept, a little is new."""
        pieces, at = [], 0
        while at < size:
            end = min(size, at + drawn.randrange(1, size + 2))
            pieces.append((at, end))
            at = end + drawn.choice([0, 0, 1, 9])
            if drawn.random() < 0.6:
                pieces.append(self.draw_text(drawn, source))
        return pieces

    def grow(self, seed):
        drawn = random.Random(seed)
        source = tokens.Tokens(seed)
        self.pack, self.contents = packs.Pack(), {}
        oids = [self.base(b"".join(
            self.draw_text(drawn, source) for _ in range(size)))
            for size in (0, 3, 40)]
        while len(oids) < NODES:
            base = oids[-1] if drawn.random() < 0.3 else drawn.choice(oids)
            size = len(self.contents[base])
            if drawn.random() < 0.5:
                pieces = self.draw_edit(drawn, source, size)
            else:
                pieces = [self.draw_piece(drawn, source, size)
                          for _ in range(drawn.randrange(9))]
            if sum(len(piece) if isinstance(piece, bytes)
                   else piece[1] - piece[0] for piece in pieces) < 5000:
                oids.append(self.child(base, *pieces))

    def test_random_deltas(self):
        seed = int(os.environ.get("KEYSIEVE_PROPERTY_SEED", "1"))
        end = time.monotonic() + float(
            os.environ.get("KEYSIEVE_PROPERTY_SECONDS", SECONDS))
        found = 0
        while True:
            self.grow(seed)
            with self.subTest(seed=seed):
                found += len(self.check_same())
            seed += 1
            if time.monotonic() > end:
                break
        self.assertGreater(found, 0)  # or it would show nothing


if __name__ == "__main__":
    program.main()
