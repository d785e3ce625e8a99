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

PROGRAM = os.environ.get("KEYSIEVE", "build/keysieve")
DONE = (0, 1, 3)  # statuses of an audit that was carried out
MIB = 1 << 20
COUNTS = ("bytes_matched", "candidates", "confirmed", "declined")


def audit(repository, *options):
    return [PROGRAM, "audit", "--format", "json", "--quiet", "--no-progress",
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
                words, environment, keep=words[0] == PROGRAM, statuses=DONE))
    return runs


def median(runs, what):
    return statistics.median(getattr(run, what) for run in runs)


def spread(values):
    return (f"{min(values):.3f} / {statistics.median(values):.3f} / "
            f"{max(values):.3f}")


def print_coverage(report):
    cover = report["coverage"]
    objects = sum(cover[kind] for kind in ("commits", "trees", "blobs", "tags"))
    print(f"  {objects} objects, {cover['blobs']} blobs, "
          f"{cover['bytes'] / MIB:.0f} MiB in all, "
          f"{len(report['findings'])} findings")
    print("  " + ", ".join(f"{name.replace('_', ' ')} {cover[name]}"
                           for name in COUNTS))
    return cover["bytes"]


def compare(repository, rounds, environment):
    """keysieve with one job and with all, and git, on one repository."""
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
        ratios = [run.wall / git.wall
                  for run, git in zip(of_name, runs["git cat-file"])]
        print(f"  {name:13} {wall:7.2f} s wall {median(of_name, 'cpu'):7.2f} "
              f"s cpu {size / MIB / wall:7.0f} MiB/s  "
              f"anonymous {max(run.anon for run in of_name) / MIB:4.0f} MiB, "
              f"resident {max(run.rss for run in of_name) / MIB:5.0f} MiB  "
              f"ratio {spread(ratios)}")


def start_up(environment, rounds=20):
    """The time until an empty input has been scanned."""
    words = [PROGRAM, "scan", "--quiet", "-"]
    walls = sorted(measure.run(words, environment, statuses=DONE).wall
                   for _ in range(rounds))
    print(f"start-up, empty input: {1000 * walls[0]:.1f} / "
          f"{1000 * statistics.median(walls):.1f} / {1000 * walls[-1]:.1f} "
          f"ms (least, median, most of {rounds})")


def series(sizes, rounds, environment, folder):
    """Histories of growing length: is the time in proportion?"""
    programs = {}
    for size in sizes:
        path = folder / f"history-{size}"
        generate.repository(path, size, environment)
        programs[size] = audit(path)
    interleave(programs, 1, environment)
    runs = interleave(programs, rounds, environment)
    print("generated histories, all jobs")
    before = None
    for size, of_size in runs.items():
        wall = median(of_size, "wall")
        anon = max(run.anon for run in of_size) / MIB
        growth = f", {wall / before:.2f} times the one before" if before else ""
        print(f"  {size:8} objects {wall:7.2f} s, "
              f"{1e6 * wall / size:5.2f} us an object, "
              f"anonymous {anon:4.0f} MiB{growth}")
        before = wall


def rule_scaling(repository, rounds, environment, folder):
    """The same repository with more and more rules."""
    programs = {"built-in": audit(repository, "--jobs=1")}
    for count in (100, 1000):
        path = folder / f"rules-{count}.yaml"
        generate.rules(path, count)
        programs[f"+ {count}"] = audit(
            repository, "--jobs=1", "--rules", str(path))
    first = interleave(programs, 1, environment)
    runs = interleave(programs, rounds, environment)
    print(f"{repository}: more rules, one job")
    least = runs["+ 100"]
    for name, of_name in runs.items():
        ratios = [run.wall / base.wall for run, base in zip(of_name, least)]
        print(f"  {name:9} {median(of_name, 'wall'):6.2f} s "
              f"(first use {first[name][0].wall:6.2f} s), "
              f"against + 100: {spread(ratios)}")


def options():
    parser = argparse.ArgumentParser(
        prog="./dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("repositories", metavar="REPO", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--series", metavar="N,...",
                        help="generated histories of N objects")
    parser.add_argument("--rule-scaling", action="store_true",
                        help="REPO with 100 and with 1000 rules more")
    parser.add_argument("--profile", action="store_true",
                        help="instructions by function, under valgrind")
    return parser.parse_args()


def main():
    chosen = options()
    with tempfile.TemporaryDirectory(prefix="keysieve-bench-") as name:
        folder = pathlib.Path(name)
        environment = measure.clean_environment(folder)
        if chosen.profile:
            profile_run.show(PROGRAM, folder, environment)
            return
        start_up(environment)
        for repository in chosen.repositories:
            if chosen.rule_scaling:
                rule_scaling(repository, chosen.rounds, environment, folder)
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
