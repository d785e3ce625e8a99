/* SPDX-License-Identifier: Apache-2.0 */
/* Offset -> line and column. */
#ifndef KS_PROVENANCE_LINES_H
#define KS_PROVENANCE_LINES_H

#include "base/span.h"

/* A place in a text; both count from 1, columns in bytes. */
struct ks_place {
	uint64_t line;
	uint64_t column;
};

/*
 * The place of the byte at ${offset} of ${text}; of the end if it lies
 * behind. A line ends with LF, which belongs to it, so the numbers are those
 * of `grep -n`, of git and of compilers: a CR before the LF is a byte of the
 * line, a lone CR too. O(offset).
 */
struct ks_place ks_place_of(struct ks_span text, size_t offset);

/*
 * The same where the place ${at} of an earlier byte ${known} <= ${offset} is
 * known already. O(offset - known), so that many places of one text, in
 * order, cost one pass.
 */
struct ks_place ks_place_from(
	struct ks_span text, size_t known, struct ks_place at, size_t offset);

/*
 * The line around ${offset}, without the LF or CR LF that ends it; borrowed
 * from ${text}.
 */
struct ks_span ks_line_at(struct ks_span text, size_t offset);

#endif
