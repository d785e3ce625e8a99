#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve worker: what scans want done is done by others."""

import os
import signal
import subprocess
import time

import test_org
from test_org import CLEAN, FAILED, FOUND, program


class WorkerCase(test_org.OrgCase):
    def start(self, *words, **environment):
        return subprocess.Popen(
            [os.path.abspath(program.PROGRAM), *map(str, words), "--store",
             self.store], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env={**self.environment, **environment})

    def work(self, *words, **options):
        return self.run_program("worker", "--once", "--store", self.store,
                                *words, **options)

    def want(self, rules=None):
        """As if a scan had been killed before it began to work."""
        self.sql("UPDATE repositories SET scanned = 0, refs = '',"
                 " wanted = 99" + (f", wanted_rules = '{rules}'"
                                   if rules else ""))

    def wanted(self):
        return [int(row[0]) for row in self.sql(
            "SELECT count(*) FROM repositories WHERE wanted > 0")][0]


class NewRules(WorkerCase):
    def setUp(self):
        super().setUp()
        self.rules = self.folder / "own.yaml"
        self.work_tree = self.hosted()
        self.push(self.work_tree, "a",
                  f"own_{self.drawn()} other_{self.drawn()}\n")
        self.leak(self.work_tree)
        self.add()

    def drawn(self):
        return self.tokens.keep(self.tokens.draw(
            "abcdefghijklmnopqrstuvwxyz0123456789", 20))

    def write(self, *names, length=20):
        self.rules.write_text("".join(
            f"- id: {name}-key\n  name: {name}\n  confidence: 0.9\n"
            f"  pattern: '\\b{name}_(?<secret>[a-z0-9]{{{length}}})"
            "\\b'\n" for name in names))

    def scan(self, *words, **options):
        return self.org_scan("--rules", self.rules, *words, **options)

    def test_only_those_are_looked_for(self):
        self.write("own")
        self.scan(status=FOUND)
        self.assertEqual(len(self.findings()), 2)
        self.write("own", "other")
        run = self.scan("--new-rules", status=FOUND)
        self.assertEqual(run.out.count("\n"), 1)
        self.assertIn("other-key", run.out)
        # What the others found is as it was.
        self.assertEqual(self.states(), ["new", "open", "open"])
        self.assertIn("1 repositories unchanged",
                      self.scan(status=CLEAN).err)

    def test_a_rule_that_changed_is_not_new(self):
        self.write("own")
        self.scan(status=FOUND)
        self.write("own", length=21)
        self.scan("--new-rules", status=CLEAN)
        self.assertNotIn("gone", self.states())
        self.write("own", length=22)
        self.scan(status=CLEAN)
        self.assertIn("gone", self.states())

    def test_new_commits_are_looked_at_by_all(self):
        self.write("own")
        self.scan(status=FOUND)
        self.write("own", "other")
        self.push(self.work_tree, "b", f"own_{self.drawn()}\n")
        run = self.scan("--new-rules", status=FOUND)
        self.assertEqual(run.out.count("\n"), 2)


