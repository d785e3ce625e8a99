# SPDX-License-Identifier: Apache-2.0
"""Write what cffi can read of the headers: declare.py OUT HEADER..."""

import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*\n", re.MULTILINE)
CPLUSPLUS = re.compile(r"^#ifdef __cplusplus\n.*?^#endif\n",
                       re.MULTILINE | re.DOTALL)


def declarations(text):
    for pattern in (COMMENT, CPLUSPLUS, DIRECTIVE):
        text = pattern.sub("", text)
    return re.sub(r"\n\s*\n+", "\n", text).strip() + "\n"


def main():
    out, *headers = map(pathlib.Path, sys.argv[1:])
    out.write_text("".join(declarations(header.read_text())
                           for header in headers))


if __name__ == "__main__":
    main()
