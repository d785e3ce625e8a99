#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hook pre-receive, on servers: file://, git daemon, smart HTTP."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402

HTTP = """\
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.modules = ("mod_alias", "mod_cgi", "mod_setenv")
server.errorlog = "{folder}/http.log"
alias.url = ("/git" => "{backend}")
$HTTP["url"] =~ "^/git" {{
    cgi.assign = ("" => "")
    setenv.add-environment = ({environment})
}}
"""


def wait_for(port, process):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("the server has ended")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server does not answer")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class ReceiveCase(hooks.HookCase):
    """The remote has the hook, the clone has none."""

    hooks = ("pre-receive",)

    def install(self, target, *options):
        super().install(self.remote, *options)

    def url(self):
        return f"file://{self.remote.path}"

    def setUp(self):
        super().setUp()
        self.work.git("remote", "set-url", "origin", self.url())

    def check_server(self):
        """What holds for every way to reach it."""
        self.start()
        oid = self.leak()
        blob = self.work.git("rev-parse", "HEAD:config.py")
        push = self.push("origin", "main", passes=False)
        said = "".join(line.removeprefix("remote: ").rstrip() + "\n"
                       for line in push.said.splitlines()
                       if line.startswith("remote:")).replace(
                           "remote:\n", "\n")
        self.assertRegex(said, hooks.fill("""\
keysieve: push refused: it brings 1 secret

config.py:1:8  AWS access key id
  line    KEY = '<aws>'
  commit  <oid> configure
  why     rule aws-access-key, confidence <sure>, <bits> bits per character, \
account <digits>
  fix     take it out, then: git add config.py && git commit --amend --no-edit
  allow   no secret? let line 1 (a new commit will do) be:
          KEY = '<aws>'  # keysieve:allow
  rotate  it too, if it was ever pushed or shared: https://docs.aws.amazon.com\
/IAM/latest/UserGuide/id-credentials-access-keys-update.html

Nothing was taken in.
"""))
        self.assertIn("pre-receive hook declined", push.said)
        self.assertFalse(self.remote_has(oid))
        self.assertFalse(self.remote_has(blob))
        self.work.git("rm", "-q", "config.py")
        self.work.git("commit", "-q", "--amend", "-m", "nothing",
                      "--allow-empty")
        self.accepted("origin", "main")
        # The same from the other end.
        self.run_program("hook", "install", "pre-push", cwd=self.work.path,
                         status=program.CLEAN)
        oid = self.leak()
        push = self.refused("origin", "main")
        self.assertIn("1 secret would go out", push.said)
        self.assertFalse(self.remote_has(oid))


