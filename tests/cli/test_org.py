#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve org: what is new in many repositories, from one scan to the next."""

import hmac
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

CLEAN, FOUND, FAILED, INCOMPLETE = (
    program.CLEAN, program.FOUND, program.FAILED, program.INCOMPLETE)


class OrgCase(program.ProgramCase):
    """An organisation "acme": the folder of bare repositories "srv"."""

    def setUp(self):
        super().setUp()
        self.store = self.folder / "findings.sqlite"
        self.srv = self.folder / "srv"
        self.srv.mkdir()

    def hosted(self, name="a"):
        """A bare repository in srv, by way of a clone to push from."""
        bare = self.repo(f"srv/{name}.git", "--bare")
        work = self.repo(f"work/{name}")
        work.git("remote", "add", "origin", f"file://{bare.path}")
        self.push(work, "README", "hello\n")
        return work

    def push(self, work, path, content, *options, branch="main"):
        oid = work.add(path, content)
        work.git("push", "-q", *options, "origin",
                 f"HEAD:refs/heads/{branch}")
        return oid

    def key(self):
        return self.tokens.aws()

    def leak(self, work, path="config.py", **options):
        return self.push(work, path, f"KEY = '{self.key()}'\n", **options)

    def org(self, verb, *words, name="acme", **options):
        return self.run_program("org", verb, "--store", self.store, name,
                                *words, **options)

    def add(self, *sources):
        self.org("add", *(sources or [self.srv]), status=CLEAN)

    def org_scan(self, *words, **options):
        return self.org("scan", *words, **options)

    def findings(self, *words):
        return self.org("findings", "--format=jsonl", *words,
                        status=CLEAN).lines()

    def stored(self, fingerprint):
        """What the store calls what a report calls ${fingerprint}."""
        key = (self.folder / ".config/keysieve/store.key").read_text()
        return hmac.new(bytes.fromhex(key), fingerprint.encode(),
                        "sha256").hexdigest()

    def states(self):
        return sorted(item["state"] for item in self.findings())

    def sql(self, *words):
        with sqlite3.connect(self.store) as database:
            answer = database.execute(*words).fetchall()
        database.close()
        return answer

    def check_counts(self, run, unchanged=0, followed=0, audited=0):
        self.assertIn(f"{unchanged} repositories unchanged, {followed} with "
                      f"something new, {audited} scanned in full", run.err)


