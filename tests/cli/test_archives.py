#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secrets in archives and in the archives in them."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packed  # noqa: E402
import program  # noqa: E402

NOT_UNPACKED = "not_unpacked"


class ArchiveCase(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.secret = self.tokens.github()
        self.text = f"# settings\nname = x\ntoken: {self.secret}\n".encode()

    # The reference engine takes seconds for some megabytes.
    engines = ("fast", "reference")

    def report(self, content, *words, name="x", status=None, **options):
        """What both engines say of a file ${name} with ${content}."""
        (self.folder / name).write_bytes(content)
        runs = [self.scan(name, "--format=json", "--show-secrets",
                          "--occurrences", f"--engine={engine}", *words,
                          status=status, **options).json()
                for engine in self.engines]
        self.assertEqual(runs[0]["findings"], runs[-1]["findings"])
        self.assertEqual(runs[0]["skipped"], runs[-1]["skipped"])
        for count in ("archives", "entries", "bytes_unpacked"):
            self.assertEqual(runs[0]["coverage"][count],
                             runs[-1]["coverage"][count])
        return runs[0]

    def places(self, report):
        """Secret -> its places, as "path:line"."""
        return {item["secret"]: [f"{one['path']}:{one['line']}"
                                 for one in item["occurrences"]]
                for item in report["findings"]}

    def see(self, content, *paths, name="x", words=()):
        """The secret is there and nowhere else; nothing is left out."""
        report = self.report(content, *words, name=name,
                             status=program.FOUND)
        self.assertEqual(self.places(report),
                         {self.secret: [f"{name}{path}:3" for path in paths]})
        self.assertEqual(report["skipped"], [])
        one = report["findings"][0]
        self.assertEqual((one["column"], one["end_line"]), (8, 3))
        self.assertIn(self.secret, one["snippet"])
        return report

    def skips(self, report, reason=NOT_UNPACKED):
        return [(item["what"], item["detail"]) for item in report["skipped"]
                if item["reason"] == reason]


class Formats(ArchiveCase):
    def test_zip_and_what_is_one(self):
        for name, method in (("a.zip", packed.STORED),
                             ("a.jar", packed.DEFLATED),
                             ("a.docx", packed.BZIP2), ("a.whl", packed.LZMA)):
            with self.subTest(name=name):
                self.see(packed.zip([("a.txt", b"nothing\n"),
                                     ("in/config.yml", self.text)],
                                    method), "!/in/config.yml", name=name)

    def test_tar(self):
        for form in (packed.USTAR, packed.GNU, packed.PAX):
            content = packed.tar([("./in/a", self.text), ("b", b"b")], form)
            with self.subTest(form=form):
                # The bytes stand there as they are, but that is told once.
                self.see(content, "!/in/a", name="a.tar")
        for suffix, pack in packed.FILTERS.items():
            with self.subTest(suffix):
                self.see(pack(content), "!/in/a", name="a.tar" + suffix)

    def test_one_compressed_file(self):
        for suffix, pack in packed.FILTERS.items():
            with self.subTest(suffix):
                self.see(pack(self.text), "!/old.log",
                         name="old.log" + suffix)
        self.see(packed.FILTERS[".gz"](self.text), "!/data")

    def test_members_one_after_the_other(self):
        gz = packed.FILTERS[".gz"]
        self.see(gz(self.text[:20]) + gz(self.text[20:]), "!/data")

    def test_library(self):
        """Its files stand there as they are, under names of no interest."""
        report = self.report(packed.ar([("a.o", self.text)]))
        self.assertEqual(report["findings"][0]["path"], "x")
        self.assertEqual(report["coverage"]["archives"], 0)

    def test_deb(self):
        data = packed.FILTERS[".xz"](packed.tar([("./etc/a.conf",
                                                  self.text)]))
        self.see(packed.ar([("debian-binary", b"2.0\n"),
                            ("data.tar.xz", data)]),
                 "!/data.tar.xz!/etc/a.conf", name="a.deb")

    def test_cpio(self):
        self.see(packed.cpio([("etc/a", self.text)]), "!/etc/a")

    def test_rpm(self):
        payload = packed.FILTERS[".gz"](packed.cpio([("etc/a", self.text)]))
        self.see(packed.rpm(payload), "!/etc/a", name="a.rpm")

    def test_7z(self):
        self.see(packed.seven_zip([("a", b"nothing"),
                                   ("in/b", self.text)]), "!/in/b")
        self.see(packed.zip([("x.7z", packed.seven_zip([
            ("b", self.text)]))]), "!/x.7z!/b")

    def test_docker_image(self):
        layer = packed.tar([("app/.env", self.text)])
        self.see(packed.tar([("manifest.json", b"[]"),
                             ("8a/layer.tar", layer)]),
                 "!/8a/layer.tar!/app/.env", name="image.tar")
        self.see(packed.tar([("oci-layout", b"{}"),
                             ("blobs/sha256/8a",
                              packed.FILTERS[".gz"](layer))]),
                 "!/blobs/sha256/8a!/app/.env", name="oci.tar")

    def test_compressed_file_in_an_archive(self):
        log = packed.FILTERS[".bz2"](self.text)
        self.see(packed.zip([("logs/1.log.bz2", log)]),
                 "!/logs/1.log.bz2!/1.log", name="a.zip")

    def test_nested(self):
        inner = packed.zip([("c.env", self.text)])
        content = packed.FILTERS[".gz"](packed.tar([("b.zip", inner)]))
        self.see(content, "!/b.zip!/c.env", name="a.tar.gz")
        self.see(packed.FILTERS[".gz"](packed.FILTERS[".xz"](content)),
                 "!/b.zip!/c.env")

    def test_standard_input(self):
        content = packed.zip([("a", self.text)])
        run = self.scan("-", "--format=jsonl", give=content,
                        status=program.FOUND)
        self.assertEqual(run.lines()[0]["path"], "-!/a")

    def test_encoded_in_an_archive(self):
        content = packed.zip([("a", self.text.hex().encode())])
        report = self.report(content, status=program.FOUND)
        self.assertEqual(report["findings"][0]["path"], "x!/a")
        self.assertEqual(report["findings"][0]["encoding"], "hex")

    def test_link(self):
        report = self.report(packed.tar_link("a", "/srv/" + self.secret),
                             status=program.FOUND)
        self.assertEqual(self.places(report), {self.secret: ["x!/a:1"]})

    def test_not_asked_for(self):
        report = self.report(packed.zip([("a", self.text)], packed.DEFLATED),
                             "--no-archives", status=program.CLEAN)
        self.assertEqual(report["coverage"]["archives"], 0)

    def test_counts(self):
        coverage = self.report(packed.zip(
            [("a", self.text), ("b", b"x" * 1000)]))["coverage"]
        self.assertEqual(
            (coverage["archives"], coverage["entries"],
             coverage["bytes_unpacked"]), (1, 2, len(self.text) + 1000))


class Limits(ArchiveCase):
    def limited(self, content, words, what, option):
        report = self.report(content, *words)
        told = self.skips(report, "limit")
        self.assertEqual([path for path, _ in told], [what])
        self.assertIn(option, told[0][1])
        self.assertFalse(report["complete"])
        return report

    def nest(self, depth, content):
        for _ in range(depth):
            content = packed.zip([("a", content)], packed.DEFLATED)
        return content

    def test_depth(self):
        self.see(self.nest(5, self.text), "!/a" * 5)
        self.limited(self.nest(6, self.text), (), "x" + "!/a" * 5,
                     "--archive-depth")
        self.see(self.nest(6, self.text), "!/a" * 6,
                 words=["--archive-depth=6"])

    def test_exit_status(self):
        self.report(self.nest(2, b"x"), "--archive-depth=1",
                    status=program.INCOMPLETE)

    def test_bytes(self):
        content = packed.zip([("a", self.text), ("b", b"x" * 5000),
                              ("c", self.text)])
        report = self.limited(content, ["--archive-bytes=4k"], "x!/b",
                              "--archive-bytes")
        self.assertEqual(self.places(report), {self.secret: ["x!/a:3"]})
        self.see(packed.zip([("a", self.text)]), "!/a",
                 words=[f"--archive-bytes={len(self.text)}"])

    def test_bytes_of_what_is_nested(self):
        inner = packed.zip([("b", b"x" * 5000)], packed.DEFLATED)
        self.limited(packed.zip([("a", inner)]), ["--archive-bytes=4k"],
                     "x!/a!/b", "--archive-bytes")

    def test_what_is_only_copied_is_free(self):
        inner = packed.tar([("a", self.text + b"x" * 5000)])
        self.see(packed.tar([("b.tar", inner)]), "!/b.tar!/a",
                 words=["--archive-bytes=1"])

    def test_ratio(self):
        self.engines = ("fast",)
        content = packed.FILTERS[".gz"](self.text + bytes(17 << 20))
        report = self.limited(content, (), "x!/data", "--archive-ratio")
        self.assertEqual(self.places(report), {self.secret: ["x!/data:3"]})
        self.see(content, "!/data", words=["--archive-ratio=1024"])

    def test_entries(self):
        content = packed.zip([(f"f{i}", b"x") for i in range(9)])
        self.limited(content, ["--archive-entries=8"], "x",
                     "--archive-entries")
        self.assertEqual(
            self.report(content, "--archive-entries=9")["skipped"], [])

    def test_hole(self):
        self.engines = ("fast",)
        self.limited(packed.sparse_tar(1 << 40), (), "x!/hole",
                     "--archive-ratio")

    def test_dictionary(self):
        self.see(packed.xz_with_dictionary(self.text, 28), "!/data")
        self.limited(packed.xz_with_dictionary(self.text, 40), (), "x",
                     "memory")

    def test_quine(self):
        """Each unpacks to many like it: the depth ends that."""
        content = b"end"
        for _ in range(12):
            content = packed.zip([("a", content), ("b", content)],
                                 packed.DEFLATED)
        report = self.report(content, "--archive-entries=10",
                             status=program.INCOMPLETE)
        self.assertTrue(self.skips(report, "limit"))

    def test_hook_options(self):
        repository = self.repo()
        repository.write("a", self.nest(2, b"x"))
        repository.git("add", "a")
        self.run_program("commit", cwd=repository.path, status=program.CLEAN)
        self.run_program("commit", "--archive-depth=1", cwd=repository.path,
                         status=program.INCOMPLETE)


class Damage(ArchiveCase):
    def test_cut_off(self):
        self.engines = ("fast",)
        for suffix, pack in packed.FILTERS.items():
            with self.subTest(suffix):
                content = pack(self.noise(300000) + self.text)
                report = self.report(content[:len(content) // 2],
                                     status=program.CLEAN)
                self.assertEqual(len(self.skips(report)), 1)
                self.assertTrue(report["complete"])

    def noise(self, count):
        return self.tokens.random.randbytes(count)

    def test_what_was_read_by_then_is_told(self):
        content = packed.FILTERS[".xz"](self.text + self.noise(3000))
        report = self.report(content[:-100], status=program.FOUND)
        self.assertEqual(self.places(report), {self.secret: ["x!/data:3"]})
        self.assertEqual(len(self.skips(report)), 1)
        content = packed.FILTERS[".gz"](self.text + self.noise(300000))
        report = self.report(content[:-1000], status=program.FOUND)
        self.assertEqual(self.places(report), {self.secret: ["x!/data:3"]})
        self.assertEqual(len(self.skips(report)), 1)

    def test_nothing_can_be_read(self):
        content = packed.FILTERS[".gz"](self.text)
        report = self.report(content[:25], status=program.CLEAN)
        self.assertEqual([path for path, _ in self.skips(report)], ["x"])

    def test_one_entry(self):
        content = bytearray(packed.zip(
            [("a", self.noise(3000)), ("b", self.text)], packed.DEFLATED))
        content[200:220] = b"\xff" * 20
        report = self.report(bytes(content), status=program.FOUND)
        self.assertEqual(self.places(report), {self.secret: ["x!/b:3"]})
        self.assertEqual([path for path, _ in self.skips(report)], ["x!/a"])

    def test_cut_off_zip(self):
        content = packed.zip([("a", self.text), ("b", self.noise(3000))],
                             packed.DEFLATED)
        report = self.report(content[:-2000], status=program.FOUND)
        self.assertEqual(self.places(report), {self.secret: ["x!/a:3"]})
        self.assertEqual(len(self.skips(report)), 1)

    def test_encrypted(self):
        content = packed.encrypted_zip("a", self.noise(100))
        report = self.report(content, status=program.CLEAN)
        self.assertEqual(self.skips(report), [("x!/a", "it is encrypted")])

    def test_damaged_archive_in_an_archive(self):
        inner = packed.FILTERS[".gz"](self.text)[:-12]
        report = self.report(packed.zip([("in.gz", inner),
                                         ("a", self.text)]))
        self.assertEqual(self.places(report), {self.secret: ["x!/a:3"]})
        self.assertEqual(len(self.skips(report)), 1)
        self.assertTrue(self.skips(report)[0][0].startswith("x!/in.gz"))

    def test_begins_like_one(self):
        self.engines = ("fast",)
        for head in (b"PK\3\4 begins a zip\n", b"\x1f\x8b\x08\xff" + b"x" * 20,
                     b"BZh9 is bzip2\n", b"7z\xbc\xaf, they say\n",
                     b"070701 is a number\n", b"\x28\xb5\x2f\xfd\xffxxxxxx\n",
                     b"!<arch> without an end\n", b"PK", b"\x1f", b"",
                     b"x" * 257 + b"ustar" + b"x" * 300):
            with self.subTest(head):
                content = head + b" token: " + self.secret.encode() + b"\n"
                report = self.report(content, status=program.FOUND)
                self.assertEqual(report["skipped"], [])
                self.assertEqual(report["coverage"]["archives"], 0)


class Names(ArchiveCase):
    def test_ways_out_of_the_folder(self):
        for name in ("../../etc/a", "/etc/a", "./etc/.././a", ".."):
            with self.subTest(name):
                report = self.report(packed.tar([(name, self.text)]))
                path = report["findings"][0]["path"]
                self.assertTrue(path.startswith("x!/"))
                self.assertNotIn("..", path)
                self.assertNotIn("!//", path)

    def test_odd_bytes(self):
        for name in ("a\nb", "a\x1b[31mb", "\u202eb", "a\udcffb", "caf\u00e9"):
            with self.subTest(repr(name)):
                content = packed.tar([(name, self.text)], packed.GNU)
                (self.folder / "x").write_bytes(content)
                text = self.scan("x", status=program.FOUND).out
                self.assertNotIn("\x1b", text)
                self.assertNotIn("\u202e", text)
                self.assertNotIn("a\nb", text)
                found = self.scan("x", "--format=jsonl").lines()
                self.assertEqual(len(found), 1)
                sarif = self.scan("x", "--format=sarif").json()
                place = sarif["runs"][0]["results"][0]["locations"][0]
                self.assertRegex(
                    place["physicalLocation"]["artifactLocation"]["uri"],
                    r"^x%21/[A-Za-z0-9%._~-]+$")

    def test_names_keep_their_letters(self):
        for content in (packed.zip([("caf\u00e9/a", self.text)]),
                        packed.tar([("caf\u00e9/a", self.text)], packed.PAX),
                        packed.tar([("caf\u00e9/a", self.text)],
                                   packed.GNU)):
            self.see(content, "!/caf\u00e9/a")

    def test_huge_name(self):
        report = self.report(packed.tar([("n" * 100000, self.text)],
                                        packed.PAX))
        self.assertLess(len(report["findings"][0]["path"]), 5000)

    def test_one_name_often(self):
        content = packed.tar([("a", self.text), ("a", self.text)])
        report = self.report(content)
        self.assertEqual(self.places(report),
                         {self.secret: ["x!/a:3", "x!/a:3"]})


class Repositories(ArchiveCase):
    def audited(self, *words, **options):
        runs = [self.audit("repo", "--format=json", "--show-secrets",
                           "--occurrences", f"--engine={engine}", *words,
                           **options).json()
                for engine in ("fast", "reference")]
        self.assertEqual(runs[0]["findings"], runs[1]["findings"])
        self.assertEqual(runs[0]["skipped"], runs[1]["skipped"])
        return runs[0]

    def test_provenance(self):
        repository = self.repo()
        repository.add("other", "x\n")
        oid = repository.add("in/app.jar",
                             packed.zip([("config.yml", self.text)]))
        finding = self.audited()["findings"][0]
        self.assertEqual(finding["path"], "in/app.jar!/config.yml")
        self.assertEqual(finding["commit"], oid)
        self.assertEqual(finding["line"], 3)
        self.assertTrue(finding["in_head"])

    def versions(self, form):
        """Versions of an archive of which git makes deltas."""
        noise = self.tokens.random.randbytes(20000)
        made = []
        for number in range(4):
            made.append(self.tokens.github())
            text = f"token: {made[-1]}\n".encode() * 2
            yield made[-1], form([("a", noise), (f"b{number}", text),
                                  ("c", noise[:5000])])

    def test_deltas(self):
        for name, form in (("a.tar", packed.tar), ("a.zip", packed.zip),
                           ("a.tgz", lambda files: packed.FILTERS[".gz"](
                               packed.tar(files)))):
            with self.subTest(name):
                repository = self.repo(name)
                wanted = {}
                for number, (secret, content) in enumerate(
                        self.versions(form)):
                    repository.add(name, content)
                    wanted[secret] = [f"{name}!/b{number}:1",
                                      f"{name}!/b{number}:2"]
                (self.folder / "repo").unlink(missing_ok=True)
                (self.folder / "repo").symlink_to(name)
                self.assertEqual(self.places(self.audited()), wanted)
                repository.pack("--depth=50", "--window=50")
                report = self.audited()
                self.assertEqual(self.places(report), wanted)
                self.assertEqual(report["coverage"]["archives"], 4)

    def test_damaged_fixture(self):
        repository = self.repo()
        content = packed.FILTERS[".gz"](self.text)
        repository.add("tests/bad.gz", content[:25])
        report = self.audited(status=program.CLEAN)
        told = self.skips(report)
        self.assertEqual([path for path, _ in told], ["tests/bad.gz"])
        self.assertTrue(report["complete"])

    def test_staged(self):
        repository = self.repo()
        repository.write("app.jar", packed.zip([("config.yml", self.text)]))
        repository.git("add", "app.jar")
        run = self.run_program("commit", cwd=repository.path,
                               status=program.FOUND)
        self.assertIn("app.jar!/config.yml", run.err)

    def test_push(self):
        """What the archive had before is not new."""
        repository = self.repo()
        first = repository.add("a.zip", packed.zip([("x", self.text)]))
        other = self.tokens.github()
        second = repository.add("a.zip", packed.zip(
            [("x", self.text), ("y", other.encode())]))
        found = self.found("audit", "repo", f"--range={first}..{second}")
        self.assertEqual(list(found), [other])
        self.assertEqual(found[other]["path"], "a.zip!/y")
        third = repository.add("a.zip", packed.zip(
            [("moved", self.text), ("y", other.encode()), ("z", b"z")]))
        self.assertEqual(
            self.found("audit", "repo", f"--range={second}..{third}"), {})

    def test_allowed_by_path(self):
        repository = self.repo()
        repository.add("app.jar", packed.zip([("config.yml", self.text)]))
        (self.folder / "config").write_text(
            "allow:\n  - path: 'app.jar!/*.yml'\n    reason: test\n")
        self.audit("repo", "--config=config", status=program.CLEAN)


class Large(ArchiveCase):
    """What does not fit in memory goes through it."""

    def test_large_entries(self):
        body = self.tokens.random.randbytes(1 << 20) * 3
        content = packed.zip([("a", body + b"\n" + self.text)],
                             packed.STORED)
        (self.folder / "x").write_bytes(
            packed.tar([("in.zip", content)]))
        found = self.found("scan", "x", "--memory=16M")
        self.assertEqual(found[self.secret]["path"], "x!/in.zip!/a")
        self.assertEqual(found[self.secret]["occurrence_count"], 1)


if __name__ == "__main__":
    program.main()
