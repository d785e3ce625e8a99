/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of bytes: what one position of a pattern can be. */
#ifndef KS_RULES_CHARSET_H
#define KS_RULES_CHARSET_H

#include "base/err.h"
#include "base/span.h"

struct ks_charset {
	uint64_t bits[4]; /* byte b is bit b % 64 of bits[b / 64] */
};

static inline bool ks_charset_has(const struct ks_charset *set, unsigned byte)
{
	return set->bits[byte / 64] >> byte % 64 & 1;
}

static inline void ks_charset_add(struct ks_charset *set, unsigned byte)
{
	set->bits[byte / 64] |= UINT64_C(1) << byte % 64;
}

/* Add the bytes ${from} to ${to}, both included. */
void ks_charset_add_range(struct ks_charset *set, unsigned from, unsigned to);

/* Add all bytes of ${other}. */
void ks_charset_add_set(struct ks_charset *set, const struct ks_charset *other);

void ks_charset_negate(struct ks_charset *set);

/* Add the other case of every ASCII letter in it. */
void ks_charset_fold(struct ks_charset *set);

/* How many bytes are in it, 0 to 256. */
unsigned ks_charset_count(const struct ks_charset *set);

/* The smallest byte in it; it must not be empty. */
unsigned ks_charset_first(const struct ks_charset *set);

/*
 * The class that a backslash and ${letter} stand for (d D w W s S h H v V
 * and N), as pcre2pattern(3) has them without UTF. False: it is none.
 */
bool ks_charset_escape(struct ks_charset *out, char letter);

/*
 * Parse one escape that stands for a byte or a class. ${at} is behind the
 * backslash and is moved behind the escape. ${in_class}: between brackets,
 * where \b is a backspace. ${is_class} tells whether it was a class. Returns
 * false if it is no such escape, or one that we do not take: \c, \p, \X, \C,
 * \Q, \E, octal without a leading 0 or braces.
 */
bool ks_charset_parse_escape(struct ks_charset *out, bool *is_class,
	struct ks_span text, size_t *at, bool in_class);

/*
 * Parse a bracket expression. ${at} is behind the '[' and is moved behind
 * the ']'; ${caseless}: under (?i). Returns NULL or what is wrong, static.
 */
const char *ks_charset_parse(
	struct ks_charset *out, struct ks_span text, size_t *at, bool caseless);

#endif