class Worker(WorkerCase):
    def test_it_does_what_a_scan_left(self):
        self.leak(self.hosted("a"))
        self.leak(self.hosted("b"))
        self.add()
        self.org_scan(status=FOUND)
        self.want()
        run = self.work(status=CLEAN)
        self.assertEqual(run.err.count(": audited"), 2)
        self.assertEqual(self.wanted(), 0)
        self.assertEqual(self.work(status=CLEAN).err, "")

    def test_the_largest_first(self):
        for name in "abc":
            self.hosted(name)
        self.add()
        self.org_scan(status=CLEAN)
        self.want()
        for size, name in ((5, "a"), (90, "b"), (70, "c")):
            self.sql(f"UPDATE repositories SET size = {size}"
                     f" WHERE name LIKE '%/{name}.git'")
        run = self.work(status=CLEAN)
        self.assertEqual([line.split(".git")[0][-1]
                          for line in run.err.splitlines()], list("bca"))

    def test_work_under_other_rules_is_left(self):
        self.hosted()
        self.add()
        self.org_scan(status=CLEAN)
        self.want("x")
        self.work(status=CLEAN)
        self.assertEqual(self.wanted(), 1)
        self.want()
        self.work("--skip=aws-access-key", status=CLEAN)
        self.assertEqual(self.wanted(), 1)

    def test_what_lies_on_another_machine_is_left(self):
        self.hosted()
        self.add()
        self.org_scan(status=CLEAN)
        self.want()
        self.sql("UPDATE repositories SET host = 'elsewhere'")
        self.work(status=CLEAN)
        self.assertEqual(self.wanted(), 1)

    def test_it_shares_with_a_scan(self):
        for number in range(6):
            self.leak(self.hosted(str(number)))
        self.add()
        worker = self.start("worker", "--quiet")
        try:
            run = self.org_scan(status=FOUND)
            self.assertEqual(run.out.count("\n"), 6)
            self.check_counts(run, audited=6)
        finally:
            worker.send_signal(signal.SIGTERM)
            self.assertEqual(worker.communicate(timeout=30)[1], "")
        self.assertEqual(worker.returncode, CLEAN)

    def test_told_to_stop_it_gives_back_what_it_had(self):
        self.hosted()
        self.add()
        self.org_scan(status=CLEAN)
        worker = self.start("worker")
        time.sleep(0.5)
        worker.send_signal(signal.SIGTERM)
        self.assertIn("left to others", worker.communicate(timeout=30)[1])
        self.assertEqual(worker.returncode, CLEAN)
        self.assertEqual(
            self.sql("SELECT * FROM repositories WHERE lease_by <> ''"), [])

    def test_it_waits_so_long_for_something_to_do(self):
        self.leak(self.hosted())
        self.add()
        worker = self.start("worker", "--wait", "1", "--quiet")
        self.assertEqual(worker.communicate(timeout=30), ("", ""))
        self.assertEqual(worker.returncode, CLEAN)

    def test_the_store_is_named_by_the_environment(self):
        self.leak(self.hosted())
        self.add()
        run = self.run_program("org", "scan", "acme", status=FOUND,
                               KEYSIEVE_STORE=str(self.store))
        self.assertIn("1 new finding", run.err)

    def leased(self, seconds, tries):
        self.leak(self.hosted())
        self.add()
        self.org_scan(status=FOUND)
        self.want()
        until = int(time.time()) + seconds
        self.sql(f"UPDATE repositories SET lease_by = 'x', tries = {tries},"
                 f" lease_until = {until}")

    def test_a_clock_that_is_behind_takes_no_lease(self):
        """Whose clock is ahead by a minute still has what it has."""
        self.leased(90, 1)
        self.work(status=CLEAN)
        self.assertEqual(self.wanted(), 1)

    def test_a_third_try_that_is_alive_is_waited_for(self):
        self.leased(25, 3)
        scan = self.start("org", "scan", "acme")
        time.sleep(1)
        self.assertIsNone(scan.poll())
        self.sql("UPDATE repositories SET lease_by = '', tries = 0")
        self.assertNotIn("was killed", scan.communicate(timeout=40)[1])
        self.assertEqual(scan.returncode, CLEAN)

    def test_events_are_json(self):
        self.leak(self.hosted())
        self.add()
        run = self.org_scan("--events", "--quiet", status=FOUND,
                            wants_keysieve=False)
        events = [program.json.loads(line)
                  for line in run.err.splitlines()]
        self.assertEqual([event["event"] for event in events],
                         ["queued", "repository", "scan"])
        self.assertEqual(events[0]["left"], 1)
        self.assertEqual(events[1]["outcome"], "audited")
        self.assertEqual(events[2]["new"], 1)

    def test_without_a_store_it_says_so(self):
        run = self.work(status=FAILED)
        self.assertIn("findings.sqlite", run.err)


if __name__ == "__main__":
    program.main()
