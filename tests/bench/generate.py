# SPDX-License-Identifier: Apache-2.0
"""Histories made to be measured, the same ones each time."""

import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import tokens  # noqa: E402

FOLDERS = 20
FILES_PER_FOLDER = 10
LINES = 60
OBJECTS_PER_COMMIT = 4  # commit, root tree, folder's tree, blob
COMMITS_PER_SECRET = 5000
WORDS = ("return if for while size buffer entry object commit static const "
         "int void struct token password key value error index").split()


def line_of(drawn):
    return " ".join(drawn.choices(WORDS, k=8)) + "\n"


def data_of(text):
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)


def history(commits, write):
    """Give a fast-import stream of ${commits} commits to ${write}.

    Each changes one line of one of 200 files, round about; now and then the
    line holds a token. So each object costs the same whatever went before.
    """
    drawn = random.Random(1)
    secret = tokens.Tokens(1)
    count = FOLDERS * FILES_PER_FOLDER
    files = [[line_of(drawn) for _ in range(LINES)] for _ in range(count)]
    for number in range(commits):
        file = number % count
        line = line_of(drawn)
        if number % COMMITS_PER_SECRET == COMMITS_PER_SECRET - 1:
            line = f"token = {secret.github()}\n"
        files[file][drawn.randrange(LINES)] = line
        path = f"folder{file % FOLDERS:02}/file{file // FOLDERS:02}.c"
        write(b"commit refs/heads/main\n"
              b"committer Jane Doe <jane@example.org> %d +0000\n"
              % (1600000000 + 60 * number))
        write(data_of(f"change {number}\n"))
        write(b"M 100644 inline %s\n" % path.encode())
        write(data_of("".join(files[file])))


def repository(path, objects, environment):
    """Make a bare repository of about ${objects} objects at ${path}."""
    subprocess.run(["git", "init", "-q", "--bare", str(path)],
                   env=environment, check=True)
    with subprocess.Popen(
            ["git", "-C", str(path), "-c", "core.compression=1",
             "fast-import", "--quiet", "--depth=50"],
            env=environment, stdin=subprocess.PIPE) as child:
        history(objects // OBJECTS_PER_COMMIT, child.stdin.write)
        child.stdin.close()
        if child.wait():
            raise subprocess.CalledProcessError(child.returncode, "git")
