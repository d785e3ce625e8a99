# SPDX-License-Identifier: Apache-2.0
"""Repositories made by the real git, out of reach of the user's settings."""

import os
import pathlib
import subprocess


def git_environment(home):
    """What git may know: nothing of this machine, a fixed person and date."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR")
            if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Jane Doe",
        "GIT_AUTHOR_EMAIL": "jane@example.org",
        "GIT_AUTHOR_DATE": "2026-01-31T12:00:00+0200",
        "GIT_COMMITTER_NAME": "Joe Bloggs",
        "GIT_COMMITTER_EMAIL": "joe@example.org",
        "GIT_COMMITTER_DATE": "2026-02-01T12:00:00+0000",
    }


class Repo:
    """A repository in a folder of its own."""

    def __init__(self, path, *init_options, create=True):
        self.path = pathlib.Path(path)
        self.environment = git_environment(self.path.parent)
        if create:
            self.path.mkdir(parents=True, exist_ok=True)
            self.git("init", "-q", "-b", "main", *init_options)
            self.git("config", "gc.auto", "0")

    def git(self, *words, give=None, check=True, **environment):
        """What git says on standard output, without the newline at its end.

        ${give} is its standard input; ${environment} is added to its own.
        """
        done = subprocess.run(
            ["git", *words], cwd=self.path, input=give, check=False,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if check and done.returncode:
            raise RuntimeError(f"git {words}: {done.stderr.decode()}")
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def git_bytes(self, *words, give=None):
        """As git(), but the bytes as they are."""
        return subprocess.run(
            ["git", *words], cwd=self.path, input=give, check=True,
            env=self.environment, stdout=subprocess.PIPE).stdout

    def write(self, name, content):
        """Put ${content}, text or bytes, into the file ${name}."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)

    def commit(self, message="a commit", **environment):
        """Commit all that there is; the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-F", "-",
                 give=message.encode(), **environment)
        return self.git("rev-parse", "HEAD")

    def add(self, name, content, message="a commit"):
        """A commit with one file more; its id."""
        self.write(name, content)
        return self.commit(message)

    def blob(self, content):
        """An object that nothing refers to; its id."""
        if isinstance(content, str):
            content = content.encode()
        return self.git("hash-object", "-w", "--stdin", give=content)

    def pack(self, *options):
        """All into one pack of deltas, what is unreachable too."""
        self.git("repack", "-q", "-a", "-d", "-f", "-k", *options)
        self.git("prune-packed", "-q")

    def objects(self):
        """The id, type and size of every object, as git counts them."""
        lines = self.git("cat-file", "--batch-all-objects",
                         "--batch-check").splitlines()
        return [(oid, kind, int(size))
                for oid, kind, size in (line.split() for line in lines)]
