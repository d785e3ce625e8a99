#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hook pre-push, driven by the real git against a file:// remote."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402

END = """
Nothing was pushed. To push all the same: git push --no-verify
"""


class Messages(hooks.HookCase):
    def check_said(self, push, text):
        self.assertRegex(push.keysieve(), hooks.fill(text))

    def test_secret_in_the_last_commit(self):
        self.start()
        oid = self.leak("src/config.py")
        push = self.refused("origin", "main")
        self.check_said(push, """\
keysieve: push to 'origin' stopped: 1 secret would go out

src/config.py:1:8  AWS access key id
  line    KEY = '<aws>'
  commit  <oid> configure
  why     rule aws-access-key, confidence <sure>, <bits> bits per character, \
account <digits>
  fix     take it out, then: git add src/config.py && git commit --amend \
--no-edit
  allow   no secret? let line 1 (a new commit will do) be:
          KEY = '<aws>'  # keysieve:allow
  rotate  it too, if it was ever pushed or shared: https://docs.aws.amazon.com\
/IAM/latest/UserGuide/id-credentials-access-keys-update.html
""" + END)
        self.assertFalse(self.remote_has(oid))

    def test_secret_in_an_earlier_commit(self):
        self.start()
        oid = self.leak("a file.c")
        self.work.add("b", "text\n", "more")
        push = self.refused("origin", "main")
        self.check_said(push, """\
keysieve: push to 'origin' stopped: 1 secret would go out

a file.c:1:8  AWS access key id
  line    KEY = '<aws>'
  commit  <oid> configure (not the last one)
  why     rule aws-access-key, confidence <sure>, <bits> bits per character, \
account <digits>
  fix     git rebase -i <oid>^
            put 'edit' before <short>, take it out there, then:
          git add 'a file.c' && git commit --amend --no-edit && git rebase \
--continue
  allow   no secret? let line 1 (a new commit will do) be:
          KEY = '<aws>'  // keysieve:allow
  rotate  it too, if it was ever pushed or shared: https://docs.aws.amazon.com\
/IAM/latest/UserGuide/id-credentials-access-keys-update.html
""" + END)
        self.assertFalse(self.remote_has(oid))

    def test_secret_in_the_first_commit_and_in_a_message(self):
        self.leak("x.json")
        self.work.add("b", "text\n", f"more\n\nwith {self.tokens.aws()} in it")
        push = self.refused("origin", "main", count=2)
        self.assertIn("git rebase -i --root\n", push.said)
        self.assertIn("the message of the commit  AWS access key id\n", push.said)
        self.assertIn("  fix     take it out, then: git commit --amend\n",
                      push.said)
        self.assertRegex(push.said, r"allow: \[\{fingerprint: [0-9a-f]{16},")

    def test_secrets_of_one_file(self):
        """The way out, which is the same for all, is told once."""
        self.start()
        self.work.add("f.py", "".join(f"k{number} = '{self.tokens.aws()}'\n"
                                      for number in range(3)))
        push = self.refused("origin", "main", count=3)
        for label, count in (("line", 3), ("why", 3), ("allow", 3),
                             ("fix", 1), ("rotate", 1)):
            self.assertEqual(push.said.count(f"\n  {label} "), count, label)

    def test_branch_that_is_not_checked_out(self):
        self.start()
        self.work.git("switch", "-q", "-c", "topic")
        oid = self.leak()
        self.work.git("switch", "-q", "main")
        push = self.refused("origin", "topic")
        self.assertIn("  fix     git switch topic, take it out, then: git add "
                      "config.py && git commit --amend --no-edit\n", push.said)
        push = self.refused("origin", f"{oid}:refs/heads/x")
        self.assertIn("  fix     take it out, then: ", push.said)
        self.work.git("switch", "-q", "topic")
        self.work.add("b", "text\n")
        self.work.git("switch", "-q", "main")
        push = self.refused("origin", "topic")
        self.assertRegex(push.said, r"git rebase -i [0-9a-f]{12}\^ topic\n")

    def test_secret_in_a_path(self):
        self.start()
        self.work.add(f"dir/{self.tokens.aws()}/f.py", "text\n")
        push = self.refused("origin", "main")
        self.assertRegex(push.said, r"\nthe path dir/AKIA…[A-Z2-7]{4}  AWS ")
        self.assertIn("  fix     give it another name (git mv), then: git "
                      "commit --amend --no-edit\n", push.said)
        self.assertRegex(push.said, r"allow: \[\{fingerprint: [0-9a-f]{16},")

    def test_block_of_several_lines(self):
        """A comment in it would break it."""
        self.start()
        self.work.add("key.py", self.tokens.private_key() + "\n")
        push = self.refused("origin", "main")
        self.assertNotIn("keysieve:allow", push.said)
        self.assertIn("put into .keysieve.yaml:\n", push.said)


