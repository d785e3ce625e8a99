#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Listing an organisation's repositories, from servers that misbehave too."""

import email.utils
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import forges  # noqa: E402
from forges import Answer, Repository  # noqa: E402

LISTER = os.environ["KEYSIEVE_LISTER"]
NOTFOUND, CORRUPT, LIMIT, USAGE, IO = -8, -5, -7, -3, -2
KINDS = ("github", "gitlab", "gitea")


class Listed:
    """What one run of the lister said."""

    def __init__(self, text):
        self.text = text
        lines = text.splitlines()
        self.repos = [line.split()[1:] for line in lines
                      if line.startswith("repo ")]
        self.names = [repo[0] for repo in self.repos]
        self.sleeps = [int(line.split()[1]) for line in lines
                       if line.startswith("sleep ")]
        self.waits = [int(line.split()[2]) for line in lines
                      if line.startswith("wait ")]
        errors = [line.split(" ", 2) for line in lines
                  if line.startswith("error ")]
        self.error = int(errors[0][1]) if errors else 0
        self.message = errors[0][2] if errors else ""


class ForgeCase(unittest.TestCase):
    def forge(self, kind, *repositories, **options):
        forge = forges.Forge(kind, repositories, **options)
        self.addCleanup(forge.close)
        return forge

    def list(self, source, *options, **environment):
        done = subprocess.run(
            [LISTER, source, *options], check=False, timeout=60,
            env={"PATH": os.environ["PATH"], **environment,
                 **{name: os.environ[name] for name in (
                     "LSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS")
                    if name in os.environ}},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, b"")
        self.assertIn(done.returncode, (0, 1))
        return Listed(done.stdout.decode())


def numbered(count):
    return [Repository(1000 + i, f"acme/r{i}") for i in range(count)]


class Lists(ForgeCase):
    def test_all_pages_of_all_kinds(self):
        for kind in KINDS:
            for is_user in (False, True):
                forge = self.forge(kind, *numbered(230), is_user=is_user)
                run = self.list(forge.source)
                self.assertEqual(run.names,
                                 [f"acme/r{i}" for i in range(230)], kind)
                self.assertEqual(run.error, 0)

    def test_what_is_told_of_each(self):
        repositories = [
            Repository(5, "acme/plain"),
            Repository(6, "acme/old", archived=True, private=True),
            Repository(7, "acme/fork", fork=5),
            Repository(8, "acme/fork2", fork=5, wiki=True)]
        for kind in KINDS:
            forge = self.forge(kind, *repositories)
            host = f"127.0.0.1:{forge.port}"
            size = "0" if kind == "gitlab" else "7168"

            def line(number, name, network, flags, size=size):
                return [f"acme/{name}", f"{host}:{number}",
                        f"{forge.url}/acme/{name}.git",
                        network and f"{host}:{network}" or "-", size, flags]

            run = self.list(forge.source, "--wikis")
            self.assertEqual(run.repos, [
                line(5, "plain", 5, "."), line(6, "old", None, "ap."),
                line(7, "fork", 5, "f."), line(8, "fork2", 5, "f."),
                ["acme/fork2.wiki", f"{host}:8.wiki",
                 f"{forge.url}/acme/fork2.wiki.git", "-", "0", "w."]], kind)

    def test_forks_of_forks_stem_from_one(self):
        for kind in ("gitlab", "gitea"):
            forge = self.forge(
                kind, Repository(9, "acme/b", fork=7),
                Repository(7, "acme/a", fork=3),
                Repository(11, "acme/c", fork=3),
                Repository(12, "acme/loop1", fork=13),
                Repository(13, "acme/loop2", fork=12))
            roots = {repo[0]: repo[3] for repo in
                     self.list(forge.source).repos}
            host = f"127.0.0.1:{forge.port}:"
            for name in "abc":
                self.assertEqual(roots["acme/" + name], host + "3")

    def test_only_what_is_wanted(self):
        repositories = [
            Repository(1, "acme/api"), Repository(2, "acme/api-docs"),
            Repository(3, "acme/Web", archived=True),
            Repository(4, "acme/sub/api", fork=1)]
        forge = self.forge("gitlab", *repositories)
        for options, expected in (
                (["--no-archived"], [1, 2, 4]),
                (["--no-forks"], [1, 2, 3]),
                (["--include=api*"], [1, 2, 4]),
                (["--include=acme/api*"], [1, 2]),
                (["--include=web", "--include=acme/sub/*"], [3, 4]),
                (["--exclude=api"], [2, 3]),
                (["--include=api*", "--exclude=*docs"], [1, 4])):
            run = self.list(forge.source, *options)
            self.assertEqual([int(repo[1].rsplit(":")[-1])
                              for repo in run.repos], expected, options)

    def test_a_user_is_told_his_private_ones(self):
        forge = self.forge("github", *numbered(2), is_user=True, token="t")
        forge.self_login = "acme"
        run = self.list(forge.source, KEYSIEVE_GITHUB_TOKEN="t")
        self.assertEqual(len(run.names), 2)
        self.assertTrue(any(path.startswith("/api/v3/user/repos?")
                            for path in forge.paths()))
        forge.self_login = "else"
        run = self.list(forge.source, KEYSIEVE_GITHUB_TOKEN="t")
        self.assertEqual(len(run.names), 2)

    def test_no_such_owner(self):
        for kind in KINDS:
            forge = self.forge(kind)
            run = self.list(f"{kind}:{forge.url}/nobody")
            self.assertEqual(run.error, NOTFOUND)
            self.assertIn("nobody", run.message)
            self.assertEqual(run.sleeps, [])

    def test_what_is_no_source(self):
        for source in ("github:", "github:a/b", "gitea:acme", "gitlab:a//b",
                       "github:https://github.com", "svn:x", "github:-x",
                       "github:http://example.org/acme", "gitlab:../x",
                       "gitlab:file:///etc/passwd", "github:a?b",
                       "gitea:https://user:" + "pw" + "@example.org/acme"):
            run = self.list(source)
            self.assertEqual(run.error, USAGE, source)
            self.assertNotIn("pw", run.message)


