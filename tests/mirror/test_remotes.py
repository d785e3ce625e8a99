#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mirrors of real remotes: smart HTTP with passwords, git daemon, kills."""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import gitserver  # noqa: E402
import repo  # noqa: E402

MIRRORER = os.environ["KEYSIEVE_MIRRORER"]
IO, USAGE, LIMIT, NOTFOUND = -2, -3, -7, -8


class MirrorCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(
            tempfile.mkdtemp(prefix="keysieve-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.root = self.folder / "served"
        self.work = repo.Repo(self.folder / "work")
        self.work.add("a", "one\n" * 500)
        self.work.add("b", "two\n")
        self.publish("a.git")

    def publish(self, name):
        self.work.git("clone", "-q", "--bare", ".", str(self.root / name))

    def serve(self, **options):
        server = gitserver.GitServer(self.root, **options)
        self.addCleanup(server.close)
        return server

    def command(self, url, *words):
        return [MIRRORER, str(self.folder / "cache"), url, *words]

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder),
                "GIT_CONFIG_NOSYSTEM": "1", **more,
                **{name: os.environ[name] for name in (
                    "LSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS")
                   if name in os.environ}}

    def update(self, url, *words, **environment):
        """The words that it said, and the mirror's path or its message."""
        done = subprocess.run(
            self.command(url, *words), check=False, timeout=90,
            env=self.environment(**environment),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, b"")
        said = done.stdout.decode().strip()
        if said.startswith("error "):
            _, code, message = said.split(" ", 2)
            return int(code), message
        flags, path = said.rsplit(" ", 1)
        return flags.split(), path

    def same(self, path, name="a.git"):
        refs = [subprocess.run(
            ["git", "-C", str(where), "for-each-ref"], check=True,
            stdout=subprocess.PIPE).stdout for where in
            (path, self.root / name)]
        self.assertEqual(refs[0], refs[1])
        subprocess.run(["git", "-C", path, "fsck", "--strict"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Http(MirrorCase):
    def test_it_is_fetched_once(self):
        server = self.serve()
        flags, path = self.update(server.url + "/a.git")
        self.assertEqual(flags, ["new", "changed"])
        self.same(path)
        server.log.clear()
        flags, _ = self.update(server.url + "/a.git")
        self.assertEqual(flags, ["same"])
        # Asked for its refs and for nothing else.
        self.assertEqual([where for where, _ in server.log],
                         ["/a.git/info/refs", "/a.git/git-upload-pack"])
        self.work.add("c", "three\n")
        self.work.git("push", "-q", str(self.root / "a.git"), "main")
        flags, path = self.update(server.url + "/a.git")
        self.assertEqual(flags, ["changed"])
        self.same(path)

    def test_it_vanished_since_it_was_listed(self):
        server = self.serve()
        self.update(server.url + "/a.git")
        shutil.rmtree(self.root / "a.git")
        code, message = self.update(server.url + "/a.git")
        self.assertEqual(code, NOTFOUND)
        self.assertIn("/a.git", message)
        # Back again, the mirror that there was serves.
        self.publish("a.git")
        flags, path = self.update(server.url + "/a.git")
        self.assertEqual(flags, ["same"])
        self.same(path)

    def test_a_wiki_that_nobody_made(self):
        server = self.serve()
        url = server.url + "/a.git"
        server.failing = True
        self.assertEqual(self.update(url)[0], IO)
        self.assertEqual(self.update(url, "optional=")[0], NOTFOUND)
        server.failing = False
        self.update(url, "optional=")
        server.failing = True
        self.assertEqual(self.update(url, "optional=")[0], IO)

    def test_it_moved(self):
        server = self.serve()
        server.moved["/old.git"] = server.url + "/a.git"
        flags, path = self.update(server.url + "/old.git")
        self.assertEqual(flags, ["new", "changed"])
        self.same(path)

    def test_nobody_there(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            code, message = self.update(
                f"http://127.0.0.1:{free.getsockname()[1]}/a.git")
        self.assertEqual(code, IO)
        self.assertIn("/a.git", message)


class Passwords(MirrorCase):
    def setUp(self):
        super().setUp()
        self.password = "ho" + "rse/bat" + "tery"
        self.server = self.serve(user="jane", password=self.password)
        self.url = self.server.url + "/a.git"

    def test_it_asks_for_one(self):
        code, message = self.update(self.url)
        self.assertEqual(code, IO)
        self.assertRegex(message, "/a.git.*asks for a name and a password")
        code, message = self.update(self.url, "user=jane",
                                    MIRRORER_PASSWORD="wr0ng")
        self.assertEqual(code, IO)
        self.assertNotIn("wr0ng", message)

    def test_it_is_given_and_kept_nowhere(self):
        # A git that notes what it was started with.
        wrapper = self.folder / "bin" / "git"
        wrapper.parent.mkdir()
        real = shutil.which("git")
        wrapper.write_text(f'#!/bin/sh\necho "$@" >>{self.folder}/words\n'
                           f'exec {real} "$@"\n')
        wrapper.chmod(0o700)
        (self.folder / ".gitconfig").write_text(
            f"[credential]\n\thelper = store --file={self.folder}/kept\n")
        flags, path = self.update(
            self.url, "user=jane", MIRRORER_PASSWORD=self.password,
            PATH=f"{wrapper.parent}:{os.environ['PATH']}")
        self.assertEqual(flags, ["new", "changed"])
        self.same(path)
        self.assertIn("fetch", (self.folder / "words").read_text())
        self.assertFalse((self.folder / "kept").exists())
        for file in self.folder.rglob("*"):
            if file.is_file():
                self.assertNotIn(self.password.encode(), file.read_bytes(),
                                 file)

    def test_it_may_stand_in_the_url(self):
        quoted = self.password.replace("/", "%2F")
        url = self.url.replace("://", f"://jane:{quoted}@")
        flags, path = self.update(url)
        self.assertEqual(flags, ["new", "changed"])
        self.same(path)
        self.server.password = "changed"
        code, message = self.update(url)
        self.assertEqual(code, IO)
        for word in (quoted, self.password, "jane"):
            self.assertNotIn(word, message)

    def test_the_users_own_helpers_know_it(self):
        quoted = self.password.replace("/", "%2F")
        (self.folder / "known").write_text(
            self.server.url.replace("://", f"://jane:{quoted}@") + "\n")
        (self.folder / ".gitconfig").write_text(
            f"[credential]\n\thelper = store --file={self.folder}/known\n")
        flags, _ = self.update(self.url)
        self.assertEqual(flags, ["new", "changed"])

    def test_no_other_server_gets_it(self):
        other = self.serve()
        other.user, other.password = "jane", self.password
        self.server.moved["/b.git"] = other.url + "/a.git"
        code, _ = self.update(self.server.url + "/b.git", "user=jane",
                              MIRRORER_PASSWORD=self.password)
        self.assertEqual(code, IO)
        self.assertEqual({given for _, given in other.log}, {None})


class Kills(MirrorCase):
    def hold(self):
        server = self.serve()
        server.hold = gitserver.threading.Event()
        return server

    def test_killed_while_it_fetches(self):
        server = self.hold()
        url = server.url + "/a.git"
        process = subprocess.Popen(
            self.command(url), env=self.environment(),
            stdout=subprocess.DEVNULL)
        self.assertTrue(server.is_held.wait(60))
        started = self.children(process.pid)
        self.assertTrue(started)
        process.kill()
        process.wait()
        # The git that it had started is no more, either.
        for _ in range(200):
            if not any(self.is_running(pid) for pid in started):
                break
            time.sleep(0.05)
        self.assertFalse(any(self.is_running(pid) for pid in started))
        server.hold.set()
        server.hold = None
        flags, path = self.update(url)
        self.assertEqual(flags, ["new", "changed"])
        self.same(path)

    def test_it_does_not_wait_for_ever(self):
        server = self.hold()
        code, message = self.update(server.url + "/a.git", "timeout=1")
        self.assertEqual(code, LIMIT)
        self.assertIn("1 seconds", message)
        # Nothing of it stays.
        self.assertEqual(list((self.folder / "cache").rglob("*.git")), [])

    def test_two_at_once_take_turns(self):
        server = self.serve()
        processes = [subprocess.Popen(
            self.command(server.url + "/a.git", f"key={i % 2}", "network=n"),
            env=self.environment(), stdout=subprocess.PIPE)
            for i in range(6)]
        said = [process.communicate(timeout=90)[0].decode().split()
                for process in processes]
        for words in said:
            self.assertNotEqual(words[0], "error", words)
            self.same(words[-1])
        self.assertEqual(sum("new" in words for words in said), 2)

    @staticmethod
    def facts(pid):
        """State and parent of a process; none if there is no such one."""
        try:
            text = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return None, None
        state, parent = text.rsplit(")", 1)[1].split()[:2]
        return state, int(parent)

    def children(self, pid):
        return [int(path.name) for path in pathlib.Path("/proc").iterdir()
                if path.name.isdigit() and self.facts(path.name)[1] == pid]

    def is_running(self, pid):
        return self.facts(pid)[0] not in (None, "Z")


class Daemon(MirrorCase):
    def test_git_protocol(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        daemon = subprocess.Popen(
            ["git", "daemon", "--listen=127.0.0.1", f"--port={port}",
             "--export-all", "--reuseaddr", f"--base-path={self.root}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        url = f"git://127.0.0.1:{port}/"
        flags, path = self.update(url + "a.git")
        self.assertEqual(flags, ["new", "changed"])
        self.same(path)
        code, _ = self.update(url + "none.git")
        self.assertEqual(code, NOTFOUND)


if __name__ == "__main__":
    unittest.main(verbosity=1)
