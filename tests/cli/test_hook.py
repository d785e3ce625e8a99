#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installing hooks: beside others, in their places, and away again."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402


class InstallCase(hooks.HookCase):
    def install(self, target, *options):
        """Not before a test asks for it."""

    def hook(self, *words, status=program.CLEAN, where=None, **environment):
        return self.run_program("hook", *words, status=status,
                                cwd=where or self.work.path, **environment)

    def path(self, name):
        return self.work.path / ".git/hooks" / name

    def write_hook(self, name, text, mode=0o755):
        self.path(name).write_text(f"#!/bin/sh\n{text}\n")
        self.path(name).chmod(mode)


class Install(InstallCase):
    def test_default_hooks(self):
        run = self.hook("install")
        self.assertEqual(run.err, "".join(
            f"keysieve: installed '{self.path(name)}'\n"
            for name in ("pre-push", "pre-commit")))
        run = self.hook("status")
        self.assertEqual(run.out, "pre-push     installed\n"
                         "pre-commit   installed\n"
                         "pre-receive  not installed\n")
        run = self.hook("uninstall")
        self.assertFalse(self.path("pre-push").exists())
        self.assertFalse(self.path("pre-commit").exists())
        self.assertIn("no hook of keysieve's was there",
                      self.hook("uninstall").err)
        run = self.hook("install", where=self.remote.path)
        self.assertIn("/hooks/pre-receive'", run.err)

    def test_other_hook_is_kept_and_runs(self):
        other = ('printf "%s " "$@" >args; cat >input; echo other; exit 3')
        self.write_hook("pre-push", other)
        before = self.path("pre-push").read_bytes()
        run = self.hook("install", "pre-push")
        self.assertIn("the hook that was there runs after it", run.err)
        self.assertIn("another hook runs after it", self.hook("status").out)
        oid = self.work.add("a", "text\n")
        done = self.push("origin", "main", passes=False)
        self.assertIn("other\n", done.said)
        self.assertEqual((self.work.path / "args").read_text(),
                         f"origin file://{self.remote.path} ")
        self.assertEqual((self.work.path / "input").read_text(),
                         f"refs/heads/main {oid} refs/heads/main "
                         f"{hooks.ZERO}\n")
        (self.work.path / "input").unlink()
        self.leak()
        done = self.push("origin", "main", passes=False)
        self.assertIn("1 secret would go out", done.said)
        self.assertNotIn("other", done.said)
        self.assertFalse((self.work.path / "input").exists())
        run = self.hook("uninstall", "pre-push")
        self.assertIn("is back", run.err)
        self.assertEqual(self.path("pre-push").read_bytes(), before)
        self.assertFalse(self.path("pre-push.before-keysieve").exists())

    def test_exit_status_of_the_other(self):
        for status in (0, 1, 77):
            self.write_hook("pre-commit", f"exit {status}")
            self.hook("install", "pre-commit")
            done = subprocess.run(
                [self.path("pre-commit")], cwd=self.work.path,
                env=self.environment, check=False)
            self.assertEqual(done.returncode, status)
            self.hook("uninstall")

    def test_other_does_not_read_its_input(self):
        self.write_hook("pre-push", "exec 0<&-; exit 0")
        self.hook("install", "pre-push")
        self.work.add("a", "text\n")
        refs = [f"main:refs/heads/{'x' * 150}{n}" for n in range(500)]
        self.accepted("origin", *refs)

    def test_hook_that_is_not_executable(self):
        """Git would not run it, so it is not run."""
        self.write_hook("pre-push", "exit 1", mode=0o644)
        self.hook("install", "pre-push")
        self.work.add("a", "text\n")
        self.accepted("origin", "main")
        self.hook("uninstall")
        self.assertFalse(os.access(self.path("pre-push"), os.X_OK))

    def test_symlinked_hook(self):
        target = self.work.path / "my-hook"
        target.write_text("#!/bin/sh\nexit 9\n")
        target.chmod(0o755)
        self.path("pre-push").symlink_to(target)
        self.hook("install", "pre-push")
        self.assertEqual(target.read_text(), "#!/bin/sh\nexit 9\n")
        self.work.add("a", "text\n")
        self.push("origin", "main", passes=False)
        self.hook("uninstall")
        self.assertEqual(os.readlink(self.path("pre-push")), str(target))

    def test_again_with_other_options(self):
        self.write_hook("pre-push", "exit 0")
        self.hook("install", "pre-push")
        self.hook("install", "pre-push", "--min-confidence=0.99",
                  "--on-error=pass", "--time-limit=50", "--skip=a,b'c")
        text = self.path("pre-push").read_text()
        self.assertIn("'--min-confidence=0.990' '--on-error=pass' "
                      "'--time-limit=50' '--skip=a' '--skip=b'\\''c'", text)
        self.hook("install", "pre-push", "--min-confidence=0.99")
        self.leak()
        self.accepted("origin", "main")
        self.hook("uninstall")
        self.assertEqual(self.path("pre-push").read_text(),
                         "#!/bin/sh\nexit 0\n")

    def test_nothing_is_overwritten(self):
        self.write_hook("pre-push", "exit 0")
        self.hook("install", "pre-push")
        self.write_hook("pre-push", "exit 1")
        run = self.hook("install", "pre-push", status=program.FAILED)
        self.assertIn("both", run.err)
        self.assertEqual(self.path("pre-push").read_text(),
                         "#!/bin/sh\nexit 1\n")
        run = self.hook("uninstall", "pre-push")
        self.assertIn("is not keysieve's: it stays", run.err)

    def test_mistakes(self):
        run = self.hook("install", "post-commit", status=program.FAILED)
        self.assertIn("there is no hook 'post-commit'", run.err)
        run = self.hook("install", where=self.folder, status=program.FAILED)
        self.assertIn("not in a git repository", run.err)
        run = self.hook("install", "--rules", "none", status=program.FAILED)
        self.assertIn("'none' does not exist", run.err)
        self.assertFalse(self.path("pre-push").exists())

    def test_hooks_path_of_the_repository(self):
        self.work.git("config", "core.hooksPath", "my hooks")
        self.hook("install", "pre-push")
        self.assertTrue((self.work.path / "my hooks/pre-push").exists())
        self.leak()
        self.refused("origin", "main")

    def test_husky_is_left_alone(self):
        self.work.git("config", "core.hooksPath", ".husky/_")
        run = self.hook("install", "pre-push", status=program.FAILED)
        self.assertIn("'.husky/pre-push': keysieve push \"$@\"", run.err)
        self.assertFalse((self.work.path / ".husky").exists())

    def test_linked_worktree(self):
        self.work.add("a", "text\n")
        self.work.git("worktree", "add", "-q", "../linked")
        self.hook("install", "pre-push", where=self.folder / "linked")
        self.assertTrue(self.path("pre-push").exists())
        self.leak()
        self.refused("origin", "main")

    def test_keysieve_is_gone(self):
        copy = self.folder / "a place" / "key'sieve"
        copy.parent.mkdir()
        copy.write_bytes(pathlib.Path(hooks.KEYSIEVE).read_bytes())
        copy.chmod(0o755)
        subprocess.run([copy, "hook", "install", "pre-push"], check=True,
                       cwd=self.work.path, env=self.environment,
                       stderr=subprocess.DEVNULL)
        self.work.add("a", "text\n")
        self.accepted("origin", "main")
        copy.rename(self.folder / "keysieve")
        self.assertIn("its keysieve is gone", self.hook("status").out)
        self.work.add("b", "text\n")
        done = self.push("origin", "main", passes=False)
        self.assertRegex(done.keysieve(), hooks.fill("""\
keysieve: the hook pre-push does not find keysieve, neither where it was when \
the hook was installed nor in PATH
keysieve: to go on without it: git push --no-verify; to remove the hook: rm \
'.git/hooks/pre-push'
"""))
        path = f"{self.folder}:{os.environ['PATH']}"
        self.accepted("origin", "main", PATH=path)

    def test_paths_with_spaces_and_quotes(self):
        odd = self.repo("it's a \"repo\"\n$(x)")
        self.hook("install", "pre-push", where=odd.path)
        odd.git("remote", "add", "origin", str(self.remote.path))
        odd.add("f", f"k = {self.tokens.aws()}\n")
        self.refused("origin", "main", where=odd)

    def test_read_only_hooks_folder(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        self.path("x").parent.chmod(0o555)
        run = self.hook("install", "pre-push", status=program.FAILED)
        self.assertIn("cannot write", run.err)


class InstallGlobally(InstallCase):
    """--global: one folder for all, which runs what repositories have."""

    def setUp(self):
        super().setUp()
        self.config = self.folder / "gitconfig"
        self.environment["GIT_CONFIG_GLOBAL"] = str(self.config)
        self.work.environment["GIT_CONFIG_GLOBAL"] = str(self.config)
        self.place = self.folder / ".config/keysieve/hooks"

    def test_all_repositories(self):
        self.hook("install", "--global", where=self.folder)
        self.assertIn("installed\n", self.hook("status", "--global").out)
        self.leak_is_stopped()
        self.hook("uninstall", "--global", where=self.folder)
        self.assertFalse(self.place.exists())
        self.assertEqual(self.config.read_text().strip(), "")
        self.accepted("origin", "main")

    def leak_is_stopped(self):
        self.work.write("f", f"k = {self.tokens.aws()}\n")
        self.work.git("add", "f")
        done = self.run_git("commit", "-q", "-m", "x", passes=False)
        self.assertIn("1 secret would go in", done.said)
        self.work.git("commit", "-q", "--no-verify", "-m", "x")
        self.refused("origin", "main")

    def test_hooks_of_repositories_run(self):
        self.write_hook("pre-push", "cat >input; echo own; exit 5")
        self.write_hook("commit-msg", 'echo "more" >>"$1"')
        self.write_hook("post-commit", "echo done >post")
        self.hook("install", "--global", where=self.folder)
        oid = self.work.add("a", "text\n", "subject")
        self.assertIn("more", self.work.git("log", "--format=%B", "-1"))
        self.assertTrue((self.work.path / "post").exists())
        done = self.push("origin", "main", passes=False)
        self.assertIn("own\n", done.said)
        self.assertIn(oid, (self.work.path / "input").read_text())

    def test_folder_of_the_users_own(self):
        own = self.folder / "own hooks"
        own.mkdir()
        (own / "pre-push").write_text("#!/bin/sh\necho mine; exit 4\n")
        (own / "pre-push").chmod(0o755)
        self.work.git("config", "--global", "core.hooksPath", str(own))
        self.work.add("a", "text\n")
        run = self.hook("install", "pre-push", status=program.FAILED)
        self.assertIn("use --global", run.err)
        self.hook("install", "pre-push", "--global")
        done = self.push("origin", "main", passes=False)
        self.assertIn("mine\n", done.said)
        self.hook("uninstall", "--global")
        self.assertEqual((own / "pre-push").read_text(),
                         "#!/bin/sh\necho mine; exit 4\n")
        self.assertEqual(self.work.git("config", "core.hooksPath"), str(own))

    def test_beside_a_template(self):
        """What init.templateDir puts into new repositories runs too."""
        template = self.folder / "template"
        (template / "hooks").mkdir(parents=True)
        (template / "hooks/pre-push").write_text("#!/bin/sh\ntouch ran\n")
        (template / "hooks/pre-push").chmod(0o755)
        self.work.git("config", "--global", "init.templateDir", str(template))
        self.hook("install", "--global", where=self.folder)
        environment = self.work.environment
        self.work = hooks.repo.Repo(self.folder / "fresh", create=False)
        self.work.path.mkdir()
        self.work.environment = environment
        self.work.git("init", "-q", "-b", "main")
        self.work.git("remote", "add", "origin", f"file://{self.remote.path}")
        self.leak_is_stopped()
        self.assertFalse((self.work.path / "ran").exists())
        self.work.git("rm", "-q", "-f", "f")
        self.work.git("commit", "-q", "--amend", "--allow-empty", "-m", "x")
        self.accepted("origin", "main")
        self.assertTrue((self.work.path / "ran").exists())
        self.hook("uninstall", "--global", where=self.folder)
        self.assertTrue((self.work.path / ".git/hooks/pre-push").exists())

    def test_no_home(self):
        run = self.hook("install", "--global", status=program.FAILED, HOME="")
        self.assertIn("HOME is not set", run.err)


@unittest.skipIf(os.geteuid() != 0, "needs root")
class Owners(InstallCase):
    """Another owner: git's word on who may run what is enough."""

    SOMEONE = 65534

    def setUp(self):
        super().setUp()
        self.hook("install")
        self.work.add("a", "text\n")

    def give(self, path, owner):
        for folder, _, files in os.walk(path):
            for name in ["", *files]:
                os.lchown(os.path.join(folder, name), owner, owner)

    def owners(self, path):
        return {os.lstat(os.path.join(folder, name)).st_uid
                for folder, _, files in os.walk(path)
                for name in ["", *files]}

    def leak_is_stopped(self, **environment):
        self.accepted("origin", "main:refs/heads/clean", **environment)
        self.work.write("f", f"k = {self.tokens.aws()}\n")
        self.work.git("add", "f", **environment)
        done = self.run_git("commit", "-q", "-m", "x", passes=False,
                            **environment)
        self.assertIn("1 secret would go in", done.said)
        self.work.git("commit", "-q", "--no-verify", "-m", "x", **environment)
        self.refused("origin", "main", **environment)

    def test_under_sudo(self):
        """Root, in the repository and home of who asked for it."""
        self.give(self.work.path, self.SOMEONE)
        self.give(self.remote.path, self.SOMEONE)
        home = self.folder / "home"
        home.mkdir()
        self.give(home, self.SOMEONE)
        self.leak_is_stopped(HOME=str(home), SUDO_UID=str(self.SOMEONE),
                             SUDO_GID=str(self.SOMEONE), SUDO_USER="nobody",
                             SUDO_COMMAND="git")
        self.assertEqual(self.owners(home), {self.SOMEONE})

    def test_directory_that_is_safe(self):
        self.give(self.work.path, self.SOMEONE)
        done = self.push("origin", "main", passes=False)
        self.assertIn("dubious ownership", done.said)
        self.leak_is_stopped(GIT_CONFIG_COUNT="1",
                             GIT_CONFIG_KEY_0="safe.directory",
                             GIT_CONFIG_VALUE_0="*")


if __name__ == "__main__":
    program.main()
