#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve org: what a store holds of secrets, and under which keys."""

import test_org
from test_org import program

FAILED, FOUND, CLEAN = program.FAILED, program.FOUND, program.CLEAN


class StoreKey(test_org.OrgCase):
    def setUp(self):
        super().setUp()
        self.key_file = self.folder / ".config/keysieve/store.key"
        self.leak(self.hosted())
        self.add()

    def test_it_is_made_with_the_store(self):
        self.assertEqual(self.key_file.stat().st_mode & 0o777, 0o600)
        self.assertRegex(self.key_file.read_text(), r"\A[0-9a-f]{64}\n\Z")

    def test_fingerprints_are_hashed_with_it(self):
        told = next(iter(self.found("audit", self.srv / "a.git").values()))
        self.org_scan(status=FOUND)
        self.assertEqual(self.findings()[0]["fingerprint"],
                         self.stored(told["fingerprint"]))
        # What the report calls it is understood, too.
        self.org("dismiss", told["fingerprint"], "--why=test", status=CLEAN)
        self.assertEqual(self.states(), ["dismissed"])

    def test_without_it_the_store_is_of_no_use(self):
        self.key_file.rename(self.folder / "elsewhere")
        run = self.org_scan(status=FAILED)
        self.assertIn("store.key', is not there: copy it", run.err)
        self.assertFalse(self.key_file.exists())
        self.org_scan("--store-key", self.folder / "elsewhere", status=FOUND)

    def test_another_one_is_refused(self):
        for key, text in (("ab" * 32, "made with another key"),
                          ("ab", "KEYSIEVE_STORE_KEY: the key of a store")):
            run = self.org_scan(status=FAILED, KEYSIEVE_STORE_KEY=key)
            self.assertIn(text, run.err)
        self.org_scan(status=FOUND,
                      KEYSIEVE_STORE_KEY=self.key_file.read_text().strip())


class StoredSecrets(test_org.OrgCase):
    def setUp(self):
        super().setUp()
        self.leak(self.hosted())
        self.secret = self.tokens.made[0]
        self.add()
        self.run_program("org", "keygen", "pair", status=CLEAN)

    def test_keys_are_made_once(self):
        private = self.folder / "pair"
        self.assertEqual(private.stat().st_mode & 0o777, 0o600)
        self.assertNotEqual(private.read_text(),
                            (self.folder / "pair.pub").read_text())
        before = private.read_text()
        self.run_program("org", "keygen", "pair", status=FAILED)
        self.assertEqual(private.read_text(), before)

    def opened(self, key, status=CLEAN):
        """The secrets that are told with a private key."""
        self.tokens.made.clear()
        run = self.org("findings", "--format=jsonl", "--secret-key", key,
                       status=status)
        return [item["secret"] for item in run.lines()]

    def test_only_the_private_key_opens_them(self):
        self.org_scan("--store-secrets", "pair.pub", status=FOUND)
        for file in self.folder.glob("findings.sqlite*"):
            self.assertNotIn(self.secret.encode(), file.read_bytes())
        self.assertNotEqual(self.findings()[0]["secret"], self.secret)
        self.assertEqual(self.opened("pair"), [self.secret])
        self.assertEqual(self.opened("pair.pub", status=FAILED), [])

    def test_what_was_found_before_is_kept_too(self):
        self.org_scan(status=FOUND)
        self.assertNotIn(self.secret, self.opened("pair"))
        self.org_scan("--store-secrets", "pair.pub", status=CLEAN)
        self.assertEqual(self.opened("pair"), [self.secret])

    def test_a_file_without_a_key(self):
        (self.folder / "none").write_text("hello\n")
        for file, text in (("none", "holds no key"), ("nowhere", "nowhere")):
            run = self.org_scan("--store-secrets", file, status=FAILED)
            self.assertIn(text, run.err)


if __name__ == "__main__":
    program.main()
