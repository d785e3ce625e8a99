#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve org with a forge: listed, mirrored, scanned, told elsewhere."""

import hashlib
import hmac
import json
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import forges  # noqa: E402
import gitserver  # noqa: E402
import program  # noqa: E402
from forges import Answer, Repository  # noqa: E402
from program import CLEAN, FAILED, FOUND, INCOMPLETE  # noqa: E402


class RemoteCase(program.ProgramCase):
    """A forge with the organisation "acme", which has "a" and "b"."""

    def setUp(self):
        super().setUp()
        self.served = self.folder / "served"
        self.works = {name: self.host(name) for name in ("a", "b")}
        self.server = gitserver.GitServer(self.served)
        self.addCleanup(self.server.close)
        self.server.api = forges.Forge("gitea", [
            Repository(1, "acme/a"), Repository(2, "acme/b"),
            Repository(3, "acme/none", empty=True)])
        self.addCleanup(self.server.api.close)
        self.source = f"gitea:{self.server.url}/acme"

    def host(self, name):
        work = self.repo(f"work-{name}")
        work.add("README", "hello\n")
        work.git("clone", "-q", "--bare", ".",
                 str(self.served / f"acme/{name}.git"))
        return work

    def leak(self, name):
        work = self.works[name]
        oid = work.add("key.py", f"KEY = '{self.tokens.aws()}'\n")
        work.git("push", "-q", str(self.served / f"acme/{name}.git"), "main")
        return oid

    def org(self, verb, *words, **options):
        return self.run_program("org", verb, "--store",
                                self.folder / "store.sqlite", "acme", *words,
                                **options)


