# SPDX-License-Identifier: Apache-2.0
"""Running a program and measuring it from outside."""

import os
import re
import subprocess
import threading
import time

POLL_SECONDS = 0.02
RSS_ANON = re.compile(r"^RssAnon:\s+(\d+) kB", re.MULTILINE)


class Failed(Exception):
    """A program that was measured did not do its work."""


class Run:
    """One run: seconds, memory in bytes, status and output."""

    def __init__(self):
        self.wall = 0.0
        self.cpu = 0.0  # of all threads, user and system
        self.anon = 0  # highest anonymous memory seen while polling
        self.rss = 0  # highest resident memory, as the kernel counts it
        self.status = 0
        self.out = b""


def anonymous_bytes(pid):
    """Memory that is not the page cache's; 0 once the process has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii",
                  errors="replace") as file:
            found = RSS_ANON.search(file.read())
    except OSError:
        return 0
    return int(found.group(1)) * 1024 if found else 0


def poll(pid, run, ended):
    while not ended.wait(POLL_SECONDS):
        run.anon = max(run.anon, anonymous_bytes(pid))


def run(words, environment, give=subprocess.DEVNULL, keep=False,
        statuses=(0,)):
    """Run ${words} to the end; with ${keep}, what it printed is kept."""
    result = Run()
    ended = threading.Event()
    start = time.monotonic()
    with subprocess.Popen(
            words, env=environment, stdin=give, stderr=subprocess.PIPE,
            stdout=subprocess.PIPE if keep else subprocess.DEVNULL) as child:
        watcher = threading.Thread(
            target=poll, args=(child.pid, result, ended), daemon=True)
        watcher.start()
        # One pipe after the other: nothing measured here fills stderr.
        if keep:
            result.out = child.stdout.read()
        complaint = child.stderr.read().decode("utf-8", "replace")
        _, status, usage = os.wait4(child.pid, 0)
        result.wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
    result.cpu = usage.ru_utime + usage.ru_stime
    result.rss = usage.ru_maxrss * 1024
    result.status = child.returncode
    if result.status not in statuses:
        raise Failed(f"{words[0]} ended with {result.status}: {complaint}")
    return result


def clean_environment(home):
    """Nothing of the user's settings decides what is measured."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
