#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve org and worker where disks are full and stores change or break."""

import os
import signal
import time

import test_org_remote
import test_worker
from test_org_remote import CLEAN, FAILED, FOUND, program


def no_room(kilobytes):
    """A command line's beginning: no file grows beyond that."""
    return ("bash", "-c", f"trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\"",
            "bash")


class Disk(test_org_remote.RemoteCase):
    def test_no_room_for_a_mirror_stops_no_other(self):
        self.works["b"].add("large", os.urandom(3 << 20).hex())
        self.works["b"].git("push", "-q", str(self.served / "acme/b.git"),
                            "main")
        local = self.repo("local")
        local.add("key.py", f"KEY = '{self.tokens.aws()}'\n")
        self.org("add", self.source, local.path, status=CLEAN)
        run = self.org("scan", prefix=no_room(1024), status=FOUND)
        self.assertRegex(run.err, "acme/b.git: cannot fetch")
        self.assertIn("2 scanned in full, 1 not scanned", run.err)
        self.assertIn("acme/b.git  never scanned",
                      self.org("status", status=CLEAN).out)
        run = self.org("scan", status=CLEAN)
        self.assertIn("2 repositories unchanged", run.err)
        self.assertNotIn("failed", self.org("status", status=CLEAN).out)

    def test_a_mirror_that_is_damaged_is_made_anew(self):
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        for pack in self.folder.glob(
                ".cache/keysieve/mirrors/*/*/*.git/objects/pack/*.pack"):
            pack.chmod(0o600)
            pack.write_bytes(pack.read_bytes()[:-9])
        self.leak("a")
        run = self.org("scan", status=FOUND)
        self.assertIn("0 not scanned", run.err)
        self.assertEqual(
            len(self.org("findings", "--format=jsonl").lines()), 2)


class Store(test_worker.WorkerCase):
    def test_no_room_for_the_store(self):
        self.leak(self.hosted("a"))
        self.add()
        work = self.hosted("b")
        for number in range(60):
            work.write(f"{number}.py", f"KEY = '{self.key()}'\n")
        work.git("add", ".")
        work.git("commit", "-q", "-m", "many")
        work.git("push", "-q", "origin", "HEAD:refs/heads/main")
        size = self.store.stat().st_size // 1024
        run = self.org_scan(prefix=no_room(size + 8), status=FAILED)
        self.assertIn("findings.sqlite", run.err)
        self.org_scan(status=FOUND)
        self.assertEqual(len(self.findings()), 61)

    def test_a_store_that_is_damaged(self):
        self.leak(self.hosted("a"))
        self.add()
        self.org_scan(status=FOUND)
        self.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        data = bytearray(self.store.read_bytes())
        data[4096:] = b"\x55" * (len(data) - 4096)
        self.store.write_bytes(data)
        for words in (["scan"], ["findings"], ["status"], ["history"]):
            run = self.org(*words, status=FAILED)
            self.assertIn("findings.sqlite", run.err)

    def test_a_newer_version_takes_over(self):
        """A worker that runs on stops, and what it was at is not lost."""
        self.leak(self.hosted("a"))
        self.add()
        worker = self.start("worker")
        try:
            time.sleep(0.3)
            self.sql("UPDATE keysieve_version SET version = version + 1"
                     " WHERE version = (SELECT max(version)"
                     " FROM keysieve_version)")
            _, err = worker.communicate(timeout=30)
        finally:
            worker.kill()
        self.assertEqual(worker.returncode, FAILED)
        self.assertIn("by a newer keysieve", err)
        self.sql("UPDATE keysieve_version SET version = version - 1"
                 " WHERE version = (SELECT max(version)"
                 " FROM keysieve_version)")
        self.org_scan(status=FOUND)

    def test_a_clock_that_was_ahead(self):
        """Times in the store that are yet to come hold nothing up."""
        self.leak(self.hosted("a"))
        self.add()
        self.org_scan(status=FOUND)
        for column in ("scanned", "lease_until"):
            self.sql(f"UPDATE repositories SET {column} = 99999999999")
        self.sql("UPDATE repositories SET lease_by = 'x', tries = 5")
        self.sql("UPDATE scans SET begun = 99999999999, ended = 99999999999")
        self.leak(self.hosted("b"))
        run = self.org_scan(status=FOUND)
        self.check_counts(run, unchanged=1, audited=1)

    def test_a_scan_that_is_stopped_gives_back_what_it_had(self):
        for name in "abc":
            self.leak(self.hosted(name))
        self.add()
        scan = self.start("org", "scan", "acme")
        time.sleep(0.05)
        scan.send_signal(signal.SIGTERM)
        scan.communicate(timeout=30)
        self.assertEqual(
            self.sql("SELECT * FROM repositories WHERE lease_by <> ''"), [])
        self.org_scan()
        self.assertEqual(len(self.findings()), 3)


if __name__ == "__main__":
    program.main()
