#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTML report, in a real browser: Debian's package chromium."""

import base64
import hashlib
import json
import os
import pathlib
import random
import shlex
import shutil
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "lib"))
import browser  # noqa: E402
import program  # noqa: E402

# The package has the file that is put into the page and no code of ours.
AXE = "axe-core-python==0.1.0"

RULES = [("aws-access-key", "AWS access key", 0.98),
         ("github-pat", "GitHub token", 0.97),
         ("private-key", "Private key", 0.9),
         ("generic-password", "Password", 0.62),
         ("generic-secret", "Some secret", 0.5)]
PEOPLE = ["Ada Nowak", "Jonas Lind", "Mei Tanaka"]
FOLDERS = ["deploy/prod", "src/api", "test"]
# Each would set a global if it were anything but text.
HOSTILE = [
    "<script>pwned=1</script>", '"><img src=x onerror="pwned=1">',
    "</script><script>pwned=1</script>", "<!--<script>", "--><b>",
    "</title><svg onload=pwned=1>", "' onmouseover='pwned=1",
    "javascript:pwned=1", "{{policy}}{{script}}", "${pwned=1}",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "\u2028pwned=1//", "\\u003cscript\\u003epwned=1\\u003c/script\\u003e",
    "__proto__", "<base href=//x>", "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0>", "\u202egpj.exe", "&lt;b&gt;",
    "<a href=javascript:pwned=1 autofocus onfocus=pwned=1>",
]


def made_up(count):
    """Findings of a repository, always the same."""
    dice = random.Random(1)
    for i in range(count):
        rule, name, sure = dice.choice(RULES)
        in_head = dice.random() < 0.3
        place = {
            "path": f"{dice.choice(FOLDERS)}/f{i % 97}.env",
            "line": i + 1, "column": 9, "end_line": i + 1, "end_column": 28,
            "blob": f"{i:040x}", "commit": f"{i + 7:040x}",
            "author": dice.choice(PEOPLE), "email": "a@example.org",
            "date": f"20{dice.randint(19, 25)}-0{dice.randint(1, 9)}-11"
                    "T10:00:00Z",
            "message": f"Change {i}", "in_head": in_head,
            "is_reachable": in_head or dice.random() < 0.9,
            "snippet": f"key{i} = AB{i}…YZ # here",
        }
        yield {
            "fingerprint": hashlib.sha256(b"%d" % i).hexdigest(),
            "rule": rule, "rule_name": name, "secret": f"AB{i}…YZ",
            "confidence": round(sure - dice.random() / 10, 2),
            "entropy": 3.9, **place, "occurrence_count": 1, "pair": "",
            "rotate": "https://example.org/rotate", "branches": ["main"],
            "facts": {"account": "1234"}, "occurrences": [place],
            "removed": None if in_head or i % 2 else {
                "commit": f"{i + 9:040x}", "author": PEOPLE[0],
                "email": "a@example.org", "date": "2026-02-11T10:00:00Z",
                "message": f"Clean up {i}"},
        }


def hostile():
    """A finding for each text, with it wherever a repository writes."""
    for found, text in zip(made_up(len(HOSTILE)), HOSTILE):
        for key in ("path", "author", "email", "message", "snippet"):
            found[key] = found["occurrences"][0][key] = text
        for key in ("rule_name", "rotate", "rule"):
            found[key] = text
        found["secret"] = text + "…"
        found["branches"] = [text]
        found["facts"] = {text: text}
        found["removed"] = dict.fromkeys(
            ("commit", "author", "email", "date", "message"), text)
        found["pair"] = text
        yield found


