#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How good are the findings, against labelled files?

DIR is what creddata.py wrote. Each repository's files are scanned by
themselves, with all occurrences. A unit is one place (file, first line, last
line) of the labels, true if one of its rows is T; a finding hits the units
that its lines overlap, several findings in one unit count once. A finding in
no unit is a false one, one a line. Rows labelled UUID are left out, and what
is found there.
"""
import argparse
import collections
import json
import os
import subprocess
import sys

import labels

THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


class Found:
    """One occurrence of a finding."""

    def __init__(self, path, first, last, confidence, rule, secret):
        self.path = os.path.normpath(path)
        self.first, self.last = first, last
        self.confidence = confidence
        self.rule, self.secret = rule, secret


def scan(program, folder, confidence):
    """All occurrences that keysieve finds in ${folder}."""
    run = subprocess.run(
        [program, "scan", ".", "--format", "jsonl", "--occurrences",
         "--show-secrets", "--min-confidence", str(confidence)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode not in (0, 1, 3):
        sys.exit(run.stderr.decode())
    out = []
    for line in run.stdout.decode("utf-8", "surrogateescape").splitlines():
        finding = json.loads(line)
        for place in finding["occurrences"]:
            out.append(Found(place["path"], place["line"], place["end_line"],
                             place.get("confidence", finding["confidence"]),
                             finding["rule"], finding["secret"]))
    return out


class Match:
    """The findings of all repositories, and what they hit."""

    def __init__(self, folder):
        self.units, self.ignored = labels.read(folder)
        self.hits = collections.defaultdict(list)  # unit -> findings
        self.stray = collections.defaultdict(list)  # line -> findings
        self.ignored_count = 0

    def add(self, repository, found):
        key = (repository, found.path)
        hit = [unit for unit in self.units.get(key, ())
               if unit.first <= found.last and found.first <= unit.last]
        for unit in hit:
            self.hits[unit].append(found)
        if hit:
            return
        if any(place[2] <= found.last and found.first <= place[3]
               for place in self.ignored.get(key, ())):
            self.ignored_count += 1
            return
        self.stray[(*key, found.first)].append(found)

    def all_units(self):
        return [unit for units in self.units.values() for unit in units]


def best(findings):
    return max((one.confidence for one in findings), default=-1)


def ratio(part, whole):
    return part / whole if whole else 0.0


class Figures:
    """Precision and recall at a confidence."""

    def __init__(self, match, confidence):
        hit = {unit for unit, found in match.hits.items()
               if best(found) >= confidence}
        units = match.all_units()
        true = [unit for unit in units if unit.is_true]
        strong = [unit for unit in true if unit.is_strong]
        self.true_hits = sum(unit.is_true for unit in hit)
        self.false_hits = len(hit) - self.true_hits
        self.stray = sum(best(found) >= confidence
                         for found in match.stray.values())
        self.precision = ratio(self.true_hits,
                               len(hit) + self.stray)
        self.recall = ratio(self.true_hits, len(true))
        self.strong = ratio(len(hit.intersection(strong)), len(strong))
        self.f1 = ratio(2 * self.precision * self.recall,
                        self.precision + self.recall)

    def row(self):
        return (f"{self.true_hits:6} {self.false_hits:6} {self.stray:6} "
                f"{self.precision:9.3f} {self.recall:7.3f} {self.f1:6.3f} "
                f"{self.strong:7.3f}")


HEAD = "  true  false  stray precision  recall     F1  strong"


def print_categories(match, confidence):
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for unit in match.all_units():
        found = best(match.hits.get(unit, ())) >= confidence
        counts[unit.category][2 * unit.is_true + found] += 1
    print(f"\n{'category':28} {'found':>6} {'of':>6} {'recall':>7}"
          f" {'false':>6} {'of':>6}")
    for name, row in sorted(counts.items(), key=lambda item: -sum(
            item[1][2:])):
        print(f"{name:28} {row[3]:6} {row[2] + row[3]:6} "
              f"{ratio(row[3], row[2] + row[3]):7.3f} {row[1]:6} "
              f"{row[0] + row[1]:6}")


def print_calibration(match):
    """Of the findings at 0.9, nine in ten should be true."""
    bins = [[0, 0, 0.0] for _ in range(10)]

    def count(confidence, is_true):
        row = bins[min(9, int(confidence * 10))]
        row[0] += 1
        row[1] += is_true
        row[2] += confidence

    for unit, found in match.hits.items():
        count(best(found), unit.is_true)
    for found in match.stray.values():
        count(best(found), False)
    total = sum(row[0] for row in bins)
    error = 0.0
    print(f"\n{'confidence':12} {'units':>6} {'said':>6} {'true':>6}")
    for i, (n, true, said) in enumerate(bins):
        if n:
            error += abs(true - said) / total
            print(f"{i / 10:.1f} - {(i + 1) / 10:.1f}    {n:6} "
                  f"{said / n:6.3f} {true / n:6.3f}")
    print(f"expected calibration error {error:.3f}")


def line_of(folder, repository, path, number):
    text = labels.Text(os.path.join(folder, "files", repository, path))
    lines = text.lines[number - 1:number]
    return lines[0].strip()[:200] if lines else ""


def print_lists(match, folder, confidence):
    for unit in match.all_units():
        found = match.hits.get(unit, ())
        is_hit = best(found) >= confidence
        if is_hit == unit.is_true:
            continue
        print("\t".join([
            "missed" if unit.is_true else "false", f"{best(found):.2f}",
            "+" if unit.is_strong else "-",
            unit.category, found[0].rule if found else "",
            unit.repository, unit.path, str(unit.first),
            repr(unit.values[0][:80] if unit.values else ""),
            line_of(folder, unit.repository, unit.path, unit.first)]))
    for (repository, path, first), found in match.stray.items():
        if best(found) >= confidence:
            print("\t".join([
                "stray", f"{best(found):.2f}", "", "", found[0].rule,
                repository, path, str(first), repr(found[0].secret[:80]),
                line_of(folder, repository, path, first)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default="build/keysieve")
    parser.add_argument("--confidence", type=float, default=0.5,
                        help="for categories and lists")
    parser.add_argument("--list", action="store_true",
                        help="print what is missed and what is false")
    parser.add_argument("folder")
    options = parser.parse_args()
    match = Match(options.folder)
    files = os.path.join(options.folder, "files")
    program = os.path.abspath(options.program)
    for repository in sorted(os.listdir(files)):
        for found in scan(program, os.path.join(files, repository), 0):
            match.add(repository, found)
    if options.list:
        print_lists(match, options.folder, options.confidence)
        return
    print("confidence " + HEAD)
    for confidence in THRESHOLDS:
        print(f"{confidence:10.2f} " + Figures(match, confidence).row())
    print_categories(match, options.confidence)
    print_calibration(match)
    print(f"{match.ignored_count} findings at UUIDs left out")


if __name__ == "__main__":
    main()