class Ranges(hooks.HookCase):
    def test_clean_push_says_nothing(self):
        self.start()
        self.work.add("more", "text\n")
        self.accepted("origin", "main")

    def test_added_and_removed_again(self):
        self.start()
        oid = self.leak()
        self.work.git("rm", "-q", "config.py")
        self.work.commit("tidy up")
        self.refused("origin", "main")
        self.assertFalse(self.remote_has(oid))

    def test_new_branch_brings_only_what_is_new(self):
        self.leak()
        self.push("--no-verify", "origin", "main", passes=True)
        self.work.git("checkout", "-q", "-b", "topic")
        self.work.add("b", "text\n")
        self.accepted("origin", "topic")
        self.leak("other.py")
        self.refused("origin", "topic")

    def test_branch_from_an_older_commit(self):
        first = self.start()
        for number in range(40):
            self.work.add("count", f"{number}\n")
        self.leak()
        self.push("--no-verify", "origin", "main", passes=True)
        self.work.git("checkout", "-q", "-b", "topic", first)
        self.work.add("b", "text\n")
        self.accepted("origin", "topic")

    def test_old_commit_as_new_branch(self):
        """All there already, but under no ref of its own."""
        self.start()
        oid = self.leak()
        self.work.add("b", "text\n")
        self.push("--no-verify", "origin", "main", passes=True)
        self.accepted("origin", f"{oid}:refs/heads/old")

    def test_first_push_to_a_url(self):
        self.start()
        self.work.add("b", "text\n")
        other = self.repo("other.git", "--bare")
        url = f"file://{other.path}"
        self.accepted(url, "main")
        self.leak()
        self.push("--no-verify", "origin", "main", passes=True)
        # The URL is another place than origin, and has no tracking refs.
        self.refused(url, "main:refs/heads/topic")
        self.refused(url, "main")

    def test_force_push(self):
        self.start()
        self.work.add("b", "text\n")
        self.accepted("origin", "main")
        self.work.write("b", f"k = {self.tokens.aws()}\n")
        self.work.git("commit", "-q", "-a", "--amend", "-m", "rewritten")
        self.refused("--force", "origin", "main")
        self.work.write("b", "other text\n")
        self.work.git("commit", "-q", "-a", "--amend", "-m", "again")
        self.accepted("--force", "origin", "main")

    def test_deletion(self):
        self.start()
        self.accepted("origin", "main:refs/heads/topic")
        self.leak()
        self.accepted("--delete", "origin", "topic")
        self.refused("origin", ":refs/heads/none", "main")

    def test_several_refs_one_of_them_bad(self):
        self.start()
        self.work.git("branch", "good")
        oid = self.leak()
        self.work.git("checkout", "-q", "good")
        good = self.work.add("fine", "text\n")
        self.refused("origin", "good", "main")
        self.assertFalse(self.remote_has(oid))
        self.assertFalse(self.remote_has(good))
        self.accepted("origin", "good")

    def test_mirror(self):
        self.start()
        self.work.git("tag", "light")
        self.work.git("checkout", "-q", "-b", "side")
        self.leak()
        self.work.git("notes", "add", "-m", "a note")
        self.refused("--mirror", "origin")
        self.work.git("branch", "-q", "-f", "side", "main", check=False)
        self.work.git("checkout", "-q", "main")
        self.work.git("branch", "-D", "side")
        self.accepted("--mirror", "origin")

    def test_remote_has_what_is_not_here(self):
        self.start()
        other = self.repo("other")
        other.git("pull", "-q", f"file://{self.remote.path}", "main")
        other.add("theirs", "text\n")
        other.git("push", "-q", f"file://{self.remote.path}", "HEAD:main")
        self.work.add("ours", "text\n")
        self.accepted("--force", "origin", "main")
        other.add("theirs2", "text\n")
        other.git("push", "-qf", f"file://{self.remote.path}", "HEAD:main")
        self.leak()
        self.refused("--force", "origin", "main")

    def test_stale_knowledge_of_another_remote(self):
        """What one remote has another may not have."""
        self.leak()
        self.push("--no-verify", "origin", "main", passes=True)
        other = self.repo("other.git", "--bare")
        self.work.git("remote", "add", "origin/other", str(other.path))
        self.work.git("remote", "add", "other", str(other.path))
        self.refused("other", "main")
        self.push("--no-verify", "origin/other", "main:x", passes=True)
        self.leak("more.py")
        self.push("--no-verify", "origin/other", "main:x", passes=True)
        self.refused("origin", "main")

    def test_shallow_clone(self):
        self.start()
        self.leak()
        self.work.add("b", "text\n")
        self.push("--no-verify", "origin", "main", passes=True)
        url = f"file://{self.remote.path}"
        self.work.git("clone", "-q", "--depth=1", url, "../shallow")
        shallow = hooks.repo.Repo(self.folder / "shallow", create=False)
        self.install(shallow)
        shallow.add("c", "text\n")
        self.accepted("origin", "main", where=shallow)
        shallow.add("d", f"k = {self.tokens.aws()}\n")
        self.refused("origin", "main", where=shallow)

    def test_partial_clone(self):
        self.start()
        self.leak("dir/old.py")
        self.push("--no-verify", "origin", "main", passes=True)
        self.remote.git("config", "uploadpack.allowFilter", "true")
        url = f"file://{self.remote.path}"
        self.work.git("clone", "-q", "--filter=blob:none", "--no-checkout",
                      url, "../partial")
        partial = hooks.repo.Repo(self.folder / "partial", create=False)
        self.install(partial)
        partial.git("reset", "-q")
        partial.write("c", "text\n")
        partial.git("add", "c")
        partial.git("commit", "-q", "-m", "c")
        self.accepted("origin", "main", where=partial)
        partial.write("c", f"k = {self.tokens.aws()}\n")
        partial.git("commit", "-q", "-m", "d", "c")
        self.refused("origin", "main", where=partial)


