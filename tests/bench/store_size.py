# SPDX-License-Identifier: Apache-2.0
"""How long the commands of `keysieve org` take on a store with much in it."""

import hashlib
import pathlib
import sqlite3
import statistics
import subprocess
import sys

import measure

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import postgres  # pylint: disable=wrong-import-position

NAME = "acme"
SCANS = 1000
NEWS = 200
DAY = 86400
EPOCH = 1_700_000_000

# ${n} counts from 0 in {series}. A finding is in ten places, one of them in
# every repository; one in ten is gone, one in fifty dismissed.
FILL = [
    """INSERT INTO scans (organisation, begun, ended, unchanged, news)
    SELECT 1, {epoch} + n * 3600, {epoch} + n * 3600 + 60, {repositories}, 9
    FROM {series:SCANS}""",
    """INSERT INTO repositories
    (organisation, name, place, refs, rules, revision, scanned)
    SELECT 1, 'https://git.example/acme/web-' || n || '.git',
    'https://git.example/acme/web-' || n || '.git', md5('r' || n),
    md5('rules'), 1, {epoch} FROM {series:REPOSITORIES}""",
    """INSERT INTO findings (organisation, fingerprint, rule, rule_name,
    rotate, redacted, confidence, first_seen, last_seen, new_in, is_told, life)
    SELECT 1, md5('f' || n) || md5('g' || n), 'rule-' || (n % 300),
    'Rule ' || (n % 300), '', 'AKIA' || (n % 1000) || '...',
    0.5 + n % 50 * 0.01,
    {epoch} + n % {scans} * 3600, {epoch} + {scans} * 3600,
    CASE WHEN n < {news} THEN {scans} ELSE 1 + n % ({scans} - 1) END, 1,
    CASE WHEN n % 10 = 9 THEN 2 ELSE 1 END FROM {series:FINDINGS}""",
    """INSERT INTO places (finding, repository, path, blob, line, commit_id,
    author, email, time, in_head, gone, seen)
    SELECT 1 + n / 10, 1 + (n / 10 * 7919 + n % 10 * 104729) % {repositories},
    'src/module-' || (n % 977) || '/settings.py', md5('b' || n) || '01234567',
    1 + n % 500, md5('c' || (n / 7)) || '89abcdef', 'Ada Lovelace',
    'ada@example.com', {epoch} - n % 100000 * 60,
    CASE WHEN n % 10 = 0 THEN 1 ELSE 0 END,
    CASE WHEN n / 10 % 10 = 9 THEN 1 ELSE 0 END, 1 FROM {series:PLACES}""",
    """INSERT INTO places (finding, repository, path, blob, line, commit_id,
    author, email, time, in_head, gone, seen)
    SELECT 1, 1 + n, 'vendor/everywhere.py', md5('everywhere') || '01234567',
    1, md5('c' || n) || '89abcdef', 'Ada Lovelace', 'ada@example.com',
    {epoch}, 1, 0, 1 FROM {series:REPOSITORIES}""",
    """INSERT INTO events (organisation, time, kind, finding, repository, scan)
    SELECT 1, first_seen, 'new', id, 1 + id % {repositories}, new_in
    FROM findings""",
    """INSERT INTO dismissals
    (organisation, fingerprint, who, why, until, made)
    SELECT 1, fingerprint, 'ada', 'an example', '', {epoch} FROM findings
    WHERE id % 50 = 7""",
]


def statements(places, series):
    """FILL for that many places; ${series} tells how to count."""
    counts = {"SCANS": SCANS, "REPOSITORIES": max(places // 1000, 1),
              "FINDINGS": places // 10, "PLACES": places}
    for sql in FILL:
        for name, count in counts.items():
            sql = sql.replace(f"{{series:{name}}}", series(count))
        yield sql.format(epoch=EPOCH, scans=SCANS, news=NEWS,
                         repositories=counts["REPOSITORIES"])


def md5(text):
    return hashlib.md5(str(text).encode()).hexdigest()


def fill_file(path, places):
    connection = sqlite3.connect(path)
    connection.create_function("md5", 1, md5, deterministic=True)
    connection.execute("PRAGMA cache_size = -1000000")
    connection.execute("PRAGMA synchronous = OFF")
    for sql in statements(places, lambda count: (
            "(WITH RECURSIVE s (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s "
            f"WHERE n + 1 < {count}) SELECT n FROM s)")):
        connection.execute(sql)
    connection.commit()
    connection.close()


def fill_database(server, database, places):
    for sql in statements(places, lambda count: (
            f"generate_series(0::bigint, {count - 1}) AS s (n)")):
        # Without looking up what each row refers to.
        server.ask("SET session_replication_role = replica; " + sql, database)
    # As the server does by itself after a while.
    server.ask("VACUUM ANALYZE", database)


def commands(places):
    """What is timed: a name, and the words behind `keysieve org`."""
    last = EPOCH + SCANS * 3600 - DAY
    day = subprocess.run(["date", "-u", "-d", f"@{last}", "+%F"], check=True,
                         stdout=subprocess.PIPE, text=True).stdout.strip()
    print_of = md5("f17") + md5("g17")
    return {
        "findings --new": ["findings", NAME, "--new"],
        "findings --repository": [
            "findings", NAME, "--repository", f"web-{places // 2000}"],
        "findings --rule --state open": [
            "findings", NAME, "--rule", "rule-17", "--state", "open"],
        "findings --since (a day)": ["findings", NAME, "--since", day],
        "findings": ["findings", NAME],
        "status": ["status", NAME],
        "history --since (a day)": ["history", NAME, "--since", day],
        "history of one finding": ["history", NAME, print_of],
        "dismiss": ["dismiss", NAME, print_of, "--why", "test"],
        "reopen": ["reopen", NAME, print_of],
        "scan, nothing new": ["scan", NAME, "--quiet"],
    }


def show_times(program, kind, store, places, rounds, environment):
    print(f"store with {places} places on {kind}: least, median, most of "
          f"{rounds} rounds")
    for name, words in commands(places).items():
        # What prints everything, once; what cannot be done twice, too.
        times = 1 if name in ("findings", "dismiss", "reopen") else rounds
        runs = [measure.run([program, "org", *words, "--store", store],
                            environment, keep=True, statuses=(0, 1, 3))
                for _ in range(times)]
        walls = sorted(1000 * run.wall for run in runs)
        lines = runs[-1].out.count(b"\n")
        print(f"  {name:29} {walls[0]:7.0f} / {statistics.median(walls):7.0f} "
              f"/ {walls[-1]:7.0f} ms wall, {1000 * runs[-1].cpu:7.0f} ms cpu "
              f"of keysieve, {lines:7} lines, anonymous "
              f"{max(run.anon for run in runs) / 2**20:.0f} MiB", flush=True)


def make(program, store, folder, environment):
    """An empty store, with a repository for a source."""
    source = folder / "source"
    subprocess.run(["git", "init", "-q", source], check=True, env=environment)
    measure.run([program, "org", "add", NAME, source, "--store", store],
                environment)


def show(program, places, rounds, folder, environment):
    path = folder / "findings.sqlite"
    make(program, path, folder, environment)
    fill_file(path, places)
    show_times(program, "SQLite", path, places, rounds, environment)
    path.unlink()
    if not postgres.programs():
        print("no PostgreSQL here")
        return
    server = postgres.Postgres()
    try:
        url = server.database()
        make(program, url, folder, environment)
        fill_database(server, url.rpartition("/")[2], places)
        show_times(program, "PostgreSQL", url, places, rounds, environment)
    finally:
        server.close()