class Life(OrgCase):
    def test_first_scan_then_nothing_new(self):
        work = self.hosted()
        self.leak(work, "src/config.py")
        self.hosted("b")
        self.add()
        run = self.org_scan(status=FOUND)
        self.check_counts(run, audited=2)
        self.assertRegex(run.out, r"^new +\S+/a\.git  src/config\.py:1  "
                         r"aws-access-key  \S+  in HEAD  [0-9a-f]{16}\n$")
        run = self.org_scan(status=CLEAN)
        self.check_counts(run, unchanged=2)
        self.assertEqual(run.out, "")
        [item] = self.findings()
        self.assertEqual(
            {name: item[name] for name in ("path", "line", "in_head", "gone",
                                           "author", "date")},
            {"path": "src/config.py", "line": 1, "in_head": True,
             "gone": False, "author": "Jane Doe",
             "date": "2026-01-31T10:00:00Z"})
        self.assertEqual(self.findings("--new"), [])
        run = self.org("status", status=CLEAN)
        self.assertRegex(run.out, r"a\.git  20\S+Z  1 finding\n"
                         r"\S+b\.git  20\S+Z  0 findings\n$")

    def test_unchanged_repositories_are_not_opened(self):
        """Without objects nothing could be read."""
        work = self.hosted()
        self.leak(work)
        self.add()
        self.org_scan(status=FOUND)
        objects = self.srv / "a.git" / "objects"
        shutil.rmtree(objects)
        objects.mkdir()
        self.check_counts(self.org_scan(status=CLEAN), unchanged=1)

    def test_pushed_commit(self):
        work = self.hosted()
        self.add()
        self.org_scan(status=CLEAN)
        oid = self.leak(work)
        run = self.org_scan("--format=jsonl", status=FOUND)
        self.check_counts(run, followed=1)
        [item] = run.lines()
        self.assertEqual((item["state"], item["commit"], item["in_head"]),
                         ("new", oid, True))
        self.assertEqual(self.findings("--new"), self.findings())
        self.push(work, "other", "text\n")
        self.check_counts(self.org_scan(status=CLEAN), followed=1)
        self.assertEqual(self.states(), ["open"])

    def test_in_head_follows_head(self):
        work = self.hosted()
        self.add()
        key = self.key()
        self.push(work, "c.py", f"KEY = '{key}'\n")
        self.org_scan(status=FOUND)

        def in_head():
            self.check_counts(self.org_scan(status=CLEAN), followed=1)
            [item] = self.findings()
            self.assertFalse(item["gone"])
            return item["in_head"]
        self.push(work, "c.py", f"# more\n\nKEY = '{key}'\n")
        self.assertTrue(in_head())
        self.push(work, "c.py", "KEY = None\n")
        self.assertFalse(in_head())
        self.push(work, "c.py", f"KEY = '{key}'  # back\n")
        self.assertTrue(in_head())
        work.git("rm", "-q", "c.py")
        self.push(work, "d.py", "")
        self.assertFalse(in_head())

    def test_force_push_takes_it_away_and_brings_it_back(self):
        work = self.hosted()
        clean = work.git("rev-parse", "HEAD")
        leaking = self.leak(work)
        self.add()
        self.org_scan(status=FOUND)
        work.git("push", "-q", "-f", "origin", f"{clean}:main")
        self.check_counts(self.org_scan(status=CLEAN), audited=1)
        self.assertEqual(self.states(), ["gone"])
        work.git("push", "-q", "origin", f"{leaking}:main")
        run = self.org_scan(status=FOUND)
        self.check_counts(run, followed=1)
        self.assertIn("config.py:1", run.out)
        self.assertEqual(self.states(), ["new"])
        self.org_scan(status=CLEAN)
        self.assertEqual(self.states(), ["open"])

    def test_force_push_brings_another(self):
        work = self.hosted()
        clean = work.git("rev-parse", "HEAD")
        self.leak(work)
        self.add()
        self.org_scan(status=FOUND)
        work.git("reset", "-q", "--hard", clean)
        self.push(work, "new.py", f"KEY = '{self.key()}'\n", "-f")
        run = self.org_scan(status=FOUND)
        self.check_counts(run, audited=1)
        self.assertEqual(run.out.count("\n"), 1)
        self.assertIn("new.py", run.out)
        self.assertEqual(self.states(), ["gone", "new"])

    def test_deleted_branches(self):
        work = self.hosted()
        self.push(work, "x", "text\n", branch="merged")
        work.git("push", "-q", "origin", "HEAD:main")
        self.leak(work, branch="lost")
        self.add()
        self.org_scan(status=FOUND)
        work.git("push", "-q", "origin", ":merged")
        self.check_counts(self.org_scan(status=CLEAN), followed=1)
        self.assertEqual(self.states(), ["open"])
        work.git("push", "-q", "origin", ":lost")
        self.check_counts(self.org_scan(status=CLEAN), audited=1)
        self.assertEqual(self.states(), ["gone"])

    def test_same_secret_in_two_repositories(self):
        key = self.key()
        one, two = self.hosted("one"), self.hosted("two")
        self.push(one, "c.py", f"KEY = '{key}'\n")
        self.add()
        self.org_scan(status=FOUND)
        self.push(two, "d.py", f"KEY = '{key}'\n")
        self.org_scan(status=CLEAN)
        [item] = self.findings()
        self.assertEqual(item["place_count"], 2)
        one.git("push", "-q", "-f", "origin", "HEAD~:main")
        self.org_scan(status=CLEAN)
        [item] = self.findings()
        self.assertEqual((item["state"], item["path"]), ("open", "d.py"))

    def test_gc_and_repack_change_nothing(self):
        work = self.hosted()
        self.leak(work)
        self.add()
        self.org_scan(status=FOUND)
        subprocess.run(["git", "-C", self.srv / "a.git", "gc", "-q",
                        "--prune=now"], check=True, env=work.environment)
        self.check_counts(self.org_scan(status=CLEAN), unchanged=1)

    def test_other_rules(self):
        work = self.hosted()
        self.push(work, "x", "ACME-" + "7" * 3 + "QX" + "9" * 3 + "\n")
        self.add()
        self.org_scan(status=CLEAN)
        rules = self.folder / "rules.yaml"
        rules.write_text(
            "rules:\n  - id: acme\n    name: Acme\n    kind: token\n"
            "    pattern: '(?<secret>ACME-[0-9A-Z]{8})'\n    confidence: 0.9\n")
        run = self.org_scan("--rules", rules, status=FOUND)
        self.check_counts(run, audited=1)
        self.assertIn("acme", run.out)
        self.check_counts(self.org_scan("--rules", rules, status=CLEAN),
                          unchanged=1)


