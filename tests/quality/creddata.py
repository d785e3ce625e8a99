#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lay out the labelled files of CredData for score.py and train.py.

CredData (github.com/Samsung/CredData) labels lines of files of public
repositories; it has the labels, not the files. Clone it and the repositories
that are wanted, as OWNER+NAME (bare or not) in one folder, then:

    creddata.py --list REPOSITORIES.json --clones FOLDER --out DIR

REPOSITORIES.json is a list of {"id", "repository", "commit"}. Written are
DIR/files/ID/PATH, the labelled files as they are at that commit, and
DIR/labels.csv. None of it belongs into this repository.
"""
import argparse
import csv
import hashlib
import io
import json
import os
import subprocess
import sys

FIELDS = ["repository", "path", "first", "last", "label", "start", "end",
          "category"]


def git(folder, *words):
    return subprocess.run(["git", "--git-dir", folder, *words], check=True,
                          capture_output=True).stdout


def git_dir(clones, name):
    """The git directory of the clone of OWNER/NAME, or None."""
    base = os.path.join(clones, name.replace("/", "+"))
    for folder in (base, base + "/repo"):
        for inner in (folder, folder + "/.git"):
            if os.path.exists(inner + "/HEAD"):
                return inner
    return None


def labels_of(creddata, repository):
    text = git(creddata, "show", f"HEAD:meta/{repository}.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    return [row for row in rows if not row["FilePath"].endswith(".xml")]


def file_ids(folder, commit):
    """The path and the blob of each file, by CredData's id of its path."""
    out = {}
    for entry in git(folder, "ls-tree", "-rz", commit).split(b"\0")[:-1]:
        meta, path = entry.split(b"\t", 1)
        mode, kind, oid = meta.split()
        if kind == b"blob" and mode != b"120000":
            name = path.decode("utf-8", "surrogateescape")
            file_id = hashlib.sha256(path).hexdigest()[:8]
            out[file_id] = (name, oid.decode())
    return out


def write_blob(target, folder, oid):
    """False: a partial clone has it not."""
    try:
        content = git(folder, "cat-file", "blob", oid)
    except subprocess.CalledProcessError:
        print(f"{folder} lacks {target}", file=sys.stderr)
        return False
    # CredData counts the lines of what it writes out anew, so.
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(content)
    return True


def lay_out(options, entry, writer):
    """One repository; how many of its labels have no file."""
    folder = git_dir(options.clones, entry["repository"])
    creddata = git_dir(options.clones, "Samsung/CredData")
    rows = labels_of(creddata, entry["id"])
    if not folder:
        print(f"no clone of {entry['repository']}", file=sys.stderr)
        return len(rows)
    files = file_ids(folder, entry["commit"])
    done = {}
    missing = 0
    for row in rows:
        path, oid = files.get(row["FileID"], (None, None))
        if path not in done:
            done[path] = oid and write_blob(
                os.path.join(options.out, "files", entry["id"], path),
                folder, oid)
        if not done[path]:
            missing += 1
            continue
        writer.writerow([entry["id"], path, row["LineStart"], row["LineEnd"],
                         row["GroundTruth"], row["ValueStart"],
                         row["ValueEnd"], row["Category"]])
    return missing


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", required=True)
    parser.add_argument("--clones", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    with open(options.list, encoding="utf-8") as file:
        entries = json.load(file)
    os.makedirs(options.out, exist_ok=True)
    missing = 0
    with open(os.path.join(options.out, "labels.csv"), "w", newline="",
              encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for entry in entries:
            missing += lay_out(options, entry, writer)
    print(f"{len(entries)} repositories; {missing} labels without a file")


if __name__ == "__main__":
    main()
