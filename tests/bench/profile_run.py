# SPDX-License-Identifier: Apache-2.0
"""Instructions by function, counted by valgrind: the same at each run."""

import re
import subprocess

import generate
import measure

OBJECTS = 4000
SHOWN = 30
LINE = re.compile(r"^\s*([\d,]+) \(\s*([\d.]+)%\)\s+(\S.*)$")


def count(program, repository, out, environment):
    measure.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
         program, "audit", "--jobs=1", "--quiet", "--no-progress",
         str(repository)],
        environment, statuses=(0, 1))


def functions(out, environment):
    """(instructions, share, function), the most first; the total is first."""
    text = subprocess.run(
        ["callgrind_annotate", "--threshold=99", str(out)], env=environment,
        check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = []
    for line in text.splitlines():
        found = LINE.match(line)
        if found:
            name = re.sub(r"^.*?:|\s*\[.*$", "", found.group(3))
            rows.append((int(found.group(1).replace(",", "")),
                         float(found.group(2)), name))
    return rows


def show(program, folder, environment):
    """Print where the instructions of an audit go, and that they repeat."""
    repository = folder / "small"
    generate.repository(repository, OBJECTS, environment)
    totals = []
    for number in range(2):
        out = folder / f"callgrind.{number}"
        count(program, repository, out, environment)
        rows = functions(out, environment)
        totals.append(rows[0][0])
    print(f"audit of {OBJECTS} objects, one job: {totals[0]} instructions, "
          f"then {totals[1]} ({totals[1] / totals[0] - 1:+.3%})")
    for instructions, share, name in rows[1:SHOWN]:
        print(f"{instructions:14} {share:6.2f} %  {name}")
