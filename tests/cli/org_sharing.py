# SPDX-License-Identifier: Apache-2.0
"""Several scans of one organisation at once, and what is killed of them."""

import os
import random
import subprocess
import time

import test_org
from test_org import CLEAN, FOUND, INCOMPLETE, program

import repo


class Sharing(test_org.OrgCase):
    COUNT = 4
    KILLS = int(os.environ.get("KEYSIEVE_KILLS", "3"))

    def many(self):
        for number in range(self.COUNT):
            self.leak(self.hosted(str(number)))
        self.add()

    def start(self):
        return subprocess.Popen(
            [os.path.abspath(program.PROGRAM), "org", "scan", "--store",
             self.store, "acme"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment)

    def check_all(self):
        found = self.findings()
        self.assertEqual(len(found), self.COUNT)
        self.assertEqual({item["place_count"] for item in found}, {1})
        self.assertEqual({item["gone"] for item in found}, {False})

    def test_each_is_scanned_by_one(self):
        self.many()
        runs = [self.start() for _ in range(3)]
        said = [run.communicate(timeout=100)[0] for run in runs]
        self.assertEqual(sum(text.count("\n") for text in said), self.COUNT)
        self.check_all()
        self.assertEqual(
            self.sql("SELECT name FROM repositories WHERE revision <> 1"
                     " OR lease_by <> '' OR tries <> 0"), [])

    def test_killed_at_any_point(self):
        self.many()
        chance = random.Random(7)
        for _ in range(self.KILLS):
            run = self.start()
            time.sleep(chance.uniform(0.02, 0.3))
            run.kill()
            run.communicate()
            self.sql("UPDATE repositories SET lease_until = 0, tries = 0")
        run = self.org_scan()
        self.assertIn(run.status, (CLEAN, FOUND), run.err)
        self.check_all()
        run = self.org_scan(status=CLEAN)
        self.check_counts(run, unchanged=self.COUNT)


class Trying(test_org.OrgCase):
    def leased(self, until, tries):
        self.leak(self.hosted())
        self.add()
        self.org_scan(status=FOUND)
        self.leak(repo.Repo(self.folder / "work" / "a", create=False),
                  "more.py")
        self.sql(f"UPDATE repositories SET lease_by = 'x', tries = {tries},"
                 f" lease_until = {int(time.time()) + until}")

    def test_what_another_has_is_waited_for(self):
        self.leased(2, 1)
        begun = time.time()
        self.org_scan(status=FOUND)
        self.assertGreater(time.time() - begun, 0.9)

    def test_a_clock_that_jumped_back(self):
        self.leased(10 ** 8, 1)
        self.org_scan(status=FOUND)

    def test_what_kills_is_left_alone(self):
        self.leased(-60, 3)
        run = self.org_scan(status=INCOMPLETE)
        self.assertIn("was killed, 3 times or more", run.err)
        self.sql(f"UPDATE repositories SET lease_until = {int(time.time())}"
                 " - 3700")
        self.org_scan(status=FOUND)
        self.assertEqual(len(self.findings()), 2)
