/* SPDX-License-Identifier: Apache-2.0 */
/* Telling an archive by its first bytes. */
#include "unpack/kind.h"

#include "base/endian.h"

/* RFC 1952: deflate, no flag that is reserved. */
static bool is_gzip(struct ks_span head)
{
	return head.n >= 18 && memcmp(head.p, "\x1f\x8b\x08", 3) == 0 &&
	       !(head.p[3] & 0xe0);
}

/* RFC 8878, 3.1.1.1.1: the reserved bit of the descriptor is not set. */
static bool is_zstd(struct ks_span head)
{
	return memcmp(head.p, "\x28\xb5\x2f\xfd", 4) == 0 &&
	       !(head.p[4] & 0x08);
}

/* lz4_Frame_format.md: version 01, blocks of 64 KiB to 4 MiB. */
static bool is_lz4(struct ks_span head)
{
	return memcmp(head.p, "\x04\x22\x4d\x18", 4) == 0 &&
	       (head.p[4] & 0xc2) == 0x40 && (head.p[5] & 0x8f) == 0 &&
	       head.p[5] >= 0x40;
}

/* lzip's manual, "File format": version 1, a dictionary of 2^12 to 2^29. */
static bool is_lzip(struct ks_span head)
{
	return memcmp(head.p, "LZIP\x01", 5) == 0 && (head.p[5] & 0x1f) >= 12 &&
	       (head.p[5] & 0x1f) <= 29;
}

/* APPNOTE.TXT, 4.3.7: a version and a method that there are, a name. */
static bool is_zip(struct ks_span head)
{
	enum {
		VERSION_MAX = 63, /* 6.3 */
		METHOD_MAX = 99,  /* AES */
		HEADER = 30
	};

	return head.n > HEADER && memcmp(head.p, "PK\x03\x04", 4) == 0 &&
	       head.p[4] <= VERSION_MAX && head.p[9] == 0 &&
	       head.p[8] <= METHOD_MAX && (head.p[26] || head.p[27]);
}

/* rpm's "Package format": lead of major version 3 or 4, a binary or source. */
static bool is_rpm(struct ks_span head)
{
	return head.n >= 96 && memcmp(head.p, "\xed\xab\xee\xdb", 4) == 0 &&
	       (head.p[4] == 3 || head.p[4] == 4) && head.p[6] == 0 &&
	       head.p[7] <= 1;
}

static bool are_octal(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '7')
			return false;
	}
	return true;
}

/* cpio(5): portable ASCII, old and new; 76 and 110 bytes, digits all. */
static bool is_cpio(struct ks_span head)
{
	if (head.n >= 76 && memcmp(head.p, "070707", 6) == 0)
		return are_octal(head.p, 76);
	return head.n >= 110 && (memcmp(head.p, "070701", 6) == 0 ||
					memcmp(head.p, "070702", 6) == 0);
}

/* tar(5): the sum of the header's bytes, those of the sum taken for blanks. */
static bool is_tar(struct ks_span head)
{
	enum {
		SUM = 148,
		SUM_BYTES = 8,
		MAGIC = 257
	};
	uint32_t wanted = 0;
	uint32_t sum = SUM_BYTES * ' ';
	size_t at = SUM;

	if (head.n < KS_ARCHIVE_HEAD || memcmp(head.p + MAGIC, "ustar", 5) != 0)
		return false;
	for (size_t i = 0; i < KS_ARCHIVE_HEAD; i++)
		sum += i < SUM || i >= SUM + SUM_BYTES ? head.p[i] : 0;
	while (at < SUM + SUM_BYTES && head.p[at] == ' ')
		at++;
	for (; at < SUM + SUM_BYTES && are_octal(head.p + at, 1); at++)
		wanted = wanted << 3 | (head.p[at] & 7u);
	return wanted == sum;
}

static bool starts(struct ks_span head, const char *magic, size_t n)
{
	return memcmp(head.p, magic, n) == 0;
}

enum ks_archive_kind ks_archive_kind_of(struct ks_span head)
{
	if (!ks_archive_is_maybe(head))
		return KS_ARCHIVE_NONE;
	if (is_gzip(head))
		return KS_ARCHIVE_GZIP;
	if (is_zip(head))
		return KS_ARCHIVE_ZIP;
	if (starts(head, "\xfd\x37zXZ\0", 6))
		return KS_ARCHIVE_XZ;
	/* Blocks of 100k to 900k; the magic of a block, or of the end. */
	if (starts(head, "BZh", 3) && head.p[3] >= '1' && head.p[3] <= '9' &&
		(memcmp(head.p + 4, "1AY&SY", 6) == 0 ||
			memcmp(head.p + 4, "\x17rE8P\x90", 6) == 0))
		return KS_ARCHIVE_BZIP2;
	if (is_zstd(head))
		return KS_ARCHIVE_ZSTD;
	if (is_lz4(head))
		return KS_ARCHIVE_LZ4;
	if (is_lzip(head))
		return KS_ARCHIVE_LZIP;
	if (is_rpm(head))
		return KS_ARCHIVE_RPM;
	if (starts(head, "7z\xbc\xaf\x27\x1c", 6))
		return KS_ARCHIVE_7ZIP;
	/* Other ar archives are libraries: object files, as they are. */
	if (head.n >= 21 && starts(head, "!<arch>\ndebian-binary", 21))
		return KS_ARCHIVE_DEB;
	if (is_cpio(head))
		return KS_ARCHIVE_CPIO;
	return is_tar(head) ? KS_ARCHIVE_TAR : KS_ARCHIVE_NONE;
}