class Forge(RemoteCase):
    def test_what_is_new_is_found(self):
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        run = self.org("scan", status=FOUND)
        self.assertIn("1 new finding", run.err)
        self.assertIn("key.py", run.out)
        run = self.org("scan", status=CLEAN)
        self.assertIn("2 repositories unchanged", run.err)
        self.leak("b")
        run = self.org("scan", status=FOUND)
        self.assertIn("1 with something new", run.err)
        self.assertIn("/acme/b.git", run.out)

    def test_mirrors_take_no_more_than_they_may(self):
        for work in self.works.values():
            work.add("data.txt", os.urandom(1_000_000).hex() + "\n")
            work.git("push", "-q", "--all", str(
                self.served / f"acme/{work.path.name[-1]}.git"))
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        mirrors = self.folder / "mirrors"
        few = ["--mirrors", mirrors, "--mirrors-max", "2M"]
        run = self.org("scan", *few, status=FOUND)
        self.assertIn("2 scanned in full, 0 not scanned", run.err)
        self.assertEqual(len(list(mirrors.glob("repos/*/*.git"))), 1)
        # What was removed is what it was, and not needed.
        left = next(mirrors.glob("repos/*/*.git/config")).stat()
        run = self.org("scan", *few, status=CLEAN)
        self.assertIn("2 repositories unchanged", run.err)
        self.assertEqual(
            next(mirrors.glob("repos/*/*.git/config")).stat().st_ino,
            left.st_ino)
        self.leak("a")
        self.leak("b")
        run = self.org("scan", *few, status=FOUND)
        self.assertIn("2 with something new", run.err)
        self.leak("a")
        self.leak("b")
        run = self.org("scan", "--mirrors", mirrors, "--mirrors-max", "900k",
                       status=INCOMPLETE)
        self.assertEqual(run.err.count("more than the 0.9 MiB"), 2)
        self.assertEqual(list(mirrors.glob("repos/*/*.git")), [])

    def test_what_another_machine_scanned_is_not_cloned(self):
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        mirrors = self.folder / "elsewhere"
        run = self.org("scan", "--mirrors", mirrors, status=CLEAN)
        self.assertIn("2 repositories unchanged", run.err)
        self.assertEqual(list(mirrors.glob("repos/*/*.git")), [])
        self.leak("b")
        run = self.org("scan", "--mirrors", mirrors, status=FOUND)
        self.assertIn("1 repositories unchanged, 1 with something", run.err)
        self.assertEqual(len(list(mirrors.glob("repos/*/*.git"))), 1)
        run = self.org("scan", "--min-confidence", "0.1", "--mirrors", mirrors)
        self.assertIn("2 scanned in full", run.err)

    def test_a_token_lists_and_fetches(self):
        token = "t" * 9
        self.server.user, self.server.password = "git", token
        self.server.api.token = token
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        run = self.org("scan", status=INCOMPLETE)
        self.assertIn("it asks for a token", run.err)
        run = self.org("scan", KEYSIEVE_GITEA_TOKEN=token, status=FOUND)
        self.assertNotIn(token, run.out + run.err)
        for file in self.folder.rglob("*"):
            if file.is_file():
                self.assertNotIn(token.encode(), file.read_bytes(), file)

    def test_it_vanished_since_it_was_listed(self):
        self.leak("a")
        shutil.rmtree(self.served / "acme/b.git")
        self.org("add", self.source, status=CLEAN)
        run = self.org("scan", status=FOUND)
        self.assertRegex(run.err, "acme/b.git.*not found")
        self.org("scan", status=INCOMPLETE)

    def test_renamed_it_is_the_same(self):
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        (self.served / "acme/a.git").rename(self.served / "acme/new.git")
        self.server.api.repositories[0].name = "acme/new"
        run = self.org("scan", status=CLEAN)
        self.assertIn("2 repositories unchanged", run.err)

    def test_a_fork_is_not_blamed_for_another(self):
        self.server.api.repositories[1].facts["fork"] = 1
        self.leak("a")
        self.leak("b")
        self.org("add", self.source, status=CLEAN)
        run = self.org("scan", "--format=jsonl", status=FOUND)
        self.assertEqual(sorted(item["repository"].rsplit("/", 1)[1]
                                for item in run.lines()),
                         ["a.git", "b.git"])
        run = self.org("status", status=CLEAN)
        self.assertEqual(len(self.found_in(run.out, "a.git")), 1)
        self.assertEqual(len(self.found_in(run.out, "b.git")), 1)

    def forks(self, count):
        """That many forks of a, each with a commit; their work trees."""
        works = []
        for number in range(count):
            name = f"fork{number}"
            work = self.repo(f"work-{name}")
            work.git("pull", "-q", str(self.served / "acme/a.git"), "main")
            work.add("mine", f"{name}\n")
            work.git("clone", "-q", "--bare", ".",
                     str(self.served / f"acme/{name}.git"))
            self.works[name] = work
            self.server.api.repositories.append(
                Repository(10 + number, f"acme/{name}", fork=1))
            works.append(work)
        return works

    def found(self):
        run = self.org("findings", "--format=jsonl", status=CLEAN)
        return {item["repository"].rsplit("/", 1)[1]: item["state"]
                for item in run.lines()}

    def test_forks_are_scanned_as_one(self):
        self.leak("a")
        self.forks(3)
        self.org("add", self.source, status=CLEAN)
        run = self.org("scan", status=FOUND)
        self.assertIn("1 new finding;", run.err)
        # Nothing is kept twice: b's mirror, and one store for the others.
        stores = self.folder.glob(".cache/keysieve/mirrors/*/*/*.git")
        self.assertEqual(sum(bool(list(store.glob("objects/pack/*.pack")))
                             for store in stores), 2)
        self.leak("fork1")
        run = self.org("scan", "--format=jsonl", status=FOUND)
        [item] = run.lines()
        self.assertTrue(item["repository"].endswith("/acme/fork1.git"))
        self.assertEqual(self.found(), {"a.git": "open", "fork1.git": "new"})
        self.assertIn("unchanged", self.org("scan", status=CLEAN).err)
        run = self.org("status", status=CLEAN)
        self.assertEqual(len(run.out.splitlines()), 5)
        self.assertEqual(len(self.found_in(run.out, "fork1.git")), 1)
        self.assertEqual(len(self.found_in(run.out, "fork2.git")), 0)
        run = self.org("findings", "--repository=acme/fork1", status=CLEAN)
        self.assertEqual(run.out.count("\n"), 1)

    def test_what_a_fork_keeps_is_not_gone(self):
        clean = self.works["a"].git("rev-parse", "HEAD").strip()
        self.leak("a")
        self.forks(1)
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        self.works["a"].git("push", "-q", "--force",
                            str(self.served / "acme/a.git"), f"{clean}:main")
        self.org("scan", status=CLEAN)
        self.assertEqual(self.found(), {"fork0.git": "open"})
        self.works["fork0"].git(
            "push", "-q", "--force", str(self.served / "acme/fork0.git"),
            f"{clean}:main")
        self.org("scan", status=CLEAN)
        self.assertEqual(set(self.found().values()), {"gone"})

    def test_what_only_an_equal_fork_keeps_is_not_gone(self):
        """Of equal refs a network has one: it must not go with its owner's."""
        clean = self.works["a"].git("rev-parse", "HEAD").strip()
        self.leak("a")
        shutil.copytree(self.served / "acme/a.git",
                        self.served / "acme/equal.git")
        self.server.api.repositories.append(
            Repository(10, "acme/equal", fork=1))
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        self.assertEqual(self.found(), {"a.git": "new"})
        # Its owner takes it back, and the fork cannot be asked that night.
        self.works["a"].git("push", "-q", "--force",
                            str(self.served / "acme/a.git"), f"{clean}:main")
        place = self.served / "acme/equal.git"
        aside = place.rename(self.folder / "aside")
        self.org("scan", status=INCOMPLETE)
        self.assertEqual(set(self.found().values()), {"open"})
        aside.rename(place)
        self.org("scan", status=CLEAN)
        self.assertEqual(self.found(), {"equal.git": "open"})

    def test_a_fork_that_cannot_be_fetched_stops_no_other(self):
        self.forks(2)
        self.leak("a")
        for broken in ("fork0", "a"):
            place = self.served / f"acme/{broken}.git"
            aside = place.rename(self.folder / "aside")
            self.leak("fork1")
            if broken == "fork0":
                self.org("add", self.source, status=CLEAN)
            run = self.org("scan", status=FOUND)
            self.assertRegex(run.err, f"acme/{broken}.git.*not found")
            self.assertIn("1 not scanned", run.err)
            aside.rename(place)
        self.org("scan")
        self.assertNotIn("failed", self.org("status", status=CLEAN).out)

    def test_a_first_fork_of_one_that_was_alone(self):
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        self.forks(1)
        self.org("scan", status=CLEAN)
        self.assertEqual(self.found(), {"a.git": "open"})

    def test_a_fork_that_is_left_alone(self):
        self.forks(1)
        self.leak("fork0")
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        del self.server.api.repositories[0]
        run = self.org("scan", status=INCOMPLETE)
        self.assertIn("acme/a.git: it is not there any more", run.err)
        self.assertEqual(self.found(), {"fork0.git": "open"})

    @staticmethod
    def found_in(text, name):
        return [line for line in text.splitlines()
                if name in line and " 1 " in f" {line} "]


