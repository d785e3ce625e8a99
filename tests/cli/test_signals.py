#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Being interrupted, and being read by nobody."""

import os
import pathlib
import pty
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Signals(program.ProgramCase):
    def start(self, *words, **streams):
        return subprocess.Popen(
            [os.path.abspath(program.PROGRAM), *words], cwd=self.folder,
            env=self.environment, **{
                "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE, **streams})

    def slow_repo(self):
        """One that takes seconds: every blob has another large content."""
        made = self.repo()
        line = b"%d the token, secret or key: ghp_ AKIA eyJ\n"
        for i in range(64):
            made.write(f"f{i}", b"".join(line % (i * j)
                                         for j in range(60000)))
        made.git("-c", "core.compression=1", "add", "-A")
        made.commit()
        return made

    def test_interrupted(self):
        # nohup and the like leave it ignored, which the program respects.
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        self.addCleanup(signal.signal, signal.SIGHUP, before)
        self.slow_repo()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                child = self.start("audit", "repo", "--output=report",
                                   "--engine=reference", "--jobs=1")
                time.sleep(0.3)
                self.assertIsNone(child.poll(), "too fast to interrupt")
                child.send_signal(number)
                out, err = child.communicate(timeout=50)
                self.assertEqual(child.returncode, program.FAILED, err)
                self.assertEqual(out, b"")
                self.assertEqual(
                    err, b"keysieve: interrupted: nothing is reported\n")
                self.assertEqual(os.listdir(self.folder), ["repo"])

    def test_interrupted_while_it_waits_for_input(self):
        child = self.start("scan", "-", stdin=subprocess.PIPE)
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            self.fail("it waits on")
        finally:
            child.communicate()
        self.assertEqual(child.returncode, program.FAILED)

    def test_ignored_signals_stay_ignored(self):
        self.repo().add("a", "x")
        child = subprocess.Popen(
            ["sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh",
             os.path.abspath(program.PROGRAM), "scan", "-"],
            env=self.environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        child.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        _, err = child.communicate(b"x\n", timeout=50)
        self.assertEqual(child.returncode, program.CLEAN, err)

    def test_nobody_reads(self):
        made = self.repo()
        made.add("a", "".join(f"token = {self.tokens.github()}\n"
                              for _ in range(2000)))
        for words in (["audit", "repo"],
                      ["audit", "repo", "--format=jsonl"],
                      ["audit", "repo", "--format=json", "--occurrences"],
                      ["rules", "list"], ["--help"]):
            with self.subTest(words):
                child = self.start(*words)
                child.stdout.close()
                err = child.stderr.read()
                child.stderr.close()
                self.assertEqual(child.wait(50), program.FAILED, err)
                self.assertEqual(err, b"")

    def test_reader_that_leaves(self):
        made = self.repo()
        made.add("a", "".join(f"token = {self.tokens.github()}\n"
                              for _ in range(2000)))
        child = self.start("audit", "repo", "--format=jsonl")
        child.stdout.readline()
        child.stdout.close()
        err = child.stderr.read()
        child.stderr.close()
        self.assertEqual(child.wait(50), program.FAILED)
        self.assertEqual(err, b"")

    def test_progress_on_a_terminal(self):
        self.slow_repo()
        leader, follower = pty.openpty()
        self.environment["TERM"] = "xterm"
        child = self.start("audit", "repo", "--jobs=1",
                           stdout=subprocess.DEVNULL, stderr=follower)
        os.close(follower)
        said = b""
        started = time.monotonic()
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            said += piece
        took = time.monotonic() - started
        os.close(leader)
        self.assertEqual(child.wait(), program.CLEAN)
        lines = said.decode().split("\r")
        self.assertIn("scanning", lines[1])
        self.assertIn("objects", said.decode())
        # At most ten a second, one line, wiped at the end.
        self.assertLess(len(lines), took * 10 + 4)
        self.assertNotIn("\n", said.decode())
        self.assertEqual(lines[-1], "")
        self.assertEqual(lines[-2].strip(), "")

    def test_no_progress(self):
        self.slow_repo()
        for words in (["--quiet"], ["--no-progress"]):
            leader, follower = pty.openpty()
            self.environment["TERM"] = "xterm"
            child = self.start("audit", "repo", *words, stderr=follower,
                               stdout=subprocess.DEVNULL)
            self.assertEqual(child.wait(50), program.CLEAN)
            os.close(follower)
            try:
                self.assertEqual(os.read(leader, 1000), b"")
            except OSError:
                pass
            os.close(leader)


if __name__ == "__main__":
    program.main()
