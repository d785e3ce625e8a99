# SPDX-License-Identifier: Apache-2.0
"""Packs made to measure, also such as git would never write: gitformat-pack(5).

tests/lib/packs.c does the same for unit tests.
"""

import hashlib
import struct
import zlib

OFS_DELTA, REF_DELTA = 6, 7
TYPES = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}


def oid_of(kind, content):
    """The id that git gives to such an object."""
    return hashlib.sha1(b"%s %d\0" % (kind.encode(), len(content))
                        + content).digest()


def be32(*numbers):
    return struct.pack(f">{len(numbers)}I", *numbers)


def varint(number):
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


def distance_of(number):
    """How far back the base of an OFS_DELTA lies."""
    out = [number & 0x7f]
    number >>= 7
    while number:
        number -= 1
        out.append(number & 0x7f | 0x80)
        number >>= 7
    return bytes(reversed(out))


def copy(start, count):
    """${count} (at most 0xffffff) bytes of the base from ${start} on."""
    op, out = 0x80, b""
    for bit in range(4):
        byte = start >> 8 * bit & 0xff
        if byte:
            op |= 1 << bit
            out += bytes([byte])
    for bit in range(3):
        byte = count >> 8 * bit & 0xff
        if byte and count != 0x10000:
            op |= 16 << bit
            out += bytes([byte])
    return bytes([op]) + out


def insert(content):
    return b"".join(bytes([len(content[at:at + 127])]) + content[at:at + 127]
                    for at in range(0, len(content), 127))


def delta(base_size, size, *operations):
    return varint(base_size) + varint(size) + b"".join(operations)


class Pack:
    """Entries, one behind the other; ids are 20 bytes."""

    def __init__(self):
        self.bytes = bytearray(b"PACK" + be32(2, 0))
        self.entries = []  # (id, offset, CRC32)
        self.offsets = {}

    def entry(self, kind, data, oid, size=None, before=b""):
        """One whose head says ${kind} and ${size}, then ${before}."""
        offset = len(self.bytes)
        raw = (entry_head(kind, len(data) if size is None else size) + before
               + zlib.compress(data, 1))
        self.bytes += raw
        self.entries.append((oid, offset, zlib.crc32(raw)))
        self.offsets[oid] = offset
        return oid

    def full(self, content, kind="blob"):
        return self.entry(TYPES[kind], content, oid_of(kind, content))

    def ofs_delta(self, base, code, oid):
        """${base} is the id of an entry before this one."""
        back = len(self.bytes) - self.offsets[base]
        return self.entry(OFS_DELTA, code, oid, before=distance_of(back))

    def ref_delta(self, base, code, oid):
        return self.entry(REF_DELTA, code, oid, before=base)

    def index(self, trailer):
        """Version 2, with CRCs as they are."""
        entries = sorted(self.entries)
        firsts = [oid[0] for oid, _, _ in entries]
        at, fanout = 0, []
        for byte in range(256):
            while at < len(firsts) and firsts[at] <= byte:
                at += 1
            fanout.append(at)
        body = (b"\xfftOc" + be32(2, *fanout)
                + b"".join(oid for oid, _, _ in entries)
                + be32(*[crc for _, _, crc in entries])
                + be32(*[offset for _, offset, _ in entries]) + trailer)
        return body + hashlib.sha1(body).digest()

    def write(self, repo, name="made", claimed=None):
        """Put it into ${repo}; ${claimed}: how many objects its head says."""
        count = len(self.entries) if claimed is None else claimed
        self.bytes[8:12] = be32(count)
        trailer = hashlib.sha1(self.bytes).digest()
        folder = repo.path / ".git/objects/pack"
        path = folder / f"pack-{name}.pack"
        path.write_bytes(bytes(self.bytes) + trailer)
        path.with_suffix(".idx").write_bytes(self.index(trailer))
        return path
