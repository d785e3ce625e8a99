#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the hand-made seeds into corpus/fuzz, one folder a target.

What the fuzzer found besides lies there too, named by its hash.
"""

import hashlib
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packed  # noqa: E402

CORPUS = pathlib.Path(__file__).resolve().parent.parent.parent / "corpus/fuzz"
OID = bytes(range(20))
LINES = b"".join(b"line %d\n" % number for number in range(20))


def u16(number):
    return struct.pack("<H", number)


def be32(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def size_of(number):
    """A size as at the head of a delta."""
    out = b""
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def entry_head(kind, size):
    out = []
    byte = kind << 4 | size & 15
    size >>= 4
    while size:
        out.append(byte | 0x80)
        byte = size & 0x7f
        size >>= 7
    return bytes(out + [byte])


def delta(base, result, operations):
    return size_of(base) + size_of(result) + operations


def fanout(ids):
    return be32(*[sum(oid[0] <= byte for oid in ids) for byte in range(256)])


def index_v2(ids, offsets, large=()):
    return (b"\xfftOc" + be32(2) + fanout(ids) + b"".join(ids)
            + be32(*[0] * len(ids)) + be32(*offsets)
            + b"".join(struct.pack(">Q", offset) for offset in large)
            + bytes(2 * len(ids[0] if ids else OID)))


def index_v1(ids, offsets):
    return (fanout(ids) + b"".join(be32(offset) + oid
                                   for oid, offset in zip(ids, offsets))
            + bytes(40))


def pack_indexes():
    ids = [bytes([first]) + OID[1:] for first in (1, 1, 7, 255)]
    wide = [oid + bytes(12) for oid in ids]
    yield b"\0" + index_v2(ids, [12, 40, 90, 0x80000000], [1 << 40])
    yield b"\0" + index_v2(ids, [12, 40, 90, 0x80000005], [1 << 40])
    yield b"\0" + index_v2([], [])
    yield b"\0" + index_v1(ids, [12, 40, 90, 120])
    yield b"\1" + index_v2(wide, [12, 40, 90, 120])
    yield b"\0" + index_v2(ids[::-1], [12, 40, 90, 120])
    yield b"\0" + index_v2(ids, [12, 40, 90, 120])[:-7]
    yield b"\0\xfftOc" + be32(3) + bytes(1100)
    yield b"\0" + be32(*[0] * 255, 0xffffffff) + bytes(40)
    yield b"\0\xfftOc" + be32(2) + be32(*[0x7fffffff] * 256) + bytes(80)


def packs():
    text = b"the base of all"
    full = entry_head(3, len(text)) + zlib.compress(text)
    code = delta(len(text), 12, b"\x90\x08" + b"\x04more")
    ofs = entry_head(6, len(code)) + bytes([len(full)]) + zlib.compress(code)
    ref = entry_head(7, len(code)) + bytes(20) + zlib.compress(code)
    second = 12 + len(full)
    for flags in (b"\0", b"\1"):
        yield flags + b"\1" + u16(12) + full
        yield flags + b"\2" + u16(12) + u16(second) + full + ofs
        yield flags + b"\2" + u16(12) + u16(second) + full + ref
        yield flags + b"\2" + u16(second) + u16(12) + full + ofs[:-6]
        yield flags + b"\2" + u16(12) + u16(12) + full
        yield flags + b"\1" + u16(60000) + full
        yield flags + b"\1" + u16(12) + entry_head(3, 1 << 60) + text
        yield flags + b"\1" + u16(12) + b"\xff" * 20
    cycle = entry_head(7, len(code)) + bytes([16]) + bytes(19)
    yield (b"\0\2" + u16(12) + u16(12 + len(cycle) + 20)
           + cycle + zlib.compress(code).ljust(20) + ref)


def forests():
    text = b"the base of all"
    full = b"\3\0" + bytes([len(text)]) + text
    code = delta(len(text), 12, b"\x90\x08" + b"\x04more")
    child = bytes([len(code)]) + code
    again = delta(12, 13, b"\x90\x0c" + b"\1!")
    yield full
    yield full + b"\6\0" + child
    yield full + b"\7\0" + child
    yield full + b"\6\0" + child + b"\6\1" + bytes([len(again)]) + again
    yield full + (b"\6\0" + child) * 8
    yield b"\7\1" + child + b"\7\0" + child
    yield b"\7\0" + child
    yield full + b"\6\x40" + child
    yield full + b"\x86\0\x37" + child
    yield b"\x83\0\x38" + bytes([len(text)]) + text
    yield full + b"\6\0" + bytes([len(again)]) + again
    yield b"\0\0\1x" + b"\5\0\1x" + b"\1\0\1x" + b"\2\0\1x" + b"\4\0\1x"


def deltas():
    base = LINES
    head = u16(len(base)) + base
    yield head + delta(len(base), 8, b"\x90\x08")
    yield head + delta(len(base), 16, b"\x90\x08\x91\x08\x08")
    yield head + delta(len(base), 5, b"\5hello")
    yield head + delta(len(base), 0x10000, b"\x80")
    yield head + delta(len(base) + 1, 8, b"\x90\x08")
    yield head + delta(len(base), 9, b"\x90\x08")
    yield head + delta(len(base), 8, b"\x93\xff\xff\x08")
    yield head + delta(len(base), 8, b"\0")
    yield head + delta(len(base), 0, b"")
    yield head + delta(len(base), 8, b"\xff\1")
    yield head + b"\xff" * 12
    yield u16(0) + delta(0, 3, b"\3new")


def drawn(base, *operations):
    return u16(len(base)) + base + b"".join(operations)


def copy(start, count):
    return b"\x80" + u16(start) + u16(count - 1)


def insert(text):
    return bytes([len(text) - 1]) + text


def tree_entry(mode, name, first):
    return mode + b" " + name + b"\0" + bytes([first]) + OID[1:]


def trees():
    one = [tree_entry(b"100644", b"file%d" % number, number)
           for number in range(5)]
    raw = b"".join(one)
    size = len(one[0])
    changed = tree_entry(b"40000", b"file2", 9)
    yield drawn(raw, copy(0, len(raw)))
    yield drawn(raw, copy(0, 2 * size), insert(changed),
                copy(3 * size, 2 * size))
    yield drawn(raw, copy(0, 2 * size), copy(3 * size, 2 * size))
    yield drawn(raw, copy(3 * size, 2 * size), copy(0, 2 * size))
    yield drawn(raw, copy(0, size), copy(0, size))
    yield drawn(raw, copy(7, 3 * size), insert(changed))
    yield drawn(raw[:-3], copy(0, len(raw) - 3))
    yield drawn(raw, copy(0, len(raw) - 3))
    yield drawn(b"", insert(changed))
    yield drawn(tree_entry(b"160000", b"", 1), copy(0, 20), insert(OID))


def commits():
    tree = b"tree " + b"0123456789" * 4 + b"\n"
    parent = b"parent " + b"abcdef0123" * 4 + b"\n"
    who = b"Jane Doe <jane@example.org> 1600000000 +0200\n"
    rest = b"author " + who + b"committer " + who + b"\nmessage\n"
    yield b"\0" + tree + rest
    yield b"\0" + tree + parent + parent + rest
    yield b"\0" + tree + b"parent 12\n" + rest
    yield b"\0" + tree
    yield b"\0" + rest
    yield b"\1tree " + b"01234567" * 8 + b"\n" + rest
    yield b"\0" + tree + b"author <> 99999999999999999999 +9999\n\n"
    yield b"\0" + tree + b"author a > b < c> -1 -\ncommitter\n"
    yield (b"\0object " + b"0123456789" * 4 + b"\ntype commit\ntag v1\n"
           b"tagger " + who + b"\nfirst\n")
    yield b"\0" + tree + b"gpgsig -----BEGIN\n more\n \n END\n" + rest


def rules():
    rule = (b"- id: one\n  name: One\n  pattern: '%s'\n  confidence: 0.5\n"
            b"  match: ['{{\"x\"}}', b]\n  no_match: [c, d]\n%s")
    patterns = (rb"abc(?<secret>[0-9]{4})", rb"\b(?<secret>a|b|cd)\b",
                rb"(?i)key(?:word)?.{0,40}[:=](?<secret>\S{8,})",
                rb"(?<secret>(?:x(?:y(?:z){1,3})*)+?)(?!q)(?<=a)",
                rb"(?<secret>[^\s\x00-\x1f[:alpha:]]+)\k<secret>", rb"(?<secret>",
                rb"(?<secret>a{0,65535})", rb"\Qabc\E(?<secret>.)(?1)",
                rb"(?x) a b # c" + b"\n  (?<secret>d)")
    for pattern in patterns:
        yield rule % (pattern, b"")
    for more in (b"  entropy: 3.5\n  kind: block\n  checksum: github\n",
                 b"  near: {id: one, within_lines: 3}\n",
                 b"  pairs_with: {id: two, within_lines: 99999999999}\n",
                 b"  allow: ['^a', 'b$']\n  public: true\n", b"  id: two\n",
                 b"  min_length: -1\n", b"  unknown: [[[[]]]]\n",
                 b"  decode: jwt\n  source: https://example.org/\n"
                 b"  checked: 2026-11-01\n  rotate: https://example.org/\n"):
        yield rule % (patterns[0], more)
    yield b"- &a [*a, *a]\n"
    yield b"{}\n---\n[]\n"
    yield b"- !!binary |\n  AAAA\n"


def samples():
    yield b"plain"
    yield b'key={{"AB" [A-Z2-7]{16}}} and {{[a-z]{3,9}}}'
    yield b'{{"xy" [A-Za-z0-9]{30} crc32_base62}}'
    yield b'{{"g-" [a-z]{27} gitlab_routable}}'
    yield b'{{"gl_" [a-z0-9]{32} grafana_crc32}}'
    yield b'{{base64("{" base64url([a-z]{9}) hex("\\x00\\xff\\n") "}")}}'
    yield b"{{" + b"hex(" * 9 + b'"a"' + b")" * 9 + b"}}"
    yield b"{{[a]{1048576}[a]}}"
    yield b"{{" + b"hex(" * 8 + b"[a]{2000}" + b")" * 8 + b"}}"
    yield b'{{"unterminated'
    yield b"{{[z-a]{2}}} {{[]]{1}}} {{[a]{9,1}}} {{[a]{99999999999}}}"
    yield b"{{unknown}} {{}} }} {"


def matches():
    text = (b"ABC1234 ==%\nkey_abcd xyz one; :abc12 foo=bar BAR=1\n"
            b"id one two\nBEGIN\nabc\ndef\nEND\n")
    yield drawn(text, copy(0, len(text)))
    yield drawn(text, copy(0, 3), insert(b"9"), copy(3, 60))
    yield drawn(text, insert(b"x"), copy(0, len(text) - 3), insert(b"D\n"))
    yield drawn(text, copy(50, 20), copy(0, 50), insert(b"\0"))
    yield drawn(text, copy(0, 7), insert(b"5"), copy(7, 40))
    yield drawn(b"ABC12", copy(0, 5), insert(b"34"))
    yield drawn(b"BEGIN\n" + b"a\n" * 500, copy(0, 1006), insert(b"END"))
    yield drawn(b"xyz" * 300, copy(0, 900), insert(b";"))
    yield drawn(b"", insert(b"id abc"))


def filters():
    yield b"\0\0" + u16(20) + b"AKIAEXAMPLEEXAMPLE12"
    yield b"\2\4" + u16(9) + b'pw: "hunter12x"\n'
    yield b"\1\3" + u16(60) + b"-----BEGIN X-----\nAAAA\n-----END X-----\n"
    yield b"\1\0" + u16(400) + (
        b"-----BEGIN RSA PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\n\n"
        + b"MIIB" * 30 + b"\n-----END RSA PUBLIC KEY-----\n")
    yield b"\0\0" + u16(80) + b"eyJhbGciOiJub25lIn0.eyJpc3MiOiJhIn0."
    yield b"\0\0" + u16(80) + b'{"type": "service_account"}'
    yield b"\0\0" + u16(80) + b"[" * 80
    yield b"\3\6" + u16(30) + b"key = ${SOME_VARIABLE:-default}"
    yield b"\3\2" + u16(30) + b"a=process.env.TOKEN"
    yield b"\3\0" + u16(30) + b"abcdefghijklmnopqrstuvwxyz"
    yield b"\0\0" + u16(4) + b"\xe2\x80\xa6\0"
    yield b"\0\0" + u16(90) + b"pypi-AgEIcHlwaS5vcmc" + b"A" * 60


def texts():
    yield u16(0) + b"plain"
    yield u16(3) + b"\x1b[31mred\x1b[0m\r\n\t"
    yield u16(0) + "\u202e\u200b\ufeff\u00e9\U0001f600".encode()
    yield u16(9) + b"\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x80"
    yield u16(1) + "\u00e9\u00e9".encode()
    yield u16(5) + b"\x7f\xc2\x9b31m\xc2\x85"


def utf16():
    text = "password = secret\n"
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield b"\xff\xfe" + text.encode("utf-16-le") + b"\0"
    yield b"\xfe\xff" + (text + "\u20ac\U0001f600").encode("utf-16-be")
    yield b"ascii" + text.encode("utf-16-le") + b"\0\0" + LINES
    yield b"\0a" * 7 + b"\0\0" + b"a\0" * 9


def loose():
    for kind in (b"blob", b"tree", b"commit", b"tag", b"none"):
        content = kind + b" 5\0hello"
        yield b"\0" + zlib.compress(content)
        yield b"\1" + content
    yield b"\1blob 6\0hello"
    yield b"\1blob 18446744073709551617\0"
    yield b"\1blob 99999999\0" + bytes(100)
    yield b"\1blob \0"
    yield b"\0" + zlib.compress(b"blob 5\0hello")[:-2]
    yield b"\0" + zlib.compress(b"blob 2000000\0" + bytes(2000000))


def index_entry(path, flags=0, extended=None, version=2):
    fixed = bytes(24) + be32(0o100644) + bytes(12) + OID
    flags |= min(len(path), 0xfff) | (0x4000 if extended is not None else 0)
    out = fixed + struct.pack(">H", flags)
    if extended is not None:
        out += struct.pack(">H", extended)
    if version == 4:
        return out + b"\0" + path + b"\0"
    out += path
    return out + bytes(8 - len(out) % 8)


def extension(name, content):
    return name + be32(len(content)) + content


def indexes():
    paths = [b"a", b"dir/b", b"dir/" + b"c" * 300]
    tree = (b"\0" + b"3 1\n" + OID + b"dir\0" + b"2 0\n" + OID)
    for version in (2, 3, 4):
        body = (b"DIRC" + be32(version, 3)
                + b"".join(index_entry(path, version=version)
                           for path in paths))
        yield b"\0" + body + OID
        yield b"\0" + body + extension(b"TREE", tree) + OID
        yield b"\0" + body[:-20] + OID
    body = b"DIRC" + be32(3, 2) + index_entry(b"a", 0x1000, 0x2000)
    yield b"\0" + body + index_entry(b"a", 0x2000, 0x4000) + OID
    yield b"\0DIRC" + be32(2, 0xffffffff) + OID
    yield b"\0DIRC" + be32(2, 0) + extension(b"link", OID) + OID
    yield b"\0DIRC" + be32(2, 0) + b"TREE" + be32(0xffffffff) + OID
    yield b"\0DIRC" + be32(2, 0) + extension(b"TREE", b"\x009 9\n") + OID
    yield b"\0DIRC" + be32(5, 0) + OID
    yield b"\1DIRC" + be32(2, 0) + OID + bytes(12)


def git_configs():
    yield b"\0[core]\n\tbare = true\n[remote \"o \\\"x\"]\n\turl=a\\\n b\n"
    yield b"\2[a]\nb\nc = \"x;y\" ; z\n[A.B]\nd=1\n#e\n[a \"b\"]c=d"
    yield b"\0\xef\xbb\xbf[x]\r\ny = z\r\n"
    yield b"\0[x]\ny = \"open\n"
    yield b"\0[x\ny\n"
    yield b"\0y = z\n[]\n[ x]\n[x \"y]\n"
    yield b"\0[x]\ny = \\q\nz = a\\tb\\nc\\b\\\\\n"
    yield b"\0[" + b"x" * 5000 + b"]\n" + b"y" * 5000


def refs():
    hexed = OID.hex().encode()
    other = bytes(20).hex().encode()

    def of(*texts):
        return b"".join(u16(len(text)) + text for text in texts)

    log = (other + b" " + hexed + b" Jane <j@example.org> 1 +0000\tmade\n"
           + hexed + b" " + OID[::-1].hex().encode()
           + b" Jane <j@example.org> 2 +0000\tmore\n")
    packed = (b"# pack-refs with: peeled fully-peeled sorted \n"
              + hexed + b" refs/heads/b\n" + hexed + b" refs/tags/v1\n^"
              + hexed + b"\n")
    yield of(b"ref: refs/heads/a\n", hexed + b"\n", packed, log)
    yield of(b"ref: HEAD\n", b"ref: refs/heads/a", packed[:-9], log[:-50])
    yield of(hexed, hexed[:-1], b"^" + hexed + b"\n" + packed, b"\n\n")
    yield of(b"ref: ../../etc/passwd\n", b"", b"\n \n", other * 40)
    yield of(b"ref: refs/heads/b", b"ref:", hexed + b" refs/heads/b", b"x")


def archives():
    text = b"a tok_q7Rt2Lp9Xv4K b\n"
    files = [("a", text), ("dir/b", b"x" * 3000 + text)]
    made = [packed.zip(files), packed.zip(files, packed.DEFLATED),
            packed.zip(files, packed.BZIP2), packed.zip(files, packed.LZMA),
            packed.encrypted_zip("a", text), packed.seven_zip(files),
            packed.tar(files), packed.tar(files, packed.GNU),
            packed.tar([("n" * 300, text)], packed.PAX),
            packed.tar_link("a", "b"), packed.sparse_tar(1 << 21),
            packed.ar([("debian-binary", b"2.0\n"), ("b", text)]),
            packed.cpio(files), packed.rpm(packed.cpio(files))]
    made += [pack(text) for pack in packed.FILTERS.values()]
    made += [pack(made[6]) for pack in packed.FILTERS.values()]
    made.append(packed.zip([("a.zip", made[1]), ("b.gz", made[-10])]))
    for content in made:
        yield content
        yield content[:len(content) * 2 // 3]
        yield content.replace(b"\0\0\0", b"\xff\xff\xff", 2)
    nested = text
    for _ in range(5):
        nested = packed.zip([("a", nested), ("b", nested)], packed.DEFLATED)
    yield nested
    yield packed.FILTERS[".gz"](bytes(3 << 20))


TARGETS = {
    "archive": archives, "commit": commits, "delta": deltas, "filter": filters, "loose": loose,
    "git_config": git_configs, "index": indexes, "match": matches, "pack": packs, "pack_forest": forests,
    "pack_index": pack_indexes, "refs": refs, "rules": rules, "sample": samples,
    "sanitize": texts, "tree": trees, "utf16": utf16,
}


def main():
    for target, make in TARGETS.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for seed in make():
            name = hashlib.sha256(seed).hexdigest()[:16]
            (folder / name).write_bytes(seed)


if __name__ == "__main__":
    main()