class Oracle(OrgCase):
    """After whatever was pushed the store knows what an audit finds."""

    def step(self, work, dice):
        branch = dice.choice(["main", "one", "two"])
        path = dice.choice(["a", "b/c", "b/d/e"])
        heads = work.git("ls-remote", "--heads", "origin").split()[::2]
        kind = dice.choice(["edit", "leak", "leak", "move", "rewind",
                            "delete", "merge"])
        if kind in ("edit", "leak"):
            work.git("checkout", "-q", "-f", "--detach", dice.choice(heads))
            key = self.key() if dice.random() < 0.6 else \
                dice.choice(self.tokens.made or [self.key()])
            text = f"KEY = '{key}'\n" if kind == "leak" else ""
            self.push(work, path, f"# {dice.random()}\n" + text, "-f",
                      branch=branch)
        elif kind == "merge":
            work.git("checkout", "-q", "-f", "--detach", dice.choice(heads))
            work.git("merge", "-q", "-s", "ours", "-m", "join",
                     dice.choice(heads))
            work.git("push", "-q", "-f", "origin",
                 f"HEAD:refs/heads/{branch}")
        elif kind == "move":
            work.git("push", "-q", "-f", "origin",
                     f"{dice.choice(heads)}:refs/heads/{branch}")
        elif kind == "rewind":
            root = work.git("rev-list", "--max-parents=0", heads[0])
            work.git("push", "-q", "-f", "origin",
                     f"{root.split()[0]}:refs/heads/{branch}")
        elif branch != "main":
            work.git("push", "-q", "origin", f":{branch}", check=False)

    def known(self):
        return {(item["fingerprint"], item["in_head"])
                for item in self.findings() if not item["gone"]}

    def audited(self):
        run = self.audit(self.srv / "a.git", "--format=jsonl",
                         "--no-trust-repo-config")
        return {(self.stored(item["fingerprint"]), item["in_head"])
                for item in run.lines() if item["is_reachable"]}

    def test_store_and_audit_agree(self):
        dice = random.Random(int(os.environ.get("KEYSIEVE_SEED", 1)))
        work = self.hosted()
        self.add()
        for _ in range(int(os.environ.get("KEYSIEVE_STEPS", 12))):
            for _ in range(dice.randint(1, 3)):
                self.step(work, dice)
            before = self.known() if self.store.exists() else set()
            run = self.org_scan()
            self.assertIn(run.status, (CLEAN, FOUND))
            known, audited = self.known(), self.audited()
            self.assertEqual(known, audited)
            new = {name for name, _ in known} - {name for name, _ in before}
            self.assertGreaterEqual(run.out.count("\n"), len(new))


class Dismissal(OrgCase):
    def setUp(self):
        super().setUp()
        self.leak(self.hosted())
        self.add()

    def fingerprint(self):
        [item] = self.findings()
        return item["fingerprint"]

    def test_dismissed_and_reopened(self):
        self.org_scan(status=FOUND)
        short = self.fingerprint()[:12]
        self.org("dismiss", short, "--why", "a test key", "--who", "eve",
                 status=CLEAN)
        [item] = self.findings()
        self.assertEqual(
            (item["state"], item["dismissed_by"], item["dismissed_why"]),
            ("dismissed", "eve", "a test key"))
        self.org_scan("--min-confidence=0.3", status=CLEAN)
        self.org("reopen", short, status=CLEAN)
        self.assertEqual(self.states(), ["open"])
        self.assertIn("is not dismissed",
                      self.org("reopen", short, status=FAILED).err)

    def test_it_is_not_new_elsewhere(self):
        self.org_scan(status=FOUND)
        self.org("dismiss", self.fingerprint(), "--why", "x", status=CLEAN)
        other = self.repo("srv/b.git", "--bare")
        subprocess.run(["git", "-C", self.folder / "work" / "a", "push", "-q",
                        other.path, "HEAD:main"], check=True,
                       env=other.environment)
        self.org_scan(status=CLEAN)

    def test_its_day_is_over(self):
        self.org_scan(status=FOUND)
        self.org("dismiss", self.fingerprint(), "--why", "x",
                 "--until=2999-01-01", status=CLEAN)
        self.org_scan(status=CLEAN)
        self.sql("UPDATE dismissals SET until = '2026-01-01'")
        run = self.org_scan(status=FOUND)
        self.check_counts(run, unchanged=1)
        self.assertIn("config.py", run.out)
        self.org_scan(status=CLEAN)
        self.assertEqual(self.states(), ["open"])

    def test_usage(self):
        self.org_scan(status=FOUND)
        for words, why in (
                (["12345678"], "--why"),
                (["1234567", "--why", "x"], "is no fingerprint"),
                (["z" * 10, "--why", "x"], "is no fingerprint"),
                (["0" * 64, "--why", "x"], "there is no finding"),
                ([self.fingerprint(), "--why", "x", "--until", "soon"],
                 "is no date")):
            self.assertIn(why, self.org("dismiss", *words, status=FAILED).err)


