# SPDX-License-Identifier: Apache-2.0
"""A terminal, by tmux, and the screen that a command leaves there."""

import os
import shlex
import shutil
import subprocess
import tempfile
import time

TMUX = shutil.which("tmux")
END = "-- the end"


class Terminal:
    """A terminal of so many columns, in which one command runs."""

    def __init__(self, folder, columns):
        # The server of one before may still be about to end.
        self.socket = tempfile.mktemp(prefix="tmux", dir=folder)
        self.columns = columns

    def tmux(self, *words):
        return subprocess.run(
            [TMUX, "-S", self.socket, "-f", "/dev/null", *map(str, words)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                 "TERM": "xterm-256color"}, check=False)

    def show(self, words, cwd, environment, colours):
        """The screen after the command; None: there can be no terminal.

        With ${colours} the escape sequences are there that make it so.
        """
        line = shlex.join(["env", "-i", *(
            f"{name}={value}" for name, value in environment.items()),
            *words])
        done = self.tmux(
            "new-session", "-d", "-x", self.columns, "-y", 50, "-c", cwd,
            f"{line}; echo 'status' $? {shlex.quote(END)}; sleep 100")
        if done.returncode:
            return None
        text = ""
        for _ in range(300):
            text = self.tmux("capture-pane", "-p",
                             *(["-e"] if colours else [])).stdout
            if END in text:
                break
            time.sleep(0.1)
        self.tmux("kill-server")
        return text