@unittest.skipUnless(browser.find(), "no chromium: './dev browser' installs it")
class Page(program.ProgramCase):
    @classmethod
    def setUpClass(cls):
        cls.page = browser.Browser()
        cls.addClassCleanup(cls.page.__exit__)

    def open(self, findings, **more):
        findings = list(findings)
        (self.folder / "saved").write_text(json.dumps({
            "source": "/srv/repo", "findings": findings, "complete": True,
            "coverage": {"commits": 9, "blobs": 8, "bytes": 7}, **more}))
        self.run_program("report", "saved", "--format=html", "-o", "page.html",
                         status=program.CLEAN)
        self.page.open(self.folder / "page.html")
        return findings

    def run_script(self, script):
        return self.page.run(script)

    def number(self, selector):
        return self.run_script(
            f"document.querySelectorAll({json.dumps(selector)}).length")

    def check_quiet(self):
        """It asked for nothing, and nothing was refused or went wrong."""
        self.run_script("0")  # what was said before has arrived then
        asked = [said["request"]["url"] for said
                 in self.page.said("Network.requestWillBeSent")]
        self.assertEqual(len(asked), 1, asked)
        self.assertEqual(self.page.said("Log.entryAdded",
                                        "Runtime.exceptionThrown",
                                        "Runtime.consoleAPICalled"), [])

    def filter(self, **values):
        """Set filters; how many findings are left, as the page says."""
        self.run_script("document.getElementById('filters').reset()")
        for key, value in values.items():
            self.run_script(
                f"document.getElementById('{key}').value"
                f" = {json.dumps(value)}")
        self.run_script("document.getElementById('filters')"
                        ".dispatchEvent(new Event('input'))")
        said = self.run_script("document.getElementById('count').textContent")
        return int(said.split()[0].replace(",", ""))

    def test_asks_for_nothing(self):
        self.open(made_up(60))
        self.assertEqual(self.number("#list > li"), 50)
        self.check_quiet()

    def test_filters(self):
        found = self.open(made_up(200))
        self.assertEqual(self.filter(), 200)
        self.assertEqual(self.filter(rule="github-pat"), sum(
            item["rule"] == "github-pat" for item in found))
        self.assertEqual(self.filter(state="history"), sum(
            not item["in_head"] and item["is_reachable"] for item in found))
        self.assertEqual(self.filter(author="Mei Tanaka"), sum(
            item["author"] == "Mei Tanaka" for item in found))
        self.assertEqual(self.filter(path="SRC/api"), sum(
            item["path"].startswith("src/api") for item in found))
        self.assertEqual(self.filter(confidence="0.8"), sum(
            item["confidence"] >= 0.8 for item in found))
        self.assertEqual(self.filter(search="here MEI password"), sum(
            item["rule_name"] == "Password" and "Mei" in item["author"]
            for item in found))
        self.assertEqual(self.filter(state="head", confidence="0.8"), int(
            self.run_script("document.querySelector('#today .number')"
                            ".textContent")))
        self.assertEqual(self.filter(search="no such thing"), 0)
        self.check_quiet()

    def test_sorts(self):
        found = self.open(made_up(120))
        self.filter(sort="path")
        first = self.run_script(
            "document.querySelectorAll('.row')[0].children[2].textContent")
        least = min(found, key=lambda item: (item["path"], item["line"]))
        self.assertEqual(first, f"{least['path']}:{least['line']}:9")
        self.filter(sort="urgent")
        first = self.run_script("document.querySelector('.row').textContent")
        self.assertIn("AWS access key", first)
        self.assertIn("In HEAD", first)

    def test_what_is_pressed_filters(self):
        self.open(made_up(200))
        for selector, chosen in (("#today button", "state"),
                                 ("#by-rule button", "rule"),
                                 ("#by-folder button", "path"),
                                 ("#by-author button", "author")):
            self.run_script(f"document.querySelector('{selector}').click()")
            self.assertTrue(self.run_script(
                f"document.getElementById('{chosen}').value"))
            self.assertIn(" of 200 findings", self.run_script(
                "document.getElementById('count').textContent"))
        self.run_script("document.getElementById('theme').click()")
        self.assertEqual(self.run_script(
            "document.documentElement.dataset.theme"), "dark")
        self.check_quiet()

    def test_turns_pages(self):
        self.open(made_up(120))
        for _ in range(2):
            self.run_script("document.querySelector("
                            "'#pages button:last-child').click()")
        self.assertEqual(self.number("#list > li"), 20)
        self.assertIn("page 3 of 3", self.run_script(
            "document.getElementById('count').textContent"))

    def test_opens_a_finding_by_the_keyboard(self):
        self.open(made_up(3))
        self.run_script("document.querySelector('.row').focus()")
        self.page.press("Enter", 13)
        self.assertEqual(self.run_script(
            "document.querySelector('.row').getAttribute('aria-expanded')"),
            "true")
        said = self.run_script("document.querySelector('.details').innerText")
        for part in ("The line", "# here", "account", "1234", "1 place",
                     "git filter-repo", "--replace-text", "How to replace it"):
            self.assertIn(part, said)
        self.assertEqual(self.number(".details mark"), 1)
        self.page.press("Enter", 13)
        self.assertEqual(self.number(".details[hidden]"), 3)

    def test_tells_what_was_removed(self):
        found = list(made_up(40))
        removed = [one for one in found if one["removed"]]
        self.open(found)
        # A bar, and its colour in the legend.
        self.assertEqual(self.number("#timeline .removed-bar"), 2)
        self.assertIn(f"{len(removed)} removed from HEAD", self.run_script(
            "document.querySelector('#timeline svg')"
            ".getAttribute('aria-label')"))
        titles = self.run_script(
            "[...document.querySelectorAll('#timeline title')]"
            ".map((title) => title.textContent).join('\\n')")
        self.assertRegex(titles, rf"2026.*: 0 findings, {len(removed)} removed")
        self.assertEqual(self.filter(search=removed[0]["removed"]["message"]
                                     + " " + removed[0]["secret"]), 1)
        self.run_script("document.querySelector('.row').click()")
        self.assertIn(removed[0]["removed"]["message"], self.run_script(
            "document.querySelector('.details').innerText"))

    def test_removal_quotes_paths(self):
        found = list(made_up(1))
        found[0]["occurrences"][0].update(path="it's; $(x)\n.env",
                                          encoding="base64")
        self.open(found)
        self.run_script("document.querySelector('.row').click()")
        said = self.run_script(
            "document.querySelector('.shell').textContent")
        word = next(line for line in said.splitlines() if "--path" in line)
        word = word.split("--path ", 1)[1]
        done = subprocess.run(["bash", "-c", f"printf %s {word}"], check=True,
                              stdout=subprocess.PIPE)
        self.assertEqual(done.stdout.decode(), "it's; $(x)\n.env")

    def run_shell(self, commands, work, is_done):
        shutil.rmtree(self.folder / "rewritten.git", ignore_errors=True)
        done = subprocess.run(
            ["bash", "-c", commands], cwd=self.folder, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**work.environment, "HOME": str(self.folder),
                 "PATH": f"{self.folder}:{os.environ['PATH']}"})
        self.assertEqual(done.returncode == 0, is_done)

    @unittest.skipUnless(shutil.which("git-filter-repo") and
                         shutil.which("jq"), "no git-filter-repo, or no jq")
    def test_removal_removes(self):
        """The commands are run as they stand there."""
        work = self.repo()
        plain, encoded = self.tokens.github(), self.tokens.github()
        told, key = self.tokens.github(), self.tokens.private_key()
        packed = base64.b64encode(f"token={encoded}\n".encode()).decode()
        work.add("a.env", f"token = {plain}\n", f"use {plain}")
        work.add("it's.env", f"data = {packed}\n")
        work.add("a.env", "token = none\n", f"token = {told}")
        work.add("main.c", f"const char *key =\n{key};\nint code;\n",
                 f"A key\n\n{key}")
        work.git("clone", "-q", "--bare", ".", self.folder / "origin.git")
        (self.folder / "keysieve").symlink_to(program.PROGRAM)
        for _ in range(4):
            self.audit("origin.git", "--format=html", "-o", "page.html",
                       status=program.FOUND)
            self.page.open(self.folder / "page.html")
            self.run_script("document.querySelector('.row').click()")
            said = self.run_script(
                "document.querySelector('.shell').textContent")
            said = said.replace(
                "URL", shlex.quote(str(self.folder / "origin.git")))
            # What is not gone is not pushed as if it were.
            before = work.git("-C", self.folder / "origin.git", "rev-parse",
                              "main")
            self.run_shell(said.replace("git filter-repo", ": "), work, False)
            # Nor is anything done where there is no clone, or no keysieve.
            self.run_shell(said.replace("clone", "clone -b none"), work,
                           False)
            self.run_shell(said.replace("keysieve", "none"), work, False)
            self.assertEqual(before, work.git(
                "-C", self.folder / "origin.git", "rev-parse", "main"))
            self.run_shell(said, work, True)
            # What a host does in its own time.
            work.git("-C", self.folder / "origin.git", "gc", "-q",
                     "--prune=now")
        self.audit("origin.git", "--min-confidence=0",
                   status=program.CLEAN)
        said = work.git("-C", self.folder / "origin.git", "log", "--all",
                        "-p", "--format=%B")
        for secret in (plain, told, packed, key.splitlines()[1]):
            self.assertNotIn(secret, said)
        self.assertIn("token = none", said)
        self.assertIn("int code;", said)
        self.assertFalse((self.folder / "secret.txt").exists())

    def test_hostile_text_stays_text(self):
        self.open(hostile(), source=HOSTILE[2], complete=False, skipped=[
            {"reason": "unreadable", "what": HOSTILE[1], "detail": ""}])
        self.run_script("document.querySelectorAll('.row')"
                        ".forEach((row) => row.click())")
        self.assertEqual(self.run_script("typeof pwned"), "undefined")
        self.assertEqual(self.number(
            "img, iframe, base, meta[http-equiv=refresh], b:not(.figure b),"
            " [onload], [onerror], [onfocus], [onmouseover],"
            " [href^='javascript']"), 0)
        self.assertEqual(self.number("script"), 2)
        self.assertEqual(self.number("style"), 1)
        self.assertEqual(self.number("#list > li"), len(HOSTILE))
        said = self.run_script("document.body.textContent")
        for text in HOSTILE:
            self.assertIn(text, said)
        self.check_quiet()

    def test_policy_lets_nothing_else_run(self):
        self.open(made_up(1))
        for script in ("const e = document.createElement('script');"
                       "e.textContent = 'pwned=1'; document.body.append(e)",
                       "document.body.innerHTML += '<img src=x"
                       " onerror=pwned=1>'",
                       "eval('pwned=1')",
                       "fetch('page.html').then(() => pwned = 1)"):
            with self.subTest(script), self.assertRaises(
                    browser.BrowserError):
                self.run_script(f"(async () => {{{script}; throw 1}})()")
                self.assertEqual(self.run_script("typeof pwned"),
                                 "undefined")
        self.assertEqual(self.run_script("typeof pwned"), "undefined")
        self.assertEqual(self.number("body script"), 2)
        self.assertEqual(len(self.page.said("Network.responseReceived")), 1)

    def test_ten_thousand(self):
        found = self.open(made_up(10000))
        self.assertEqual(self.number("#list > li"), 50)
        self.assertEqual(self.filter(search=found[-1]["fingerprint"]), 1)
        self.check_quiet()

    def test_prints_all(self):
        self.open(made_up(120))
        self.run_script("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.number("#list > li"), 120)
        self.run_script("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(self.number("#list > li"), 50)

    def test_nothing_found(self):
        self.open([])
        self.assertIn("No secrets", self.run_script("document.title"))
        self.check_quiet()

    def test_files_without_commits(self):
        (self.folder / "a.env").write_text(
            f"token = {self.tokens.github()}\n")
        self.run_program("scan", "a.env", "--format=html", "-o", "page.html",
                         status=program.FOUND)
        text = (self.folder / "page.html").read_text()
        for token in self.tokens.made:
            self.assertNotIn(token, text)
        self.page.open(self.folder / "page.html")
        self.assertEqual(self.number("#list > li"), 1)
        self.check_quiet()

    def axe(self):
        """The accessibility checker's script, or a skipped test."""
        cache = pathlib.Path(os.environ.get("KEYSIEVE_AXE_CACHE",
                                            self.folder / "axe"))
        path = cache / "axe_core_python" / "axe.min.js"
        if not path.exists():
            done = subprocess.run(
                [sys.executable, "-m", "pip", "install", "--quiet",
                 "--no-deps", "--disable-pip-version-check", "--target",
                 cache, AXE], check=False, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT)
            if done.returncode:
                self.skipTest("no axe-core: " + done.stdout.decode()[-200:])
        return path.read_text()

    def test_is_accessible(self):
        script = self.axe()
        for scheme in ("light", "dark"):
            self.page.emulate(scheme=scheme)
            self.open(made_up(60))
            self.run_script("document.querySelectorAll('.row')[1].click()")
            self.run_script(script + "; 0")
            broken = self.run_script(
                "axe.run().then((r) => r.violations.map((v) => v.id + ': '"
                " + v.nodes.map((n) => n.html + n.failureSummary).join()))")
            self.assertEqual(broken, [], scheme)
        self.page.emulate()


if __name__ == "__main__":
    program.main()
