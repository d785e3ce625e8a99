# SPDX-License-Identifier: Apache-2.0
"""Running keysieve, and what every run of it has to keep to."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zlib

import repo
import tokens

PROGRAM = os.environ.get("KEYSIEVE", "build/keysieve")
CLEAN, FOUND, FAILED, INCOMPLETE = range(4)
PRESETS = pathlib.Path(__file__).resolve().parents[2] / "presets"
# A sanitizer's own status must not be taken for one of the program's.
SANITIZERS = {
    "ASAN_OPTIONS": "exitcode=99:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99:print_stacktrace=1",
    "TSAN_OPTIONS": f"exitcode=99:suppressions={PRESETS / 'tsan.supp'}",
}


class Run:
    """What one run said."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out.decode("utf-8", "surrogateescape")
        self.err = err.decode("utf-8", "surrogateescape")

    def json(self):
        return json.loads(self.out)

    def lines(self):
        """The findings of --format jsonl."""
        return [json.loads(line) for line in self.out.splitlines()]


class ProgramCase(unittest.TestCase):
    """A test with a folder and tokens of its own."""

    object_format = "sha1"  # of the repositories that it makes

    def setUp(self):
        self.folder = pathlib.Path(
            tempfile.mkdtemp(prefix="keysieve-test-")).resolve()
        self.addCleanup(self.remove)
        self.tokens = tokens.Tokens(zlib.crc32(self.id().encode()))
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            **SANITIZERS,
            **{name: os.environ[name] for name in ("LSAN_OPTIONS",)
               if name in os.environ},
        }

    def remove(self):
        subprocess.run(["chmod", "-R", "u+rwx", self.folder], check=False,
                       stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def repo(self, name="repo", *options):
        if self.object_format != "sha1":
            options += (f"--object-format={self.object_format}",)
        return repo.Repo(self.folder / name, *options)

    def check(self, run, redacted=True, wants_keysieve=True):
        """What holds for every run, whatever it was asked for."""
        said = run.out + run.err
        self.assertIn(run.status, (CLEAN, FOUND, FAILED, INCOMPLETE), said)
        self.assertNotIn("Sanitizer", run.err)
        self.assertNotIn("runtime error", run.err)
        if redacted:
            for token in self.tokens.made:
                self.assertNotIn(token, said)
        if run.err and wants_keysieve:
            self.assertRegex(run.err, r"^keysieve")
        if run.status == FAILED and not run.out:
            self.assertTrue(run.err, "it failed without a word")

    def run_program(self, *words, give=b"", cwd=None, prefix=(), status=None,
                    timeout=50, wants_keysieve=True, **environment):
        """Run it and check what always holds; ${status} is expected."""
        words = [os.fsencode(str(word)) if not isinstance(word, bytes)
                 else word for word in words]
        done = subprocess.run(
            [*prefix, os.path.abspath(PROGRAM), *words],
            cwd=cwd or self.folder, input=give, timeout=timeout, check=False,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        run = Run(done.returncode, done.stdout, done.stderr)
        self.check(run, redacted=b"--show-secrets" not in words,
                   wants_keysieve=wants_keysieve)
        if status is not None:
            self.assertEqual(run.status, status, run.out + run.err)
        return run

    def audit(self, *words, **options):
        return self.run_program("audit", *words, **options)

    def scan(self, *words, **options):
        return self.run_program("scan", *words, **options)

    def found(self, *words, **options):
        """Secret -> finding, of a command with these words."""
        run = self.run_program(*words, "--format=json", "--show-secrets",
                               "--occurrences", **options)
        return {item["secret"]: item for item in run.json()["findings"]}


def main():
    unittest.main(verbosity=1)
