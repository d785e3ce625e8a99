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
 * The place of the byte at ${offset} of ${text}. A line ends with LF, CR LF
 * or a lone CR; the bytes that end it belong to it. O(offset).
 */
struct ks_place ks_place_of(struct ks_span text, size_t offset);

/* The line around ${offset}, without its end; borrowed from ${text}. */
struct ks_span ks_line_at(struct ks_span text, size_t offset);

#endif
