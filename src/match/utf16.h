/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16 text in a blob, with a byte order mark or without. */
#ifndef KS_MATCH_UTF16_H
#define KS_MATCH_UTF16_H

#include "base/buf.h"

enum {
	KS_UTF16_RUN_MIN = 8 /* units; shorter runs are chance */
};

/*
 * Text in UTF-16: ${units} code units from byte ${start}. Decoded, each unit
 * becomes one byte, so the byte at i of the text stands at start + 2 * i.
 */
struct ks_utf16_run {
	size_t start;
	size_t units;
	bool is_big_endian;
};

/* Bytes that may hold such text: an object, or a part of one. */
struct ks_utf16_source {
	struct ks_span raw;
	int8_t mark;   /* the object's: as ks_utf16_mark() */
	bool is_start; /* of the object; a part starts at an even offset */
};

/* The byte order mark at the start: -1 little-endian, 1 big, 0 none. */
int8_t ks_utf16_mark(struct ks_span raw);

/*
 * Find the next run at or behind byte ${from} of ${source}: units of printable
 * ASCII and white space only, KS_UTF16_RUN_MIN of them at least. Where the
 * object has a byte order mark all is one run, of that order. Both orders are
 * to be asked for: where text starts and ends with NULs it cannot be told
 * which it is. O(bytes passed over). False: there is none.
 */
bool ks_utf16_next(struct ks_utf16_run *out,
	const struct ks_utf16_source *source, size_t from, bool is_big_endian);

/*
 * Append the text of ${run} of ${raw} to ${out}, a byte a unit; a unit
 * beyond ASCII becomes 0xff. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_utf16_decode(
	struct ks_buf *out, struct ks_span raw, const struct ks_utf16_run *run);

#endif
