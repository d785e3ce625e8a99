# SPDX-License-Identifier: Apache-2.0
"""Secrets that look real, made at run time: no file may hold one."""

import base64
import math
import random
import zlib

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BASE62 = ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
          "abcdefghijklmnopqrstuvwxyz")


def entropy(text):
    """Bits per character."""
    shares = [text.count(char) / len(text) for char in set(text)]
    return -sum(share * math.log2(share) for share in shares)


class Tokens:
    """A source of tokens, the same ones for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.made = []

    def draw(self, alphabet, count):
        """Characters as varied as a real token's."""
        while True:
            text = "".join(self.random.choices(alphabet, k=count))
            if entropy(text) > min(3.3, 0.8 * math.log2(count)):
                return text

    def keep(self, token):
        self.made.append(token)
        return token

    def aws(self):
        """An AWS access key id; it tells an account of twelve digits."""
        while True:
            body = self.draw(BASE32, 16)
            number = 0
            for digit in body[:10]:
                number = number << 5 | BASE32.index(digit)
            # 50 bits: one that says that the 40 behind it are the account.
            if number >> 49 and (number >> 9 & (1 << 40) - 1) < 10 ** 12:
                return self.keep("AK" + "IA" + body)

    def aws_secret(self):
        """The other half of one."""
        return self.keep(self.draw(BASE62 + "+/", 40))

    def github(self):
        """A classic GitHub token: its last six characters are a CRC-32."""
        body = self.draw(BASE62, 30)
        value = zlib.crc32(body.encode())
        check = ""
        while value:
            value, digit = divmod(value, 62)
            check = BASE62[digit] + check
        return self.keep("gh" + "p_" + body + check.rjust(6, "0"))

    def private_key(self):
        """The form of an RSA key, in PEM; its numbers are random bytes."""
        numbers = b"".join(
            b"\x02\x82" + size.to_bytes(2, "big") + b"\x71"
            + self.random.randbytes(size - 1)
            for size in (256, 256, 128, 128, 128, 128, 128))
        body = base64.encodebytes(
            b"\x30\x82" + (3 + len(numbers)).to_bytes(2, "big")
            + b"\x02\x01\x00" + numbers).decode()
        kind = "RSA PRIVATE KEY"
        return self.keep(f"-----BEGIN {kind}-----\n{body}"
                         f"-----END {kind}-----")