class Limits(ForgeCase):
    def test_it_waits_as_asked(self):
        date = email.utils.formatdate(5000, usegmt=True)
        later = email.utils.formatdate(5090, usegmt=True)
        cases = [
            (Answer(429, {}, {"Retry-After": "17"}), 17),
            (Answer(403, {}, {"Retry-After": "5"}), 5),
            (Answer(429, {}, {"Retry-After": later, "Date": date}), 90),
            # The server's clock and ours differ: its own counts.
            (Answer(403, {}, {"x-ratelimit-remaining": "0", "Date": date,
                              "x-ratelimit-reset": "5030"}), 31),
            (Answer(429, {}, {"RateLimit-Remaining": "0", "Date": date,
                              "RateLimit-Reset": "5030"}), 31),
            (Answer(403, {"message": "You have exceeded a secondary rate "
                                     "limit"}), 60),
            (Answer(429, {}), 60),
            (Answer(429, {}, {"Retry-After": "-3"}), 60)]
        for answer, seconds in cases:
            forge = self.forge("github", *numbered(3))
            answer.headers.setdefault("Date", date)
            forge.faults.append(("/repos", answer))
            run = self.list(forge.source)
            self.assertEqual(len(run.names), 3, run.text)
            self.assertEqual(run.waits, [seconds])
            self.assertEqual(run.sleeps, [seconds])

    def test_it_does_not_wait_for_ever(self):
        forge = self.forge("github", *numbered(3))
        forge.faults = [("/repos", Answer(429, {}, {"Retry-After": "2000"}))
                        for _ in range(5)]
        run = self.list(forge.source)
        self.assertEqual(run.error, LIMIT)
        self.assertEqual(run.waits, [2000])
        self.assertEqual(run.names, [])
        forge.faults = [("/repos", Answer(429, {}, {
            "Retry-After": "99999999999999"}))]
        run = self.list(forge.source)
        self.assertEqual((run.error, run.waits), (LIMIT, []))

    def test_a_plain_403_is_an_answer(self):
        forge = self.forge("github", *numbered(3))
        forge.faults = [("/orgs/acme/repos", Answer(403, {}))]
        run = self.list(forge.source)
        self.assertEqual(run.error, NOTFOUND)
        self.assertIn("without a token", run.message)

    def test_what_stumbles_is_asked_again(self):
        for fault in (Answer(502, {}), Answer(503, {}), Answer(500, {}),
                      Answer(200, [1], cut=True),
                      Answer(200, body=b'[{"id": 5, "full_na'),
                      Answer(200, body=b"<html>"), Answer(200, body=b""),
                      Answer(200, [{"id": 5}]), Answer(200, ["x"])):
            forge = self.forge("gitea", *numbered(60))
            forge.faults = [("/repos", fault), ("/repos", fault)]
            run = self.list(forge.source)
            self.assertEqual(len(run.names), 60, run.text)
            self.assertEqual(run.sleeps, [1, 2])

    def test_what_stays_broken_gives_nothing(self):
        for fault, code in ((Answer(502, {}), IO),
                            (Answer(200, body=b"[{"), CORRUPT)):
            forge = self.forge("gitea", *numbered(60))
            # The first page is whole: still nothing is told of it.
            forge.page = 50
            broken = [("/repos", fault)] * 9
            forge.fault = lambda path, f=forge, b=broken: (
                b.pop()[1] if b and any("page=2" in p for p in f.paths()[-1:])
                else None)
            run = self.list(forge.source)
            self.assertEqual((run.error, run.names), (code, []))

    def test_too_many(self):
        forge = self.forge("gitlab", *numbered(120))
        run = self.list(forge.source, "--max=100")
        self.assertEqual((run.error, run.names), (LIMIT, []))

    def test_too_large(self):
        forge = self.forge("gitlab", *numbered(1))
        forge.faults = [("/projects", Answer(body=b" " * (33 << 20)))]
        self.assertEqual(self.list(forge.source).error, LIMIT)


