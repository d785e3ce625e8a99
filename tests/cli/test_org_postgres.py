#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve org with its store on a PostgreSQL server."""

import os
import sys

import org_sharing
import test_org
import test_org_lists
import test_org_secrets
from test_org import CLEAN, FAILED, FOUND, program

import postgres

SKIPPED = 77  # to meson
SERVER = None


class OnServer:
    """The same tests, on a database of each one's own."""

    @property
    def store(self):
        if not hasattr(self, "database"):
            self.database = SERVER.database()
        return self.database

    @store.setter
    def store(self, path):
        """There is no file."""

    def sql(self, sql):
        said = SERVER.ask(sql, self.store.rpartition("/")[2])
        return [tuple(line.split("|")) for line in said.splitlines()]


class Life(OnServer, test_org.Life):
    pass


class Dismissal(OnServer, test_org.Dismissal):
    pass


class Filters(OnServer, test_org_lists.Filters):
    pass


class Reports(OnServer, test_org_lists.Reports):
    pass


class History(OnServer, test_org_lists.History):
    pass


class StoredSecrets(OnServer, test_org_secrets.StoredSecrets):
    test_only_the_private_key_opens_them = None


class Sharing(OnServer, org_sharing.Sharing):
    pass


class Trying(OnServer, org_sharing.Trying):
    pass


class Trouble(OnServer, test_org.OrgCase):
    test_two_scans_at_once = test_org.Trouble.test_two_scans_at_once
    test_newer_store = test_org.Trouble.test_newer_store

    def test_no_server(self):
        self.hosted()
        for place, why in (
                (self.store + "nowhere", "does not exist"),
                ("postgresql://x:hidden@%2Fnowhere/x", "No such file")):
            run = self.run_program("org", "add", "--store", place, "acme",
                                   self.srv, status=FAILED)
            self.assertIn("cannot connect to the store", run.err)
            self.assertIn(why, run.err)
            self.assertNotIn("hidden", run.err)

    def test_names_that_are_not_utf_8(self):
        work = self.hosted()
        self.push(work, os.fsdecode(b"caf\xe9.py"), f"K = '{self.key()}'\n")
        self.add()
        self.org_scan(status=FOUND)
        [item] = self.findings()
        self.assertEqual(item["path"], "caf\ufffd.py")
        self.org_scan(status=CLEAN)

    def test_server_that_crashes(self):
        for name in "ab":
            self.leak(self.hosted(name))
        self.add()
        self.org_scan(status=FOUND)
        SERVER.crash()
        self.assertIn("cannot connect to the store",
                      self.org_scan(status=FAILED).err)
        SERVER.start()
        self.leak(self.hosted("c"))
        run = self.org_scan(status=FOUND)
        self.check_counts(run, unchanged=2, audited=1)
        self.assertEqual(len(self.findings()), 3)


def main():
    global SERVER
    if not postgres.programs():
        sys.exit(SKIPPED)
    SERVER = postgres.Postgres()
    try:
        program.main()
    finally:
        SERVER.close()


if __name__ == "__main__":
    main()
