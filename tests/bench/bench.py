#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long keysieve takes, beside git printing the same objects.

All that is compared is run in one go, in rounds that take turns, so that what
else the machine does weighs on both alike.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

import generate
import measure
import profile_run
import rule_counts
import store_size

PROGRAM = os.environ.get("KEYSIEVE", "build/keysieve")
DONE = (0, 1, 3)  # statuses of an audit that was carried out
MIB = 1 << 20
PLACES = 10_000_000  # of findings in a store
SERIES = "300000,600000,1250000,2500000,5000000"


def audit(repository, *options, program=PROGRAM):
    return [program, "audit", "--format", "json", "--quiet", "--no-progress",
            *options, str(repository)]


def print_all(repository):
    return ["git", "-c", "safe.directory=*", "-C", str(repository),
            "cat-file", "--batch-all-objects", "--batch", "--unordered",
            "--buffer"]


def interleave(programs, rounds, environment):
    """Run each of ${programs}, a dict of words, once a round."""
    runs = {name: [] for name in programs}
    for _ in range(rounds):
        for name, words in programs.items():
            runs[name].append(measure.run(
                words, environment, keep=words[0] != "git", statuses=DONE))
    return runs


def median(runs, what):
    return statistics.median(getattr(run, what) for run in runs)


def ratios(runs, bases, what):
    """Least, median and greatest ratio of the rounds."""
    values = [getattr(run, what) / getattr(base, what)
              for run, base in zip(runs, bases)]
    return (f"{min(values):.2f} / {statistics.median(values):.2f} / "
            f"{max(values):.2f}")


def print_coverage(report):
    cover = report["coverage"]
    objects = sum(cover[kind] for kind in ("commits", "trees", "blobs", "tags"))
    print(f"  {objects} objects, {cover['blobs']} blobs; "
          f"{cover['bytes'] / MIB:.0f} MiB in all, "
          f"{cover['bytes_inflated'] / MIB:.0f} inflated, "
          f"{cover['bytes_matched'] / MIB:.0f} matched; "
          f"{cover['candidates']} candidates, {cover['confirmed']} confirmed, "
          f"{len(report['findings'])} findings")
    return cover["bytes"]


def print_stages(runs):
    """Medians; what is over is the start of the program and the report."""
    covers = [json.loads(run.out)["coverage"] for run in runs]
    parts = [(name, [cover["stages"][name] for cover in covers])
             for name in covers[0]["stages"]]
    parts.append(("start and report", [run.wall - cover["seconds"]
                                       for run, cover in zip(runs, covers)]))
    print(" " * 15 + ", ".join(f"{name} {statistics.median(values):.2f}"
                               for name, values in parts) + " s")


def compare(repository, rounds, environment):
    """keysieve with one job and with all, and git, on one repository.

    Ratios are of each round: least, median, greatest. Those of processor time
    hardly change with what else the machine does.
    """
    programs = {
        "git cat-file": print_all(repository),
        "keysieve -j1": audit(repository, "--jobs=1"),
        "keysieve": audit(repository),
    }
    interleave(programs, 1, environment)  # fills the page cache
    runs = interleave(programs, rounds, environment)
    print(f"{repository}: median of {rounds} rounds")
    size = print_coverage(json.loads(runs["keysieve"][0].out))
    for name, of_name in runs.items():
        wall = median(of_name, "wall")
        git = runs["git cat-file"]
        print(f"  {name:12} {wall:7.2f} s wall {median(of_name, 'cpu'):7.2f} "
              f"s cpu {size / MIB / wall:6.0f} MiB/s  "
              f"anonymous {max(run.anon for run in of_name) / MIB:4.0f} MiB, "
              f"resident {max(run.rss for run in of_name) / MIB:4.0f} MiB")
        if of_name is git:
            continue
        print(f"  {'':12} to git: wall {ratios(of_name, git, 'wall')}, "
              f"cpu {ratios(of_name, git, 'cpu')}")
        print_stages(of_name)