class Merges(hooks.HookCase):
    def branch(self, name, *where):
        self.work.git("checkout", "-q", "-b", name, *where)

    def merge(self, *branches):
        self.work.git("merge", "-q", "--no-ff", "-m", "merge", *branches)

    def test_secret_on_the_merged_side(self):
        self.start()
        self.branch("side")
        oid = self.leak()
        self.work.git("checkout", "-q", "main")
        self.work.add("b", "text\n")
        self.merge("side")
        push = self.refused("origin", "main")
        self.assertRegex(push.said, r"git rebase -i -r [0-9a-f]{12}\^\n")
        self.assertFalse(self.remote_has(oid))

    def test_evil_merge(self):
        self.start()
        self.branch("side")
        self.work.add("a", "text\n")
        self.work.git("checkout", "-q", "main")
        self.work.add("b", "text\n")
        self.work.git("merge", "-q", "--no-commit", "side")
        self.work.write("b", f"k = {self.tokens.aws()}\n")
        oid = self.work.commit("merge")
        self.refused("origin", "main")
        self.assertFalse(self.remote_has(oid))

    def test_octopus(self):
        start = self.start()
        for name in ("one", "two", "three"):
            self.branch(name, start)
            self.work.add(name, "text\n")
        self.work.git("checkout", "-q", "main")
        self.merge("one", "two", "three")
        self.accepted("origin", "main")
        for name in ("four", "five"):
            self.branch(name, start)
            self.work.add(name, f"k = {self.tokens.aws()}\n")
        self.work.git("checkout", "-q", "main")
        self.merge("four", "five")
        self.refused("origin", "main", count=2)

    def test_both_sides_are_known(self):
        start = self.start()
        self.leak()
        self.branch("side", start)
        self.leak("other.py")
        self.push("--no-verify", "origin", "main", "side", passes=True)
        self.work.git("checkout", "-q", "main")
        self.merge("side")
        self.accepted("origin", "main")


class Known(hooks.HookCase):
    """What the remote has already is no news."""

    def setUp(self):
        super().setUp()
        self.start()
        self.leak("old/config.py")
        self.push("--no-verify", "origin", "main", passes=True)

    def test_blob_under_another_path(self):
        (self.work.path / "new").mkdir()
        self.work.git("mv", "old/config.py", "new/settings.py")
        self.work.commit("move")
        self.accepted("origin", "main")

    def test_copy_of_a_blob(self):
        self.work.write("copy.py", hooks.read(
            self.work.path / "old/config.py"))
        self.work.commit("copy")
        self.accepted("origin", "main")

    def test_file_changed_around_it(self):
        self.work.write("b", "text\n")
        self.work.commit("something else")
        self.work.write("old/config.py",
                        f"# more\nKEY = '{self.secret}'\n")
        self.work.commit("change")
        self.accepted("origin", "main")

    def test_file_moved_and_changed(self):
        self.work.git("rm", "-q", "old/config.py")
        self.work.write("settings.py", f"# more\nK = '{self.secret}'\n")
        self.work.commit("move")
        self.accepted("origin", "main")

    def test_new_secret_beside_it(self):
        self.work.write("old/config.py", f"KEY = '{self.secret}'\n"
                        f"OTHER = '{self.tokens.aws()}'\n")
        self.work.commit("change")
        self.refused("origin", "main", count=1)

    def test_removed_and_brought_back(self):
        self.work.git("rm", "-q", "old/config.py")
        self.work.commit("remove")
        self.work.git("revert", "--no-edit", "HEAD")
        self.accepted("origin", "main")


