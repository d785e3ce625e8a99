#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Workers and their PostgreSQL are killed at any moment: nothing is lost.

KEYSIEVE_KILLS workers (12) get SIGKILL, and the server is stopped at once and
started again KEYSIEVE_CRASHES times (1).
"""

import os
import random
import subprocess
import sys
import time

import test_org
import test_org_postgres
from test_org import CLEAN, FAILED, FOUND, program

import postgres

KILLS = int(os.environ.get("KEYSIEVE_KILLS", "12"))
CRASHES = int(os.environ.get("KEYSIEVE_CRASHES", "1"))
SEED = int(os.environ.get("KEYSIEVE_SEED", "1"))
REPOSITORIES = 8
WORKERS = 3


class Kills(test_org_postgres.OnServer, test_org.OrgCase):
    def start(self, *words):
        return subprocess.Popen(
            [os.path.abspath(program.PROGRAM), *words, "--store", self.store],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment)

    def worker(self):
        return self.start("worker", "--quiet")

    def forgive(self):
        """As if the time of leases and pauses had passed."""
        self.sql("UPDATE repositories SET lease_until = 0, tries = 0"
                 " WHERE lease_by <> ''")

    def crash(self):
        test_org_postgres.SERVER.crash()
        time.sleep(self.dice.uniform(0, 0.2))
        test_org_postgres.SERVER.start()
        self.crashes += 1

    def disturb(self, workers):
        """Kill one of them, or the server; and let time pass.

        For those alive, too: what another has taken by then is not written
        down twice.
        """
        victim = self.dice.randrange(len(workers))
        workers[victim].kill()
        workers[victim].communicate()
        self.kills += 1
        if self.kills * CRASHES >= (self.crashes + 1) * KILLS:
            self.crash()
        self.forgive()
        for at, worker in enumerate(workers):
            if worker.poll() is not None:
                worker.communicate()
                workers[at] = self.worker()

    def scan_disturbed(self, workers, kills):
        """Until a scan comes to its end; what it tells."""
        while True:
            scan = self.start("org", "scan", "acme")
            while scan.poll() is None and kills > 0:
                time.sleep(self.dice.uniform(0, 0.1))
                self.disturb(workers)
                kills -= 1
                if self.dice.random() < 0.05:
                    scan.kill()
            out, err = scan.communicate(timeout=100)
            if scan.returncode in (CLEAN, FOUND):
                return out.splitlines()
            if scan.returncode < 0:
                continue
            self.assertEqual(scan.returncode, FAILED, err)
            self.assertIn("PostgreSQL", err)

    def wait_for_a_lease(self, work):
        """Nobody helps: what one had that was killed is free in the end."""
        self.leak(work, "last")
        self.sql("UPDATE repositories SET lease_by = 'dead', tries = 1,"
                 f" lease_until = {int(time.time()) + 30}"
                 " WHERE name LIKE '%/0.git'")
        return self.org_scan(status=FOUND, timeout=90).out.splitlines()

    def places(self):
        return sorted((item["fingerprint"], item["path"], item["commit"],
                       item["place_count"], item["in_head"])
                      for item in self.findings())

    def test_nothing_is_lost_or_told_twice(self):
        self.dice = random.Random(SEED)
        self.kills = self.crashes = 0
        works = [self.hosted(str(number)) for number in range(REPOSITORIES)]
        self.add()
        workers = [self.worker() for _ in range(WORKERS)]
        told = []
        try:
            while self.kills < KILLS:
                for work in self.dice.sample(works, REPOSITORIES // 2):
                    self.leak(work, f"file{len(self.tokens.made)}")
                told += self.scan_disturbed(workers, 4)
        finally:
            for worker in workers:
                worker.kill()
                worker.communicate()
        if KILLS >= 100:
            told += self.wait_for_a_lease(works[0])
        self.forgive()
        told += self.org_scan().out.splitlines()
        self.assertGreaterEqual(self.kills, KILLS)
        self.assertGreaterEqual(self.crashes, CRASHES)
        # Each finding once.
        names = [line.split()[-1] for line in told]
        self.assertEqual(sorted(names), sorted(set(names)))
        self.assertEqual(len(names), len(self.tokens.made))
        self.assertEqual(self.sql("SELECT name FROM repositories"
                                  " WHERE lease_by <> '' OR wanted > 0"), [])
        # As without any of that.
        disturbed = self.places()
        self.database = test_org_postgres.SERVER.database()
        self.add()
        self.org_scan(status=FOUND)
        self.assertEqual(self.places(), disturbed)


def main():
    if not postgres.programs():
        sys.exit(test_org_postgres.SKIPPED)
    test_org_postgres.SERVER = postgres.Postgres()
    try:
        program.main()
    finally:
        test_org_postgres.SERVER.close()


if __name__ == "__main__":
    main()
