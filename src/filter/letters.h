/* SPDX-License-Identifier: Apache-2.0 */
/* How much a text looks like words. */
#ifndef KS_FILTER_LETTERS_H
#define KS_FILTER_LETTERS_H

#include "base/span.h"

/*
 * The next piece of letters of ${text} from ${at} on, which is moved behind
 * it. Names in code are cut as they are read: fooBar, HTTPServer, foo_bar
 * and foo2bar have two pieces each. False if there is none left.
 */
bool ks_letters_next(struct ks_span text, size_t *at, struct ks_span *piece);

/* What the pieces of a text add up to. */
struct ks_letters {
	size_t letters;
	size_t pieces;
	size_t pairs; /* of neighbouring letters within a piece */
	/*
	 * How much likelier these pairs are in names in code than at random,
	 * in half bits; negative for most random letters.
	 */
	int gain;
};

struct ks_letters ks_letters_of(struct ks_span text);

/*
 * Is ${text} to be read, in a language that ASCII is not enough for: a capital
 * or several words, no digit, and no mark but those of prose?
 */
bool ks_letters_are_foreign(struct ks_span text);

/* Is it a name or prose: are the pieces long and likely? */
bool ks_letters_are_words(const struct ks_letters *letters);

#endif
