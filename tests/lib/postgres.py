# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of one's own, in a temporary folder."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.parse


def programs():
    """Where Debian has the server's programs; None: they are not there."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


class Postgres:
    """It does not run as root, and listens on a socket in its folder only."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ks-pg-")).resolve()
        self.data = self.folder / "data"
        self.prefix = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres",
                           "--clear-groups", "--"]
        self.server = None
        self.made = 0
        self.run("initdb", "-D", self.data, "-U", "keysieve", "-A", "trust",
                 "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    def run(self, name, *words):
        done = subprocess.run(
            [*self.prefix, programs() / name, *map(str, words)],
            cwd=self.folder, check=False, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={"PATH": os.environ["PATH"]})
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stdout.decode()}")
        return done.stdout.decode()

    def start(self):
        self.server = subprocess.Popen(
            [*self.prefix, programs() / "postgres", "-D", self.data, "-k",
             self.folder, "-c", "listen_addresses=", "-c", "fsync=off",
             "-c", "shared_buffers=16MB"],
            cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while True:
            try:
                self.ask("SELECT 1", "postgres")
                return
            except RuntimeError:
                if time.monotonic() > end or self.server.poll() is not None:
                    raise
                time.sleep(0.05)

    def crash(self):
        """End it at once, as by a power cut; start() brings it back."""
        self.run("pg_ctl", "stop", "-D", self.data, "-m", "immediate")
        self.server.wait()

    def close(self):
        if self.server.poll() is None:
            self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, sql, database):
        return self.run("psql", "-h", self.folder, "-U", "keysieve", "-d",
                        database, "-At", "-c", sql)

    def database(self):
        """The URL of a new database."""
        self.made += 1
        name = f"d{self.made}"
        self.ask(f"CREATE DATABASE {name}", "postgres")
        host = urllib.parse.quote(str(self.folder), safe="")
        return f"postgresql://keysieve@{host}/{name}"
