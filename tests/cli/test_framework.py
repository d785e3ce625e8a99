#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
""".pre-commit-hooks.yaml, by the real pre-commit.

It comes by pip, once, into the folder KEYSIEVE_PRE_COMMIT_CACHE.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402

PACKAGE = "pre-commit==4.7.0"


def install(folder):
    """Put pre-commit into ${folder}, whole or not at all; is it there?"""
    if folder.exists():
        return True
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--target",
             f"{scratch}/made", "--disable-pip-version-check", PACKAGE],
            check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        if done.returncode:
            return False
        try:
            os.rename(f"{scratch}/made", folder)
        except OSError:
            pass  # another test was first
    return folder.exists()


class Framework(hooks.HookCase):
    def setUp(self):
        cache = pathlib.Path(os.environ.get(
            "KEYSIEVE_PRE_COMMIT_CACHE", TOP / "build/pre-commit"))
        if not install(cache):
            self.skipTest("pre-commit cannot be installed by pip")
        self.cache = cache
        super().setUp()

    def install(self, target, *options):
        """As a user of the framework does."""
        tool = self.repo("tool")
        shutil.copy(TOP / ".pre-commit-hooks.yaml", tool.path)
        rev = tool.commit("hooks")
        binaries = self.folder / "bin"
        binaries.mkdir()
        (binaries / "keysieve").symlink_to(hooks.KEYSIEVE)
        target.environment.update({
            "PYTHONPATH": str(self.cache),
            "PRE_COMMIT_HOME": str(self.folder / "cache"),
            "PATH": f"{binaries}:{os.environ['PATH']}"})
        target.write(".pre-commit-config.yaml", f"""\
repos:
  - repo: {tool.path}
    rev: {rev}
    hooks:
      - id: keysieve
      - id: keysieve-push
""")
        target.git("add", ".pre-commit-config.yaml")
        target.git("commit", "-q", "-m", "configure")
        subprocess.run(
            [sys.executable, "-m", "pre_commit", "install", "--hook-type",
             "pre-commit", "--hook-type", "pre-push"], cwd=target.path,
            env=target.environment, check=True, stdout=subprocess.DEVNULL)

    def test_commit_and_push(self):
        push = self.push("origin", "main", passes=True)
        self.assertIn("no secrets in the push", push.said)
        self.work.write("f.py", f"K = '{self.tokens.aws()}'\n")
        self.work.git("add", "f.py")
        done = self.run_git("commit", "-q", "-m", "x", passes=False)
        self.assertIn("commit stopped: 1 secret would go in", done.said)
        self.work.git("commit", "-q", "--no-verify", "-m", "x")
        oid = self.work.git("rev-parse", "HEAD")
        self.work.git("rm", "-q", "f.py")
        self.work.git("commit", "-q", "-m", "y")
        push = self.push("origin", "main", passes=False)
        self.assertIn("push to 'origin' stopped: 1 secret", push.said)
        self.push("origin", "main:refs/heads/new", passes=False)
        self.assertFalse(self.remote_has(oid))
        self.work.git("reset", "-q", "--hard", "HEAD~2")
        self.work.add("g.py", "text\n")
        self.push("origin", "main", passes=True)


if __name__ == "__main__":
    program.main()