class Chosen(RemoteCase):
    """Which repositories of a forge, and with whose token."""

    def scanned(self, *options):
        """The names of the repositories that a source brings."""
        self.org("add", self.source, *options, status=CLEAN)
        self.org("scan", status=CLEAN)
        run = self.org("status", status=CLEAN)
        names = sorted(line.split()[0].rsplit("/", 1)[1]
                       for line in run.out.splitlines())
        (self.folder / "store.sqlite").unlink()
        return names

    def test_options_of_a_source(self):
        facts = self.server.api.repositories
        facts[0].facts["archived"] = True
        facts[1].facts["fork"] = True
        self.assertEqual(self.scanned(), ["a.git", "b.git"])
        self.assertEqual(self.scanned("--no-archived"), ["b.git"])
        self.assertEqual(self.scanned("--no-forks"), ["a.git"])
        self.assertEqual(self.scanned("--include", "[ax]"), ["a.git"])
        self.assertEqual(self.scanned("--include=acme/*", "--exclude=A"),
                         ["b.git"])

    def test_options_are_those_given_last(self):
        self.org("add", self.source, "--no-forks", "--exclude", "x*",
                 status=CLEAN)
        run = self.org("sources", status=CLEAN)
        self.assertEqual(run.out,
                         f"{self.source}  no-forks, exclude x*\n")
        self.org("add", self.source, status=CLEAN)
        self.assertEqual(self.org("sources", status=CLEAN).out,
                         f"{self.source}\n")

    def test_removed_sources(self):
        self.leak("a")
        self.org("add", self.source, status=CLEAN)
        self.org("scan", status=FOUND)
        run = self.org("remove", "nowhere", status=FAILED)
        self.assertIn("'nowhere' is no source", run.err)
        self.org("remove", self.source, status=CLEAN)
        self.leak("b")
        self.org("scan", status=INCOMPLETE)
        self.assertEqual(self.org("findings", status=CLEAN).out.count("\n"),
                         1)

    def test_options_are_for_forges(self):
        run = self.org("add", self.served, "--no-forks", status=FAILED)
        self.assertIn("is no organisation of a forge", run.err)

    def test_tokens_in_a_file(self):
        token = "t" * 9
        self.server.user, self.server.password = "git", token
        self.server.api.token = token
        self.leak("a")
        host = self.server.url.split("//")[1]
        tokens = self.folder / "netrc"
        tokens.write_text(f"machine {host} login git password {token}\n")
        self.org("add", self.source, status=CLEAN)
        run = self.org("scan", "--credentials", tokens, status=INCOMPLETE)
        self.assertRegex(run.err, "others may read.*netrc")
        tokens.chmod(0o600)
        run = self.org("scan", "--credentials", tokens, status=FOUND)
        self.assertNotIn(token, run.out + run.err)


