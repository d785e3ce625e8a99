#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tests of the store, on a PostgreSQL server."""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import postgres  # noqa: E402

SKIPPED = 77  # to meson


def main():
    if not postgres.programs():
        return SKIPPED
    server = postgres.Postgres()
    try:
        return subprocess.run([sys.argv[1], server.database()],
                              check=False).returncode
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
