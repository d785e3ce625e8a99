# SPDX-License-Identifier: Apache-2.0
"""Archives, made from files: lists of names and contents."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
BZIP2, LZMA = zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA
USTAR, GNU, PAX = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT,
                   tarfile.PAX_FORMAT)
# Of the same files the same bytes.
DATE = (2026, 1, 31, 12, 0, 0)


def lz4(content):
    """Blocks that are not compressed: lz4_Frame_format.md."""
    head = b"\x60\x40"
    out = struct.pack("<I", 0x184d2204) + head
    out += bytes([xxh32(head) >> 8 & 0xff])
    for at in range(0, len(content), 65536):
        block = content[at:at + 65536]
        out += struct.pack("<I", len(block) | 1 << 31) + block
    return out + bytes(4)


def xxh32(data):
    """Of fewer than 16 bytes: xxhash_spec.md."""
    prime = (2654435761, 2246822519, 3266489917, 668265263, 374761393)
    mask = 0xffffffff
    value = prime[4] + len(data)
    while len(data) >= 4:
        value += struct.unpack("<I", data[:4])[0] * prime[2]
        value = rotate(value & mask, 17) * prime[3] & mask
        data = data[4:]
    for byte in data:
        value = rotate(value + byte * prime[4] & mask, 11) * prime[0] & mask
    value = (value ^ value >> 15) * prime[1] & mask
    value = (value ^ value >> 13) * prime[2] & mask
    return value ^ value >> 16


def rotate(value, bits):
    return (value << bits | value >> 32 - bits) & 0xffffffff


def zstd(content):
    """Raw blocks, no checksum: RFC 8878."""
    out = struct.pack("<IBB", 0xfd2fb528, 0, 0x38)
    blocks = [content[at:at + 65536]
              for at in range(0, len(content), 65536)] or [b""]
    for number, block in enumerate(blocks):
        head = len(block) << 3 | (number == len(blocks) - 1)
        out += struct.pack("<I", head)[:3] + block
    return out


def xz_with_dictionary(content, size):
    """An xz file that says it needs one of ${size}: xz-file-format.txt, 3.1
    and 5.3.1, where 40 is 4 GiB."""
    out = bytearray(lzma.compress(content))
    end = 12 + 4 * (out[12] + 1)
    out[out.index(b"\x21\x01", 12) + 2] = size
    out[end - 4:end] = struct.pack("<I", zlib.crc32(out[12:end - 4]))
    return bytes(out)


FILTERS = {
    ".gz": lambda content: gzip.compress(content, mtime=0),
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstd,
    ".lz4": lz4,
}


def zip(files, method=STORED):  # pylint: disable=redefined-builtin
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, DATE), content, method)
    return out.getvalue()


def encrypted_zip(name, content):
    """Bytes that are said to be encrypted: APPNOTE.TXT, 4.4.4, bit 0."""
    out = bytearray(zip([(name, content)]))
    for head, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = out.index(head) + flags
        out[at] |= 1
    return bytes(out)


def tar(files, form=USTAR):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def tar_link(name, target):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type = tarfile.SYMTYPE
        info.linkname = target
        archive.addfile(info)
        for kind in (tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(name + "other")
            info.type = kind
            archive.addfile(info)
    return out.getvalue()


def sparse_tar(size):
    """A hole of ${size} bytes, then one byte: GNU.sparse 0.1 in pax."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=PAX) as archive:
        info = tarfile.TarInfo("hole")
        info.size = 1
        info.pax_headers = {
            "GNU.sparse.size": str(size + 1), "GNU.sparse.numblocks": "1",
            "GNU.sparse.map": f"{size},1"}
        archive.addfile(info, io.BytesIO(b"x"))
    return out.getvalue()


def seven_zip(files):
    """As they are, one behind the other: 7zFormat.txt."""
    def number(value):
        if value < 0x80:
            return bytes([value])
        return bytes([0x80 | value >> 8, value & 0xff])

    content = b"".join(data for _, data in files)
    names = b"\0" + b"".join((name + "\0").encode("utf-16-le")
                             for name, _ in files)
    header = (
        b"\x01\x04"
        + b"\x06\x00\x01\x09" + number(len(content)) + b"\x00"
        + b"\x07\x0b\x01\x00\x01\x01\x00"  # one folder: one coder, copy
        + b"\x0c" + number(len(content)) + b"\x00"
        + b"\x08\x0d" + number(len(files)) + b"\x09"
        + b"".join(number(len(data)) for _, data in files[:-1])
        + b"\x00\x00"
        + b"\x05" + number(len(files))
        + b"\x11" + number(len(names)) + names + b"\x00\x00")
    start = struct.pack("<QQI", len(content), len(header),
                        zlib.crc32(header))
    return (b"7z\xbc\xaf\x27\x1c\x00\x04"
            + struct.pack("<I", zlib.crc32(start)) + start + content + header)


def ar(files):
    out = b"!<arch>\n"
    for name, content in files:
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}".encode()
        out += f"{len(content):<10}`\n".encode() + content
        out += b"\n" * (len(content) % 2)
    return out


def cpio(files):
    """The new portable format: cpio(5)."""
    out = b""
    for name, content in [*files, ("TRAILER!!!", b"")]:
        fields = [1, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0,
                  len(name) + 1, 0]
        out += b"070701" + b"".join(b"%08X" % field for field in fields)
        out += name.encode() + b"\0"
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return out


def rpm(payload):
    """A lead, two headers without entries, and the payload."""
    lead = struct.pack(">4sBBHH66sHH16s", b"\xed\xab\xee\xdb", 3, 0, 0, 1,
                       b"name", 1, 5, bytes(16))
    header = b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">II", 0, 0)
    return lead + header + header + payload


