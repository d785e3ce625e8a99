#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which commits a push brings, in histories drawn by chance.

`git rev-list` is no oracle here: where clocks were wrong it takes some
commits for new that are not. So all ancestors are counted.
"""

import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402


class Ranges(program.ProgramCase):
    """Histories drawn by chance; each commit brings a secret of its own."""

    def stream(self, draw, count, skew):
        """A history for git fast-import: some merges, some roots."""
        out = []
        files = []
        self.parents = {}
        for mark in range(1, count + 1):
            parents = []
            if mark > 1 and draw.random() > 0.05:
                least = max(1, mark - draw.choice((1, 3, 30)))
                parents = sorted({draw.randrange(least, mark) for _ in
                                  range(draw.choice((1, 1, 1, 2, 3)))})
            self.parents[mark] = parents
            has = {mark: self.tokens.aws()}
            for parent in parents:
                has.update(files[parent - 1])
            files.append(has)
            time = 1700000000 + mark * 60 + draw.randrange(-skew, skew + 1)
            out.append(f"commit refs/heads/c{mark}\nmark :{mark}\n"
                       f"committer A <a@example.org> {time} +0000\n"
                       "data 1\nx\n")
            out += [f"{'merge' if i else 'from'} :{parent}\n"
                    for i, parent in enumerate(parents)]
            out.append("deleteall\n")
            for name, token in has.items():
                text = f"K = '{token}'\n"
                out.append(f"M 644 inline d{name % 7}/f{name}\n"
                           f"data {len(text)}\n{text}\n")
        return "".join(out).encode()

    def ancestors(self, marks):
        seen = set(marks)
        left = list(seen)
        while left:
            for parent in self.parents[left.pop()]:
                if parent not in seen:
                    seen.add(parent)
                    left.append(parent)
        return seen

    def check_range(self, repo, new, hidden, known):
        """${hidden} are told by the remote, ${known} are tracking refs."""
        expected = len(self.ancestors(new) - self.ancestors(hidden + known))
        refs = repo.git("for-each-ref", "--format=delete %(refname)",
                        "refs/remotes")
        if refs:
            repo.git("update-ref", "--stdin", give=f"{refs}\n".encode())
        lines = "".join(f"create refs/remotes/origin/b{mark} "
                         f"{self.ids[mark]}\n" for mark in known)
        repo.git("update-ref", "--stdin", give=lines.encode())
        told = [self.ids[mark] for mark in hidden] + [hooks.ZERO] * len(new)
        give = "".join(
            f"refs/heads/c{mark} {self.ids[mark]} refs/heads/c{mark} {old}\n"
            for mark, old in zip(new + new * len(hidden), told))
        run = self.run_program("push", "origin", give=give.encode(),
                               cwd=repo.path)
        found = re.match(r"keysieve: .*: (\d+) secrets? would", run.err)
        self.assertEqual(int(found.group(1)) if found else 0, expected,
                         (new, hidden, known, run.err))

    def check_history(self, seed, count, skew, rounds):
        draw = random.Random(seed)
        repo = self.repo(f"r{seed}", "--bare")
        repo.git("remote", "add", "origin", "nowhere")
        repo.git("fast-import", "--quiet",
                 give=self.stream(draw, count, skew))
        refs = repo.git("for-each-ref", "--format=%(refname) %(objectname)",
                        "refs/heads")
        self.ids = {int(name.split("/c")[1]): oid for name, oid in
                    (line.split() for line in refs.splitlines())}
        for _ in range(rounds):
            marks = list(self.ids)
            self.check_range(repo, draw.sample(marks, draw.choice((1, 1, 3))),
                             draw.sample(marks, draw.choice((0, 1, 2))),
                             draw.sample(marks, draw.choice((0, 1, 5, 40))))

    def test_clocks_that_are_right(self):
        self.check_history(1, 120, 0, 16)

    def test_clocks_that_are_wrong(self):
        self.check_history(2, 120, 3000, 16)


if __name__ == "__main__":
    program.main()
