/* SPDX-License-Identifier: Apache-2.0 */
/* The fixed texts that every string of an anchor has at a known place. */
#ifndef KS_RULES_LITERAL_H
#define KS_RULES_LITERAL_H

#include "rules/node.h"

struct ks_follow; /* rules/follow.h */

enum {
	KS_LITERAL_BYTES = 16,
	KS_LITERAL_WINDOW = 4,     /* bytes that are searched for */
	KS_LITERAL_WINDOW_MIN = 3, /* or so many, where there are no more */
	KS_LITERAL_OFFSET_MAX = 127,
	KS_LITERALS_MAX = 96 /* of one rule */
};

/* An anchor that starts at s has byte i of it at s + offset + i. */
struct ks_literal {
	uint8_t value[KS_LITERAL_BYTES];
	/* Of the byte in the text: 0xff, or 0xdf for a letter in either case.
	 */
	uint8_t mask[KS_LITERAL_BYTES];
	uint8_t n;
	uint8_t offset;
	uint8_t window; /* the bytes that are rarest begin with value[window] */
	uint8_t window_size;
	/* What has to come behind its last byte; NULL: anything. */
	const struct ks_follow *follow;
};

/* The literals of one anchor. Zero-initialise ({0}). */
struct ks_literals {
	struct ks_literal *list;
	uint32_t count;
	/* Each string of the anchor has so many bytes at least. */
	uint32_t width;
};

/*
 * Read off ${anchor} (sets, lists and repetitions, bounded) its literals:
 * each string that it stands for has one of them. Without any: some string
 * has no fixed text at a place known, or there would be too many. List and
 * automata are from ${arena}, what is in between from ${scratch}. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_literals_derive(struct ks_literals *out,
	struct ks_arena *arena, struct ks_arena *scratch,
	const struct ks_node *anchor);

#endif