class File(ReceiveCase):
    def test_push(self):
        self.check_server()

    def test_several_refs_tags_and_deletions(self):
        self.start()
        self.accepted("origin", "main:refs/heads/x", "main:refs/tags/light")
        self.accepted("--delete", "origin", "x")
        self.work.git("tag", "-a", "-m", f"k {self.tokens.aws()}", "v1")
        self.refused("origin", "v1")
        self.work.git("branch", "good")
        self.leak()
        self.refused("origin", "good", "main")
        self.assertEqual(self.remote.git("branch", "--list", "good"), "")

    def test_what_any_ref_has_is_known(self):
        self.start()
        self.leak()
        self.work.git("push", "-q", str(self.remote.path),
                      "main:refs/hidden/x", check=False)
        shutil.move(self.remote.path / "hooks/pre-receive",
                    self.remote.path / "hooks/off")
        self.push("origin", "main:refs/heads/old", passes=True)
        shutil.move(self.remote.path / "hooks/off",
                    self.remote.path / "hooks/pre-receive")
        self.accepted("origin", "main:refs/heads/new")

    def test_remote_with_alternates(self):
        self.start()
        fork = self.folder / "fork.git"
        self.work.git("clone", "-q", "--bare", "-s", str(self.remote.path),
                      str(fork))
        borrowed = hooks.repo.Repo(fork, create=False)
        self.run_program("hook", "install", cwd=fork, status=program.CLEAN)
        self.work.git("remote", "set-url", "origin", f"file://{fork}")
        self.work.add("b", "text\n")
        self.accepted("origin", "main")
        oid = self.leak()
        self.refused("origin", "main")
        self.assertFalse(self.remote_has(oid, borrowed))

    def test_thin_packs_and_loose_objects(self):
        """Below the limit git unpacks, above it keeps the pack."""
        self.start()
        text = "".join(f"line {number}\n" for number in range(3000))
        self.work.add("big", text)
        self.accepted("origin", "main")
        for limit in ("1", "100000"):
            self.remote.git("config", "receive.unpackLimit", limit)
            self.work.write("big", text.replace(
                "line 700\n", f"k = {self.tokens.aws()}\n"))
            self.work.commit("change")
            self.refused("origin", "main")
            self.work.git("reset", "-q", "--hard", "HEAD~")

    def wait_in_vain(self, *options):
        """Input that does not come: status and what was said."""
        with subprocess.Popen(
                [hooks.KEYSIEVE, "receive", *options], cwd=self.remote.path,
                env=self.environment, stdin=subprocess.PIPE,
                stderr=subprocess.PIPE) as process:
            said = process.stderr.read().decode()
            return process.wait(50), said

    def test_time_limit(self):
        status, said = self.wait_in_vain("--time-limit=1")
        self.assertEqual((status, said), (program.FAILED, (
            "keysieve: the push is stopped, it could not be scanned: it took "
            "longer than the 1 s of --time-limit\n"
            "keysieve: ask whoever runs this server\n")))
        status, said = self.wait_in_vain("--time-limit=1", "--on-error=pass")
        self.assertEqual((status, said), (program.CLEAN, (
            "keysieve: the push passes unscanned (--on-error pass): it took "
            "longer than the 1 s of --time-limit\n")))

    def test_interrupted(self):
        """Nothing passes, whatever the policy on errors."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with subprocess.Popen(
                    [hooks.KEYSIEVE, "receive", "--on-error=pass"],
                    cwd=self.remote.path, env=self.environment,
                    preexec_fn=heed_hangups,
                    stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                self.wait_until_it_reads(process.pid)
                process.send_signal(number)
                said = process.stderr.read().decode()
                self.assertEqual(process.wait(50), program.FAILED)
            self.assertEqual(
                said, "keysieve: interrupted: the push is stopped\n")

    def wait_until_it_reads(self, pid):
        """Its signal handlers are set by then."""
        caught = 1 << signal.SIGINT - 1
        for _ in range(2000):
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            mask = re.search(r"^SigCgt:\s*(\w+)", status, re.M).group(1)
            if int(mask, 16) & caught:
                return
            time.sleep(0.005)
        self.fail("it does not begin")

    def test_markers(self):
        self.start()
        self.work.add("f.py", f"K = '{self.tokens.aws()}' # keysieve:allow\n")
        self.install(None, "--no-trust-repo-config")
        push = self.refused("origin", "main")
        self.assertRegex(push.said, "whoever runs this server can allow "
                         "[0-9a-f]{16}")
        self.install(None)
        self.accepted("origin", "main")

    def test_two_pushes_at_once(self):
        self.start()
        clones = []
        for name in ("one", "two"):
            path = self.folder / name
            self.work.git("clone", "-q", self.url(), str(path))
            clone = hooks.repo.Repo(path, create=False)
            clone.git("checkout", "-q", "-b", name)
            clones.append(clone)
        clones[0].add("good", "text\n")
        oid = clones[1].add("bad", f"k = {self.tokens.aws()}\n")
        running = [subprocess.Popen(
            ["git", "push", "-q", "origin", clone.path.name], cwd=clone.path,
            env={**clone.environment, **self.sanitizers()},
            stderr=subprocess.PIPE) for clone in clones]
        said = [process.communicate(timeout=50)[1] for process in running]
        self.assertEqual(running[0].returncode, 0, said[0])
        self.assertNotEqual(running[1].returncode, 0, said[1])
        self.assertFalse(self.remote_has(oid))

    def test_many_refs(self):
        oid = self.start()
        refs = "".join(f"create refs/heads/b{n} {oid}\n" for n in range(3000))
        self.remote.git("update-ref", "--stdin", give=refs.encode())
        self.remote.git("pack-refs", "--all")
        self.work.add("b", "text\n")
        self.accepted("origin", "main")
        self.leak()
        self.refused("origin", "main")


def heed_hangups():
    """What nohup told this process is not the program's business."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Daemon(ReceiveCase):
    def setUp(self):
        self.port = free_port()
        super().setUp()
        self.process = subprocess.Popen(
            ["git", "daemon", "--reuseaddr", "--listen=127.0.0.1",
             f"--port={self.port}", "--export-all", "--enable=receive-pack",
             f"--base-path={self.folder}"],
            env={**self.remote.environment, **self.sanitizers()},
            stderr=subprocess.DEVNULL)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.terminate)
        wait_for(self.port, self.process)

    def url(self):
        return f"git://127.0.0.1:{self.port}/remote.git"

    def test_push(self):
        self.check_server()


class Http(ReceiveCase):
    def setUp(self):
        server = shutil.which("lighttpd", path="/usr/sbin:" + os.environ.get(
            "PATH", ""))
        backend = pathlib.Path(subprocess.run(
            ["git", "--exec-path"], check=True, stdout=subprocess.PIPE,
            text=True).stdout.strip()) / "git-http-backend"
        if not server or not backend.exists():
            self.skipTest("needs lighttpd and git-http-backend")
        self.port = free_port()
        super().setUp()
        self.remote.git("config", "http.receivepack", "true")
        environment = {"GIT_PROJECT_ROOT": str(self.folder),
                       "GIT_HTTP_EXPORT_ALL": "1",
                       **self.remote.environment, **self.sanitizers()}
        config = self.folder / "http.conf"
        config.write_text(HTTP.format(
            folder=self.folder, port=self.port, backend=backend,
            environment=", ".join(f'"{name}" => "{value}"' for name, value
                                  in environment.items())))
        self.process = subprocess.Popen(
            [server, "-D", "-f", str(config)], stderr=subprocess.DEVNULL)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.terminate)
        wait_for(self.port, self.process)

    def url(self):
        return f"http://127.0.0.1:{self.port}/git/remote.git"

    def test_push(self):
        self.check_server()


if __name__ == "__main__":
    program.main()