class Objects(hooks.HookCase):
    def setUp(self):
        super().setUp()
        self.start()

    def test_tags(self):
        self.work.git("tag", "light")
        self.accepted("origin", "light")
        self.work.git("tag", "-a", "-m", "fine", "v1")
        self.work.git("tag", "-a", "-m", "a tag of a tag", "v1b", "v1")
        self.accepted("origin", "v1", "v1b")
        self.work.git("tag", "-a", "-m", f"key {self.tokens.aws()}", "v2")
        push = self.refused("origin", "v2")
        self.assertIn("the message of a tag  AWS access key id\n", push.said)
        self.assertIn("git tag -f -a v2 'v2^{}'", push.said)
        self.work.git("tag", "-a", "-m", "around it", "v3", "v2")
        self.refused("origin", "v3")

    def test_tag_of_a_blob_and_of_a_tree(self):
        blob = self.work.blob(f"k = {self.tokens.aws()}\n")
        self.work.git("tag", "blob", blob)
        push = self.refused("origin", "blob")
        self.assertIn("git tag -d blob", push.said)
        self.work.git("tag", "-a", "-m", "a blob", "ablob", blob)
        self.refused("origin", "ablob")
        tree = self.work.git("mktree",
                             give=f"100644 blob {blob}\tf\n".encode())
        self.work.git("tag", "tree", tree)
        self.refused("origin", "tree")
        self.assertFalse(self.remote_has(blob))

    def signed(self, kind, text):
        """An object with a signature, which no key is needed for."""
        lines = "\n ".join(self.tokens.draw("abcdefgh01234567+/", 64)
                           for _ in range(6))
        head, _, message = text.partition("\n\n")
        signature = (f"-----BEGIN PGP SIGNATURE-----\n \n {lines}\n"
                     " -----END PGP SIGNATURE-----")
        if kind == "commit":
            text = f"{head}\ngpgsig {signature}\n\n{message}\n"
        else:
            text = f"{head}\n\n{message}\n" + signature.replace(
                "\n ", "\n") + "\n"
        return self.work.git("hash-object", "-w", "-t", kind, "--stdin",
                             give=text.encode())

    def test_signatures_are_no_secrets(self):
        raw = self.work.git("cat-file", "commit", self.work.add("b", "text"))
        commit = self.signed("commit", raw)
        self.work.git("reset", "-q", "--hard", commit)
        self.work.git("tag", "-a", "-m", "signed", "v1")
        tag = self.signed("tag", self.work.git("cat-file", "tag", "v1"))
        self.work.git("update-ref", "refs/tags/v1", tag)
        self.accepted("origin", "main", "v1")

    def test_submodule(self):
        module = self.repo("module")
        module.add("f", f"k = {self.tokens.aws()}\n")
        self.work.git("-c", "protocol.file.allow=always", "submodule", "add",
                      "-q", str(module.path), "sub")
        self.work.commit("a submodule")
        self.accepted("origin", "main")

    def test_names(self):
        self.work.add(f"dir/{self.tokens.aws()}.txt", "text\n")
        push = self.refused("origin", "main")
        self.assertIn("AKIA…", push.said)
        self.work.git("reset", "-q", "--hard", "HEAD~")
        self.work.git("branch", f"for-{self.tokens.aws()}")
        push = self.refused("origin", f"for-{self.tokens.made[-1]}")
        self.assertIn("give the branch another name", push.said)

    def test_odd_paths(self):
        self.work.add("a\nb\x1b[31m/ 'c'.py", f"K = '{self.tokens.aws()}'\n")
        push = self.refused("origin", "main")
        self.assertIn(r"a\nb\x1B[31m/ 'c'.py:1:6", push.said)
        self.assertNotIn("\x1b", push.said)

    def test_marker(self):
        self.work.add("f.py", f"K = '{self.tokens.aws()}'"
                      "  # keysieve:allow\n")
        self.accepted("origin", "main")

    def test_marker_in_a_later_commit(self):
        self.leak("f.py")
        self.refused("origin", "main")
        self.work.write("f.py", f"K = '{self.secret}'  # keysieve:allow\n")
        self.work.commit("no secret")
        self.accepted("origin", "main")

    def test_symlink(self):
        os.symlink(f"/x/{self.tokens.github()}", self.work.path / "link")
        self.work.commit("a link")
        self.refused("origin", "main")


if __name__ == "__main__":
    program.main()