class Hostile(ForgeCase):
    def test_names_are_checked(self):
        for name in ("acme/../x", "acme/-x", "acme/a b", "acme/x\n", "x?y",
                     "acme/\u202ex", "", "acme//x", "a" * 600):
            forge = self.forge("gitea", Repository(1, name))
            run = self.list(forge.source)
            self.assertEqual((run.error, run.names), (CORRUPT, []), name)

    def test_a_list_that_leads_to_itself(self):
        forge = self.forge("gitea", *numbered(1))
        forge.listed = lambda query, path: (
            [forge.repositories[0].gitea()],
            '<http://x/?page=1&limit=50>; rel="next"')
        self.assertEqual(self.list(forge.source).error, CORRUPT)

    def test_deep_json(self):
        forge = self.forge("gitea", *numbered(1))
        forge.faults = [("/repos", Answer(body=b"[" * 100000))] * 9
        self.assertEqual(self.list(forge.source).error, CORRUPT)

    def test_redirects(self):
        forge = self.forge("github", *numbered(3))
        moved = {"Location": f"{forge.url}/api/v3/orgs/acme/repos?page=1"}
        forge.faults = [("/repos", Answer(301, {}, moved))]
        self.assertEqual(len(self.list(forge.source).names), 3)
        for location in ("file:///etc/passwd", "gopher://127.0.0.1/",
                         "ftp://127.0.0.1/x"):
            forge.faults = [("/repos", Answer(302, {}, {
                "Location": location}))]
            run = self.list(forge.source)
            self.assertEqual((run.error, run.names), (CORRUPT, []), location)
        forge.faults = [("/repos", Answer(302, {}, moved))] * 50
        self.assertEqual(self.list(forge.source).error, CORRUPT)

    def test_no_other_host_gets_the_token(self):
        other = self.forge("github", *numbered(3))
        forge = self.forge("github", token="t0k")
        forge.faults = [("/repos", Answer(307, {}, {
            "Location": f"{other.url}/api/v3/orgs/acme/repos"}))]
        run = self.list(forge.source, KEYSIEVE_GITHUB_TOKEN="t0k")
        self.assertEqual(len(run.names), 3)
        self.assertEqual(set(forge.tokens()), {"Bearer t0k"})
        self.assertEqual(set(other.tokens()), {None})