def start_up(environment, rounds=20):
    """The time until an empty input has been scanned, and until nothing was.

    The second is what starting any program takes from here.
    """
    programs = {"keysieve scan -": [PROGRAM, "scan", "--quiet", "-"],
                "true": ["true"]}
    for name, of_name in interleave(programs, rounds, environment).items():
        walls = sorted(1000 * run.wall for run in of_name)
        print(f"start-up of {name:15} {walls[0]:.1f} / "
              f"{statistics.median(walls):.1f} / {walls[-1]:.1f} ms "
              f"(least, median, most of {rounds})")


def series(sizes, rounds, environment, folder):
    """Histories of growing length: is the time in proportion?"""
    programs = {}
    for size in sizes:
        path = folder / f"history-{size}"
        generate.repository(path, size, environment)
        programs[size] = audit(path)
    runs = interleave(programs, rounds, environment)
    print(f"generated histories, all jobs, least of {rounds} rounds")
    before = None
    for size, of_size in runs.items():
        wall = min(run.wall for run in of_size)
        cpu = min(run.cpu for run in of_size)
        anon = max(run.anon for run in of_size) / MIB
        growth = (f"; to the one before: wall {wall / before[0]:.2f}, "
                  f"cpu {cpu / before[1]:.2f}" if before else "")
        print(f"  {size:8} objects {wall:7.2f} s wall {cpu:7.2f} s cpu "
              f"{1e6 * cpu / size:5.2f} us cpu an object, "
              f"anonymous {anon:4.0f} MiB{growth}", flush=True)
        before = wall, cpu


def compare_rules(repository, few, many, rounds, environment):
    """The same repository with few and with many rules."""
    programs = {
        "100 rules": audit(repository, "--jobs=1", program=few),
        "1000 rules": audit(repository, "--jobs=1", program=many),
        "all rules": audit(repository, "--jobs=1"),
    }
    first = interleave(programs, 1, environment)
    runs = interleave(programs, rounds, environment)
    print(f"{repository}: few and many rules, one job")
    least = runs["100 rules"]
    for name, of_name in runs.items():
        print(f"  {name:10} {median(of_name, 'wall'):6.2f} s wall "
              f"{median(of_name, 'cpu'):6.2f} s cpu "
              f"(first use {first[name][0].wall:6.2f} s)  to 100: "
              f"wall {ratios(of_name, least, 'wall')}, "
              f"cpu {ratios(of_name, least, 'cpu')}")
        print_coverage(json.loads(of_name[0].out))


def options():
    parser = argparse.ArgumentParser(
        prog="./dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("repositories", metavar="REPO", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--series", metavar="N,...", nargs="?", const=SERIES,
                        help=f"generated histories of N objects ({SERIES})")
    parser.add_argument("--rules", action="store_true",
                        help="REPO with 100, 1000 and all rules")
    parser.add_argument("--profile", action="store_true",
                        help="instructions by function, under valgrind")
    parser.add_argument("--store", metavar="N", nargs="?", type=int,
                        const=PLACES, help="commands of `keysieve org` on a "
                        f"store with N places of findings ({PLACES})")
    return parser.parse_args()


def main():
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="keysieve-bench-") as name:
        folder = pathlib.Path(name)
        environment = measure.clean_environment(folder)
        if chosen.profile:
            profile_run.show(PROGRAM, folder, environment)
            return
        if chosen.store:
            store_size.show(PROGRAM, chosen.store, chosen.rounds, folder,
                            environment)
            return
        start_up(environment)
        counts = chosen.rules and rule_counts.prepare(
            folder, environment)
        for repository in chosen.repositories:
            if chosen.rules:
                compare_rules(repository, *counts, chosen.rounds, environment)
            else:
                compare(repository, chosen.rounds, environment)
        if chosen.series:
            series([int(size) for size in chosen.series.split(",")],
                   chosen.rounds, environment, folder)


if __name__ == "__main__":
    try:
        main()
    except measure.Failed as failure:
        sys.exit(f"bench: {failure}")
