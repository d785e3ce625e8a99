#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What scans of an organisation cost: ./dev bench --org CASE [REPO]...

  workers REPO...  1,000 generated repositories and these: one scan alone,
                   then with a worker, against an audit of each
  nights REPO...   the same, scanned again: nothing new, one commit in each
  forks REPO       200 forks of it, over HTTP, against it alone
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "lib")]
import forges  # noqa: E402
import generate  # noqa: E402
import gitserver  # noqa: E402
import measure  # noqa: E402

PROGRAM = os.environ.get("KEYSIEVE", "build/keysieve")
OBJECTS = 400  # of a generated repository
STATUSES = (0, 1, 3)


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.environment = measure.clean_environment(self.folder)
        self.stores = 0

    def git(self, *words):
        return subprocess.run(["git", *map(str, words)], check=True,
                              env=self.environment, stdout=subprocess.PIPE,
                              ).stdout.decode().strip()

    def keysieve(self, *words):
        return measure.run([PROGRAM, *map(str, words)], self.environment,
                           statuses=STATUSES)

    def organisation(self, *sources):
        """A store of its own; what it is called on a command line."""
        self.stores += 1
        store = ["--store", self.folder / f"{self.stores}.sqlite"]
        self.keysieve("org", "add", *store, "acme", *sources)
        return store

    def generated(self, count, repos):
        """A folder of these many, and links to ${repos}."""
        root = self.folder / "srv"
        root.mkdir()
        template = self.folder / "template.git"
        generate.repository(template, OBJECTS, self.environment)
        for number in range(count):
            path = root / f"g{number:04}.git"
            shutil.copytree(template, path)
            self.commit(path, "own")
        listing = self.folder / "list"
        listing.write_text("".join(
            f"{path}\n" for path in [*sorted(root.iterdir()), *repos]))
        return listing, root

    def commit(self, path, name):
        """One commit on top of main, with a file of its own."""
        blob = subprocess.run(
            ["git", "-C", path, "hash-object", "-w", "--stdin"],
            input=f"{path} {name}\n".encode(), check=True,
            stdout=subprocess.PIPE, env=self.environment).stdout.decode()
        tree = subprocess.run(
            ["git", "-C", path, "mktree"], check=True,
            input=f"100644 blob {blob.strip()}\t{name}\n".encode(),
            stdout=subprocess.PIPE, env=self.environment).stdout.decode()
        commit = self.git("-C", path, "-c", "user.name=J", "-c",
                          "user.email=j@example.org", "commit-tree", "-p",
                          "main", "-m", name, tree.strip())
        self.git("-C", path, "update-ref", "refs/heads/main", commit)


def workers(bench, repos, count):
    listing, _ = bench.generated(count, repos)
    audits = [bench.keysieve("audit", "-j1", path)
              for path in listing.read_text().split()]
    alone = bench.keysieve("org", "scan", "-j1", "acme",
                           *bench.organisation(listing))
    store = bench.organisation(listing)
    begun = time.monotonic()
    with subprocess.Popen([PROGRAM, "worker", "-j1", "--quiet",
                           *map(str, store)], env=bench.environment) as other:
        bench.keysieve("org", "scan", "-j1", "acme", *store)
        both = time.monotonic() - begun
        other.terminate()
    audit = sum(run.wall for run in audits)
    print(f"audits, one after the other: {audit:.2f} s wall, "
          f"{sum(run.cpu for run in audits):.2f} s of processor")
    print(f"one scan: {alone.wall:.2f} s wall, {alone.cpu:.2f} s of "
          f"processor, {alone.wall / audit:.2f} times the audits")
    print(f"with a worker: {both:.2f} s wall, {alone.wall / both:.2f} times "
          "as fast")


def nights(bench, repos, count):
    listing, root = bench.generated(count, repos)
    store = bench.organisation(listing)
    bench.keysieve("org", "scan", "acme", *store)
    runs = [bench.keysieve("org", "scan", "acme", *store) for _ in range(3)]
    number = len(listing.read_text().split())
    each = min(run.wall for run in runs) / number * 1000
    print(f"{number} repositories, nothing new: {each:.2f} ms each")
    for path in root.iterdir():
        bench.commit(path, "new")
    run = bench.keysieve("org", "scan", "acme", *store)
    print(f"a commit in each of {count}: "
          f"{run.wall / count * 1000:.2f} ms each")


def forks(bench, repos, count):
    served = bench.folder / "served/acme"
    served.mkdir(parents=True)
    real = pathlib.Path(repos[0]).resolve()
    tip = bench.git("-C", real, "rev-parse", "HEAD")
    for number in range(count + 1):
        path = served / f"r{number}.git"
        bench.git("clone", "-q", "--bare", "--shared", real, path)
        # What only the server of ${real} has is no branch of a fork.
        bench.git("-C", path, "update-ref", "refs/heads/main", tip)
        if number % 2:
            bench.commit(path, "own")
    server = gitserver.GitServer(bench.folder / "served")
    try:
        server.api = forges.Forge("gitea", [forges.Repository(1, "acme/r0")])
        source = f"gitea:{server.url}/acme"
        one = bench.keysieve("org", "scan", "acme",
                             *bench.organisation(source))
        shutil.rmtree(bench.folder / "cache")
        server.api.repositories += [
            forges.Repository(2 + number, f"acme/r{1 + number}", fork=1)
            for number in range(count)]
        many = bench.keysieve("org", "scan", "acme",
                              *bench.organisation(source))
        again = bench.keysieve("org", "scan", "acme",
                               "--store", bench.folder / "2.sqlite")
        server.api.close()
    finally:
        server.close()
    print(f"one: {one.wall:.2f} s wall; with {count} forks: "
          f"{many.wall:.2f} s, {many.wall / one.wall:.2f} times")
    print(f"again, nothing new: {again.wall:.2f} s")


CASES = {"workers": (workers, 1000), "nights": (nights, 1000),
         "forks": (forks, 200)}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("repos", nargs="*")
    parser.add_argument("--count", type=int)
    options = parser.parse_intermixed_args()
    case, count = CASES[options.case]
    with tempfile.TemporaryDirectory(prefix="keysieve-bench-") as folder:
        case(Bench(folder), [os.path.abspath(repo) for repo in options.repos],
             options.count or count)


if __name__ == "__main__":
    main()
