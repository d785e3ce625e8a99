# SPDX-License-Identifier: Apache-2.0
"""Repositories with keysieve's hooks and remotes to push to."""

import os
import pathlib
import re
import subprocess

import program
import repo

KEYSIEVE = os.path.abspath(program.PROGRAM)
ZERO = "0" * 40


class Push:
    """What became of a git command that ran a hook."""

    def __init__(self, status, said):
        self.passed = status == 0
        self.said = said

    def keysieve(self):
        """What the hook said: all but git's own words."""
        own = ("error: failed to push", "To ", " * [", " + ", " ! [",
               "   ", "Everything up-to-date")
        lines = self.said.splitlines(keepends=True)
        while lines and lines[-1].startswith(own):
            lines.pop()
        return "".join(lines)


class HookCase(program.ProgramCase):
    """A clone of a bare repository, with hooks."""

    hooks = ("pre-push",)

    def setUp(self):
        super().setUp()
        self.remote = self.repo("remote.git", "--bare")
        self.work = self.repo("work")
        self.work.environment.update(self.sanitizers())
        self.work.git("remote", "add", "origin",
                      f"file://{self.remote.path}")
        self.install(self.work)

    def sanitizers(self):
        return {name: value for name, value in self.environment.items()
                if name.endswith("_OPTIONS")}

    def install(self, target, *options):
        """Install this class's hooks in the repository ${target}."""
        self.run_program("hook", "install", *self.hooks, *options,
                         cwd=target.path, status=program.CLEAN)

    def start(self):
        """A first commit that is pushed; its id."""
        oid = self.work.add("README", "hello\n", "begin")
        self.push("origin", "main", passes=True)
        return oid

    def run_git(self, *words, where=None, passes=None, **environment):
        where = where or self.work
        done = subprocess.run(
            ["git", *words], cwd=where.path, check=False, timeout=50,
            stdin=subprocess.DEVNULL,
            env={**where.environment, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = done.stdout.decode("utf-8", "surrogateescape")
        self.assertNotIn("Sanitizer", said)
        self.assertNotIn("runtime error", said)
        for token in self.tokens.made:
            self.assertNotIn(token, said)
        push = Push(done.returncode, said)
        if passes is not None:
            self.assertEqual(push.passed, passes, said)
        return push

    def push(self, *words, **options):
        return self.run_git("push", "-q", *words, **options)

    def refused(self, *words, count=1, **options):
        """A push that the hook stops; it names so many secrets."""
        push = self.push(*words, passes=False, **options)
        self.assertRegex(push.said,
                         rf"keysieve: push [^\n]*\b{count} secrets?\b")
        return push

    def accepted(self, *words, **options):
        """A push that passes without a word."""
        push = self.push(*words, passes=True, **options)
        self.assertEqual(push.said, "")
        return push

    def remote_has(self, oid, remote=None):
        done = subprocess.run(
            ["git", "cat-file", "-e", oid],
            cwd=(remote or self.remote).path, check=False,
            stderr=subprocess.DEVNULL,
            env=repo.git_environment(self.folder))
        return done.returncode == 0

    def leak(self, name="config.py", message="configure", **names):
        """A commit that brings a secret; its id. The secret: self.secret."""
        self.secret = self.tokens.aws()
        return self.work.add(name, f"KEY = '{self.secret}'\n", message,
                             **names)


def fill(text, **names):
    """An expected message: ids and redacted secrets by their patterns."""
    pattern = re.escape(text)
    for name, value in {"oid": r"[0-9a-f]{12}", "short": r"[0-9a-f]{7}",
                        "aws": "AKIA…[A-Z2-7]{4}", "digits": r"\d{12}",
                        "bits": r"\d\.\d", "sure": r"0\.\d\d",
                        "folder": r"\S*", **names}.items():
        pattern = pattern.replace(re.escape(f"<{name}>"), value)
    return f"\\A{pattern}\\Z"


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")
