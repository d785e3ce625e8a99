# SPDX-License-Identifier: Apache-2.0
"""What creddata.py laid out, as units of labels."""
import collections
import csv
import os

# Forms that are a provider's or a standard's own: strong whatever the value.
GENERIC = {"Password", "Token", "Auth", "Key", "Secret", "API", "Credential",
           "Nonce", "Salt", "UUID", "Basic Authorization", "URL Credentials",
           "SQL Password", "CMD Password", "CMD Token", "CMD Secret",
           "CURL User Password", "CMD ConvertTo-SecureString", "Other",
           "Bearer Authorization", "OTP / 2FA Secret", "AWS S3 Bucket",
           "Firebase Domain", "Tencent WeChat API App ID", "AWS Client ID",
           "Azure Access Token", "NTLM Token"}
STRONG_MIN = 16


class Unit:
    """Labels of one place: (repository, path, first line, last line)."""

    def __init__(self, place):
        self.repository, self.path, self.first, self.last = place
        self.rows = []

    @property
    def is_true(self):
        return any(row["label"] == "T" for row in self.rows)

    @property
    def is_strong(self):
        return any(row["label"] == "T" and row["strong"] for row in self.rows)

    @property
    def category(self):
        rows = [row for row in self.rows if row["label"] == "T"] or self.rows
        return rows[0]["category"].split(":")[0]

    @property
    def values(self):
        return [row["value"] for row in self.rows if row["value"]]


class Text:
    """A file's lines, as CredData counts them."""

    def __init__(self, path):
        with open(path, "rb") as file:
            text = file.read().decode("utf-8", "replace")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.lines = text.split("\n")

    def value(self, row):
        first, last = int(row["first"]), int(row["last"])
        lines = self.lines[first - 1:last]
        start, end = int(row["start"] or -1), int(row["end"] or -1)
        if not lines or start < 0:
            return ""
        if end >= 0:
            lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        return "\n".join(lines)


def is_strong(value, category):
    if any(name not in GENERIC for name in category.split(":")):
        return True
    return (len(value) >= STRONG_MIN and any(c.isalpha() for c in value)
            and any(c.isdigit() for c in value))


def read(folder):
    """Units by (repository, path); those of UUIDs only are in .ignored."""
    units = collections.defaultdict(dict)
    ignored = collections.defaultdict(list)
    texts = {}
    with open(os.path.join(folder, "labels.csv"), newline="",
              encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        key = (row["repository"], row["path"])
        place = (*key, int(row["first"]), int(row["last"]))
        if "UUID" in row["category"].split(":"):
            ignored[key].append(place)
            continue
        if key not in texts:
            texts = {key: Text(os.path.join(folder, "files", *key))}
        row["value"] = texts[key].value(row)
        row["strong"] = is_strong(row["value"], row["category"])
        unit = units[key].setdefault(place, Unit(place))
        unit.rows.append(row)
    return ({key: list(of.values()) for key, of in units.items()},
            dict(ignored))
