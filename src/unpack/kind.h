/* SPDX-License-Identifier: Apache-2.0 */
/* Telling an archive by its first bytes. */
#ifndef KS_UNPACK_KIND_H
#define KS_UNPACK_KIND_H

#include "base/span.h"

enum ks_archive_kind {
	KS_ARCHIVE_NONE,
	/* One file, compressed, which may be an archive. */
	KS_ARCHIVE_GZIP,
	KS_ARCHIVE_XZ,
	KS_ARCHIVE_BZIP2,
	KS_ARCHIVE_ZSTD,
	KS_ARCHIVE_LZ4,
	KS_ARCHIVE_LZIP,
	KS_ARCHIVE_RPM, /* a header, then a compressed cpio archive */
	/* Files that are compressed one by one, or together. */
	KS_ARCHIVE_ZIP,
	KS_ARCHIVE_7ZIP,
	/* Files as they are. */
	KS_ARCHIVE_TAR,
	KS_ARCHIVE_DEB, /* an ar archive */
	KS_ARCHIVE_CPIO
};

enum {
	KS_ARCHIVE_HEAD = 512 /* bytes that tell the kind */
};

/*
 * What ${head} begins: the first KS_ARCHIVE_HEAD bytes of something, or all of
 * it. A magic number is not enough where it is short: the header behind it has
 * to be one.
 */
enum ks_archive_kind ks_archive_kind_of(struct ks_span head);

/* Does it hold one file, compressed, without a name of its own? */
static inline bool ks_archive_is_filter(enum ks_archive_kind kind)
{
	return kind >= KS_ARCHIVE_GZIP && kind <= KS_ARCHIVE_RPM;
}

/* Are its files as long as they are in it? */
static inline bool ks_archive_is_plain(enum ks_archive_kind kind)
{
	return kind >= KS_ARCHIVE_TAR;
}

/*
 * False for nearly all that is none: so cheap that it can be asked of every
 * blob. It looks at the first KS_ARCHIVE_GLANCE bytes.
 */
static inline bool ks_archive_is_maybe(struct ks_span head)
{
	if (head.n < 12)
		return false;
	switch (head.p[0]) {
	case 0x1f: /* gzip */
	case 0xfd: /* xz */
	case 'B':  /* bzip2 */
	case 0x28: /* zstd */
	case 0x04: /* lz4 */
	case 'L':  /* lzip */
	case 0xed: /* rpm */
	case 'P':  /* zip */
	case '7':  /* 7z */
	case '!':  /* deb */
	case '0':  /* cpio */
		return true;
	default:
		/* The mode of a tar's first file: seven digits, an end. */
		return head.n >= 512 &&
		       (head.p[107] == 0 || head.p[107] == ' ') &&
		       (head.p[106] == ' ' ||
			       (head.p[106] >= '0' && head.p[106] <= '7'));
	}
}

enum {
	KS_ARCHIVE_GLANCE = 108
};

#endif