class Trouble(OrgCase):
    def test_a_damaged_repository_stops_no_other(self):
        damaged = self.hosted("a")
        self.leak(damaged)
        self.leak(self.hosted("b"))
        (self.srv / "a.git" / "HEAD").unlink()
        (self.srv / "c.git" / "objects").mkdir(parents=True)
        (self.srv / "c.git" / "refs").mkdir()
        self.add()
        run = self.org_scan(status=FOUND)
        self.assertIn("b.git", run.out)
        self.assertRegex(run.err, r"a\.git: .*not in a git repository")
        self.assertRegex(run.err, r"c\.git: .*not in a git repository")
        self.org_scan(status=INCOMPLETE)
        self.assertRegex(self.org("status").out, "a.git  never .*failed: ")
        (self.srv / "a.git" / "HEAD").write_text("ref: refs/heads/main\n")
        shutil.rmtree(self.srv / "c.git")
        run = self.org_scan(status=FOUND)
        self.assertIn("a.git", run.out)
        self.assertRegex(run.err, "c.git: it is not there any more")
        self.org_scan(status=CLEAN)

    def test_a_damaged_object_hides_nothing(self):
        work = self.hosted()
        self.leak(work)
        self.add()
        self.org_scan(status=FOUND)
        blob = work.git("rev-parse", "HEAD:config.py")
        path = self.srv / "a.git" / "objects" / blob[:2] / blob[2:]
        path.chmod(0o600)
        kept = path.read_bytes()
        path.write_bytes(b"damaged")
        run = self.org_scan("--min-confidence=0.3", status=INCOMPLETE)
        self.assertIn("not all could be scanned: 1 unreadable", run.err)
        self.assertEqual(self.states(), ["open"])
        path.write_bytes(kept)
        run = self.org_scan("--min-confidence=0.3", status=CLEAN)
        self.check_counts(run, audited=1)
        self.assertEqual(self.states(), ["open"])

    def test_what_was_left_out_is_said_once_and_kept(self):
        self.push(self.hosted(), "large", "x" * 5000)
        self.add()
        words = ["--max-blob-size=4k"]
        run = self.org_scan(*words, status=INCOMPLETE)
        self.assertIn("a.git: not all could be scanned: 1 too_large", run.err)
        self.check_counts(self.org_scan(*words, status=CLEAN), unchanged=1)
        self.assertIn("1 too_large", self.org("status").out)

    def test_a_repository_above_is_not_meant(self):
        self.repo("srv")
        (self.srv / "x" / "refs").mkdir(parents=True)
        (self.srv / "x" / "objects").mkdir()
        self.add(self.srv / "x")
        self.assertIn("no git repository",
                      self.org_scan(status=INCOMPLETE).err)

    def test_store_that_is_none(self):
        self.hosted()
        self.add()
        good = self.store.read_bytes()
        for content, why in (
                (b"no database" * 1000, "is no store of keysieve"),
                (good[:100] + b"\xff" * (len(good) - 100), "is damaged"),
                (good[:4096], "")):
            self.store.write_bytes(content)
            for verb in ("scan", "findings", "status"):
                self.assertIn(why, self.org(verb, status=FAILED).err)
        self.store.unlink()
        sqlite3.connect(self.store).executescript("CREATE TABLE x (y)")
        self.assertIn("is a database of something else",
                      self.org_scan(status=FAILED).err)
        self.store.unlink()
        self.assertIn("there is no store", self.org_scan(status=FAILED).err)
        os.mkfifo(self.store)
        self.assertIn("is no file", self.org_scan(status=FAILED).err)

    def test_newer_store(self):
        self.add()
        self.sql("UPDATE keysieve_version SET version = 1000")
        self.assertIn("newer keysieve", self.org_scan(status=FAILED).err)

    def test_store_that_cannot_be_written(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everything")
        self.hosted()
        self.add()
        self.store.chmod(0o400)
        self.assertIn("cannot use the store",
                      self.org_scan(status=FAILED).err)

    def test_nowhere_to_make_one(self):
        run = self.run_program("org", "add", "--store", "/proc/x/y", "acme",
                               self.folder, status=FAILED)
        self.assertIn("/proc/x", run.err)

    def test_two_scans_at_once(self):
        count = 6
        for i in range(count):
            self.leak(self.hosted(str(i)))
        self.add()
        words = [os.path.abspath(program.PROGRAM), "org", "scan", "--store",
                 self.store, "acme"]
        runs = [subprocess.Popen(words, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True,
                                 env=self.environment) for _ in range(2)]
        said = [run.communicate(timeout=100) for run in runs]
        told = sorted("".join(out for out, _ in said).splitlines())
        self.assertEqual(len(told), count, said)
        self.assertEqual(len(set(told)), count, said)
        self.assertLessEqual({run.returncode for run in runs},
                             {CLEAN, FOUND}, said)
        self.org_scan(status=CLEAN)
        self.assertEqual(len(self.findings()), count)

    def test_what_was_not_told_is_told_again(self):
        self.leak(self.hosted())
        self.add()
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [os.path.abspath(program.PROGRAM), "org", "scan", "--store",
                 self.store, "acme"], stdout=full, check=False,
                stderr=subprocess.PIPE, env=self.environment)
        self.assertEqual(done.returncode, FAILED, done.stderr)
        self.assertIn("config.py", self.org_scan(status=FOUND).out)
        self.org_scan(status=CLEAN)


