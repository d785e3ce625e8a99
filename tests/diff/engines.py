# SPDX-License-Identifier: Apache-2.0
"""The fast engine beside the reference engine, on repositories of all kinds."""

import base64
import gzip
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packed  # noqa: E402
import program  # noqa: E402


class EngineCase(program.ProgramCase):
    """Histories made at random, and what both engines tell of them."""

    def check_same(self, name="repo"):
        """The report of ${name}, alike by either engine and any jobs."""
        fast, single, reference = (
            self.audit(name, "--format=json", "--occurrences",
                       "--show-secrets", "--connectivity", *words).json()
            for words in (["--engine=fast", "--jobs=2"],
                          ["--engine=fast", "--jobs=1"],
                          ["--engine=reference"]))
        self.assertEqual(fast["findings"], single["findings"])
        self.assertEqual(fast["findings"], reference["findings"])
        self.assertEqual(fast["skipped"], reference["skipped"])
        self.check_archives(fast, reference)
        self.check_counts(self.r, fast)
        self.check_counts(self.r, reference)
        found = {item["secret"] for item in fast["findings"]}
        self.assertEqual(self.planted - found, set())
        return fast

    def check_archives(self, left, right):
        for count in ("archives", "entries", "bytes_unpacked"):
            self.assertEqual(left["coverage"][count],
                             right["coverage"][count], count)

    def check_counts(self, made, report):
        """Each object once, and every byte of it."""
        objects = made.objects()
        coverage = report["coverage"]
        for kind in ("blob", "tree", "commit", "tag"):
            self.assertEqual(
                coverage[kind + "s"],
                sum(1 for item in objects if item[1] == kind), kind)
        self.assertEqual(coverage["bytes"],
                         sum(size for _, _, size in objects))
        self.assertEqual(report["complete"], True)

    def setUp(self):
        super().setUp()
        self.draw = self.tokens.random
        self.planted = set()
        self.hidden = set()  # of those, what is in archives

    def plant(self):
        token = self.draw.choice([self.tokens.github, self.tokens.aws])()
        self.planted.add(token)
        return self.draw.choice([
            f"token = {token}", f"see {token} there", f'"{token}"',
            f"  - {token}"])

    def text(self, count):
        words = ("alpha", "beta", "password", "key = 12", "return x;",
                 "token", "# a comment", "https://example.org/a/b", "")
        lines = [self.draw.choice(words) + f" {self.draw.randrange(99)}"
                 for _ in range(count)]
        if count > 20:
            lines[count // 2] = "release: " + base64.b64encode(gzip.compress(
                f"id={self.tokens.github()}".encode(), mtime=0)).decode()
        return lines

    def edit(self, lines):
        """A few random changes, as people make them."""
        for _ in range(self.draw.randrange(1, 6)):
            at = self.draw.randrange(len(lines) + 1)
            kind = self.draw.randrange(6)
            if kind < 2:
                lines[at:at] = self.text(self.draw.randrange(1, 12))
            elif kind == 2:
                del lines[at:at + self.draw.randrange(1, 9)]
            elif kind == 3:
                lines[at:at] = [self.plant()]
            elif kind == 4 and len(lines) > 4:
                cut = lines[at:at + 20]
                del lines[at:at + 20]
                to = self.draw.randrange(len(lines) + 1)
                lines[to:to] = cut
            elif lines:
                at = self.draw.randrange(len(lines))
                lines[at] = lines[at][:self.draw.randrange(30)]

    FORMS = {
        "zip": lambda files: packed.zip(files, packed.DEFLATED),
        "jar": packed.zip,
        "tar": packed.tar,
        "tgz": lambda files: packed.FILTERS[".gz"](packed.tar(files)),
        "cpio": packed.cpio,
        "image": lambda files: packed.tar([
            ("layer.tar", packed.tar(files)), ("a.xz", packed.FILTERS[".xz"](
                files[-1][1]))]),
    }

    def pack_one(self, files, number):
        """An archive of files that come, change and go; or of half of it."""
        before = set(self.planted)
        lines = self.text(self.draw.randrange(1, 80)) + [self.plant()]
        self.draw.shuffle(lines)
        if len(files) > 3:
            files.pop(self.draw.randrange(len(files)))
        files.append((f"in/{number}", "\n".join(lines).encode()))
        form = self.draw.choice(sorted(self.FORMS))
        content = self.FORMS[form](files)
        self.r.write(f"packed.{form}", content)
        self.hidden |= self.planted - before
        if number % 5 == 0:
            self.r.write(f"half.{form}", content[:len(content) // 2])

    def grow(self, commits):
        """A history of files that change, move, branch and merge."""
        self.r = self.repo()
        in_archive = []
        files = {f"f{i}": self.text(self.draw.randrange(5, 300))
                 for i in range(6)}
        for number in range(commits):
            for name in self.draw.sample(sorted(files), 2):
                self.edit(files[name])
                self.r.write(name, "\n".join(files[name]))
            if number % 4 == 1:
                self.pack_one(in_archive, number)
            if number % 9 == 4:
                name = self.draw.choice(sorted(files))
                files[f"moved/{number}"] = files.pop(name)
                self.r.write(f"moved/{number}",
                             "\n".join(files[f"moved/{number}"]))
                (self.r.path / name).unlink(missing_ok=True)
            message = f"commit {number}\n"
            if number % 11 == 7:
                message += "\n" + self.plant()
            self.r.commit(message)
            if number % 13 == 6:
                self.r.git("tag", "-a", f"v{number}", "-m", self.plant())
            if number % 10 == 5:
                self.branch_and_merge(number)
            if number % 17 == 3:
                self.r.git("repack", "-q", "-d")
            if number % 7 == 2:
                self.r.blob(self.plant())
        self.keep_committed()

    def keep_committed(self):
        """Of what was planted, only what outlived the edits behind it."""
        content = self.r.git("cat-file", "--batch-all-objects", "--batch")
        self.planted = {token for token in self.planted
                        if token in content or token in self.hidden}

    def branch_and_merge(self, number):
        self.r.git("checkout", "-q", "-b", f"side{number}")
        self.r.add(f"side{number}.txt", self.plant() + "\n")
        self.r.git("checkout", "-q", "main")
        self.r.add(f"main{number}.txt", "x\n")
        self.r.git("merge", "-q", "--no-edit", f"side{number}")
