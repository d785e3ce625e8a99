#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How good are the findings of another scanner, counted as score.py counts?

DIR is what creddata.py wrote. FOLDER has a report for each repository,
ID.json, written by the scanner when run in DIR/files/ID:

    credsweeper --path . --save-json FOLDER/ID.json
    gitleaks dir . --report-format json --report-path FOLDER/ID.json
    betterleaks dir . --report-format json --report-path FOLDER/ID.json

What is found more than once on a line counts once, findings of UUIDs are
left out, as everywhere here.
"""
import argparse
import json
import os
import sys

import score


def of_credsweeper(finding):
    lines = finding["line_data_list"]
    numbers = [line["line_num"] for line in lines]
    probability = finding["ml_probability"]
    return None if finding["rule"] == "UUID" else score.Found(
        lines[0]["path"], min(numbers), max(numbers),
        1.0 if probability is None else probability, finding["rule"],
        lines[0]["value"] or "")


def of_gitleaks(finding):
    return score.Found(finding["File"], finding["StartLine"],
                       finding["EndLine"], 1.0, finding["RuleID"],
                       finding["Secret"])


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    findings = json.loads(text) if text.strip() else []
    for finding in findings or []:
        known = "line_data_list" in finding
        found = (of_credsweeper if known else of_gitleaks)(finding)
        if found:
            yield found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("reports", metavar="FOLDER")
    options = parser.parse_args()
    match = score.Match(options.folder)
    for repository in sorted(os.listdir(
            os.path.join(options.folder, "files"))):
        path = os.path.join(options.reports, repository + ".json")
        if not os.path.exists(path):
            sys.exit(f"{path} is missing")
        for found in read(path):
            match.add(repository, found)
    print(score.HEAD)
    print(score.Figures(match, 0.0).row())


if __name__ == "__main__":
    main()