class Sources(OrgCase):
    def test_list_of_paths_and_urls(self):
        self.leak(self.hosted("a"))
        self.leak(self.hosted("b"))
        listing = self.folder / "list"
        listing.write_text(f"# ours\n\nsrv/a.git\n"
                           f"file://{self.srv}/b.git\n{self.srv}/none.git\n")
        self.add(listing)
        run = self.org_scan(status=FOUND)
        self.assertEqual(run.out.count("\n"), 2)
        self.assertRegex(run.err, "none.git: ")
        self.assertTrue((self.folder / ".cache/keysieve/mirrors").is_dir())
        run = self.org_scan(status=INCOMPLETE)
        self.check_counts(run, unchanged=2)

    def test_login_in_a_list(self):
        listing = self.folder / "list"
        listing.write_text(f"https://u:{self.key()}@example.org/x.git\n")
        self.add(listing)
        self.assertIn("is not taken", self.org_scan(status=INCOMPLETE).err)
        self.assertNotIn(self.tokens.made[0].encode(),
                         self.store.read_bytes())

    def test_mirror_follows_its_remote(self):
        work = self.hosted()
        self.add(f"file://{self.srv}/a.git")
        self.org_scan(status=CLEAN)
        self.leak(work)
        self.check_counts(self.org_scan(status=FOUND), followed=1)
        shutil.rmtree(self.srv / "a.git")
        self.assertIn("a.git: ", self.org_scan(status=INCOMPLETE).err)
        self.assertEqual(self.states(), ["open"])

    def test_one_repository_with_a_work_tree(self):
        work = self.repo("plain")
        work.add("c.py", f"KEY = '{self.key()}'  # keysieve:allow\n")
        self.add(work.path, work.path)
        run = self.org_scan(status=FOUND)
        self.assertEqual(run.out.count("\n"), 1)
        self.org_scan("--trust-repo-config", status=CLEAN)

    def test_wrong_ones(self):
        self.add()
        for source in ("nowhere", "github:", "",
                       f"https://{self.key()}@example.org/x.git",
                       f"ssh://a:{self.key()}@example.org/x.git"):
            self.org("add", source, status=FAILED)
        self.org("add", "x", name="../x", status=FAILED)
        self.assertIn("there is no organisation 'other'",
                      self.org("scan", name="other", status=FAILED).err)
        self.assertIn("no repository in it",
                      self.org_scan(status=INCOMPLETE).err)

    def test_default_place_is_private_and_has_no_secret(self):
        work = self.hosted()
        path = f"{self.key()}/c.py"
        self.push(work, path, f"KEY = '{self.key()}'\n")
        self.run_program("org", "add", "acme", self.srv, status=CLEAN)
        self.run_program("org", "scan", "acme", status=FOUND)
        store = self.folder / ".local/state/keysieve/findings.sqlite"
        self.assertEqual(store.stat().st_mode & 0o777, 0o600)
        for file in store.parent.iterdir():
            for token in self.tokens.made:
                self.assertNotIn(token.encode(), file.read_bytes())


if __name__ == "__main__":
    program.main()