class Told(RemoteCase):
    def setUp(self):
        super().setUp()
        self.hook = forges.Forge("gitea")
        self.addCleanup(self.hook.close)
        self.hook.answer = lambda *_: Answer(200, body=b"ok")
        self.org("add", self.source, status=CLEAN)

    def test_a_webhook(self):
        oid = self.leak("a")
        url = self.hook.url + "/hidden"
        run = self.org("scan", status=FOUND, KEYSIEVE_WEBHOOK=url,
                       KEYSIEVE_WEBHOOK_KEY="k3y")
        self.assertNotIn("hidden", run.out + run.err)
        request, = self.hook.log
        for token in self.tokens.made:
            self.assertNotIn(token.encode(), request.given)
        signed = request.headers["X-Keysieve-Timestamp"].encode() + b"."
        expected = hmac.new(b"k3y", signed + request.given,
                            hashlib.sha256).hexdigest()
        self.assertEqual(request.headers["X-Keysieve-Signature"],
                         "sha256=" + expected)
        message = json.loads(request.given)
        self.assertEqual(message["organisation"], "acme")
        finding, = message["findings"]
        self.assertEqual((finding["state"], finding["path"], finding["line"],
                          finding["commit"]), ("new", "key.py", 1, oid))
        self.assertTrue(finding["repository"].endswith("/acme/a.git"))
        self.org("scan", "--webhook", url, status=CLEAN)
        self.assertEqual(len(self.hook.log), 1)

    def test_what_a_webhook_does_not_take_is_told_again(self):
        self.leak("a")
        url = "slack:" + self.hook.url
        self.hook.faults = [("", Answer(404, {}))]
        run = self.org("scan", "--webhook", url, status=FAILED)
        self.assertIn("the webhook took no message", run.err)
        run = self.org("scan", "--webhook", url, status=FOUND)
        self.assertIn("key.py", run.out)
        self.assertIn("key.py", json.loads(self.hook.log[-1].given)["text"])

    def test_no_webhook_is_said_at_once(self):
        run = self.org("scan", "--webhook", "http://example.org/hidden",
                       status=FAILED)
        self.assertIn("https", run.err)
        self.assertNotIn("hidden", run.err)

    def test_figures(self):
        self.leak("a")
        path = self.folder / "acme.prom"
        self.org("scan", "--metrics", path, status=FOUND)
        text = path.read_text()
        for line in (
                'keysieve_findings{organisation="acme",state="open"} 1',
                'keysieve_new_findings{organisation="acme"} 1',
                'keysieve_repositories{organisation="acme",scan="audited"} 2',
                'keysieve_troubles{organisation="acme"} 0'):
            self.assertIn(line + "\n", text)


if __name__ == "__main__":
    program.main()