class Tokens(ForgeCase):
    def test_the_variable(self):
        for kind in KINDS:
            forge = self.forge(kind, *numbered(1), token="t0k")
            run = self.list(forge.source,
                            **{f"KEYSIEVE_{kind.upper()}_TOKEN": "t0k"})
            self.assertEqual(run.names, ["acme/r0"])
            run = self.list(forge.source)
            self.assertEqual(run.error, USAGE)
            run = self.list(forge.source,
                            **{f"KEYSIEVE_{kind.upper()}_TOKEN": "wr0ng"})
            self.assertEqual(run.error, USAGE)
            self.assertIn("token", run.message)
            self.assertNotIn("wr0ng", run.text)

    def test_what_is_for_the_public_server_is_for_that_only(self):
        for kind in ("github", "gitlab"):
            forge = self.forge(kind, *numbered(1))
            self.list(forge.source, **{f"{kind.upper()}_TOKEN": "t0k"})
            self.assertEqual(set(forge.tokens()), {None})
        forge = self.forge("gitea", *numbered(1), token="t0k")
        run = self.list(forge.source, GITEA_TOKEN="t0k")
        self.assertEqual(run.names, ["acme/r0"])

    def test_the_file(self):
        forge = self.forge("gitea", *numbered(1), token="t0k")
        with tempfile.NamedTemporaryFile("w", suffix=".netrc") as file:
            key = "pass" + "word"
            file.write(f"machine example.org login a {key} wrong\n"
                       f"machine 127.0.0.1:{forge.port}\n"
                       f"  login machine {key} t0k\n"
                       f"default login x {key} wrong\n")
            file.flush()
            option = "--credentials=" + file.name
            run = self.list(forge.source, option, GITEA_TOKEN="wrong")
            self.assertEqual(run.names, ["acme/r0"])
            os.chmod(file.name, 0o640)
            run = self.list(forge.source, option)
            self.assertEqual(run.error, USAGE)
            self.assertIn("chmod 600", run.message)

    def test_no_header_can_be_smuggled_in(self):
        forge = self.forge("gitea", *numbered(1))
        run = self.list(forge.source, GITEA_TOKEN="a\r\nX-Evil: 1")
        self.assertEqual(run.error, USAGE)
        self.assertEqual(forge.log, [])


class Etags(ForgeCase):
    def test_what_is_the_same_is_not_sent(self):
        for kind in KINDS:
            forge = self.forge(kind, *numbered(230),
                               Repository(5, "acme/f", fork=1000))
            run = self.list(forge.source, LISTER_TWICE="1")
            half = len(run.repos) // 2
            self.assertEqual(half, 231)
            self.assertEqual(run.repos[:half], run.repos[half:])
            asked = [request.headers.get("If-None-Match") is not None
                     for request in forge.log]
            # Each request of the second time, but for those without one.
            self.assertEqual(sum(asked), len(asked) // 2, kind)

    def test_answers_are_kept_in_files(self):
        forge = self.forge("gitea", *numbered(60))
        with tempfile.TemporaryDirectory() as folder:
            kept = os.path.join(folder, "deep", "kept")
            for _ in range(2):
                run = self.list(forge.source, LISTER_KEPT=kept)
                self.assertEqual(len(run.names), 60)
            asked = [request.headers.get("If-None-Match") is not None
                     for request in forge.log]
            self.assertEqual(asked, [False] * 3 + [True] * 3)
            for name in os.listdir(kept):
                with open(os.path.join(kept, name), "r+b") as file:
                    file.truncate(90)
            run = self.list(forge.source, LISTER_KEPT=kept)
            self.assertEqual(len(run.names), 60)

    def test_what_was_kept_is_not_trusted(self):
        for damage in ("", "[", '{"items": 5}', '{"items": [], "next": "\\n"}',
                       '{"next": 5}'):
            forge = self.forge("gitea", *numbered(60))
            run = self.list(forge.source, LISTER_TWICE="1",
                            LISTER_DAMAGE=damage)
            self.assertEqual(len(run.names), 120, run.text)
        forge = self.forge("gitea", *numbered(1))
        run = self.list(forge.source, LISTER_TWICE="1",
                        LISTER_DAMAGE='{"items": [{"id": 1, "name": "-x"}]}')
        self.assertEqual(run.error, CORRUPT)


if __name__ == "__main__":
    unittest.main(verbosity=1)
