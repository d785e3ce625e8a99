/* SPDX-License-Identifier: Apache-2.0 */
/* Text that stands in other text in an encoded form: finding it. */
#include "match/encoded.h"

#include "base/base64.h"
#include "match/block.h"
#include "match/escape.h"

enum {
	HALF = KS_BLOCK / 2
};

/* Bit i of a mask is byte i of a block. */
enum {
	LOW_HALF = (1 << HALF) - 1
};

/*
 * What a block holds that a run may be recognised by. A run of digits that
 * is long enough has two halves of blocks side by side to itself.
 */
struct signs {
	unsigned digits;
	unsigned escapes; /* bytes that escapes begin with, and lines' ends */
};

/* What ends a literal or a line that one may end, or a blank. */
static inline ks_block may_end_literal(ks_block c)
{
	return (ks_block)(c == '"') | (ks_block)(c == '\'') |
	       (ks_block)(c == '+') | (ks_block)(c == '.') |
	       (ks_block)(c == '&') | (ks_block)(c == '`') |
	       (ks_block)(c == '\\') | (ks_block)(c == ' ') |
	       (ks_block)(c == '\t') | (ks_block)(c == '\r');
}

/*
 * The byte beside tells most bytes that escapes begin with from escapes; to
 * ask for it at all times is faster than to guess when to.
 */
static inline struct signs signs_of(
	const uint8_t *before, const uint8_t *p, const uint8_t *behind)
{
	ks_block digits;
	ks_block escapes;
	ks_block last = ks_block_at(before);
	ks_block c = ks_block_at(p);
	ks_block next = ks_block_at(behind);

	/* '/' stands right before '0'. */
	digits = ks_block_letters(c, 'z') |
		 (ks_block)((ks_block)(c - '/') < 11) | (ks_block)(c == '+') |
		 (ks_block)(c == '-') | (ks_block)(c == '_');
	escapes =
		((ks_block)(c == '%') &
			((ks_block)((ks_block)(next - '0') < 10) |
				ks_block_letters(next, 'f'))) |
		((ks_block)(c == '\\') &
			((ks_block)(next == 'x') | (ks_block)(next == 'u'))) |
		((ks_block)(c == '&') & ((ks_block)(next == '#') |
						ks_block_letters(next, 'z'))) |
		((ks_block)(c == '\n') & may_end_literal(last));
	return (struct signs){ ks_block_mask(digits), ks_block_mask(escapes) };
}

/* The block at ${at}; near an end of the text there may be less than one. */
static inline struct signs signs_at(struct ks_span text, size_t at)
{
	uint8_t room[1 + KS_BLOCK + 1] = { 0 };
	size_t n;

	if (at > 0 && text.n - at > KS_BLOCK)
		return signs_of(text.p + at - 1, text.p + at, text.p + at + 1);
	n = text.n - at < KS_BLOCK + 1 ? text.n - at : KS_BLOCK + 1;
	memcpy(room + 1, text.p + at, n);
	if (at > 0)
		room[0] = text.p[at - 1];
	return signs_of(room, room + 1, room + 2);
}

/* All digits around ${at}, and what pads them. False: they are too few. */
static bool digits_around(
	struct ks_encoded_run *out, struct ks_span text, size_t at)
{
	size_t start = at;
	size_t end = at;
	size_t padded;

	while (start > 0 && ks_base64_is_digit(text.p[start - 1]))
		start--;
	while (end < text.n && ks_base64_is_digit(text.p[end]))
		end++;
	for (padded = end;
		padded < text.n && padded - end < 2 && text.p[padded] == '=';)
		padded++;
	*out = (struct ks_encoded_run){ start, padded, KS_ENCODED_DIGITS };
	return end - start >= KS_ENCODED_DIGITS_MIN;
}

static bool find_digits(
	struct ks_encoded_search *search, struct ks_encoded_run *out, size_t at)
{
	size_t *done = &search->done[KS_ENCODED_DIGITS];
	bool is_enough;

	if (at < *done)
		return false;
	is_enough = digits_around(out, search->text, at);
	*done = out->end;
	return is_enough;
}

static bool find_joined(
	struct ks_encoded_search *search, struct ks_encoded_run *out, size_t at)
{
	size_t *done = &search->done[KS_ENCODED_JOINED];

	if (at < *done)
		return false;
	*done = at + 1;
	if (!ks_escape_may_join_lines(search->text, at))
		return false;
	ks_delta_fill(search->rest);
	return ks_escape_joins_lines(out, search->text, at);
}

static bool find_escape(
	struct ks_encoded_search *search, struct ks_encoded_run *out, size_t at)
{
	size_t *done = &search->done[KS_ENCODED_ESCAPES];
	struct ks_escape escape;

	if (at < *done || !ks_escape_read(&escape, search->text, at))
		return false;
	*done = ks_escape_stretch(out, search->text, at);
	return out->end - out->start <= KS_ENCODED_STRETCH_MAX;
}

/* Does one of the bytes of ${mask} in the block at ${at} begin a run? */
static bool find_in_block(struct ks_encoded_search *search,
	struct ks_encoded_run *out, size_t at, unsigned mask)
{
	for (; mask; mask &= mask - 1) {
		size_t byte = at + (unsigned)__builtin_ctz(mask);

		if (byte < search->from || byte >= search->to)
			continue;
		if (search->text.p[byte] == '\n'
				? find_joined(search, out, byte)
				: find_escape(search, out, byte))
			return true;
	}
	return false;
}

void ks_encoded_search(struct ks_encoded_search *search, size_t from, size_t to)
{
	/* Counted from the text's start: the halves are always the same. */
	search->from = from;
	search->at = from / KS_BLOCK * KS_BLOCK;
	search->to = to;
	search->has_half = false;
}

bool ks_encoded_next(
	struct ks_encoded_search *search, struct ks_encoded_run *out)
{
	for (; search->at < search->to; search->at += KS_BLOCK) {
		const size_t at = search->at;
		struct signs signs = signs_at(search->text, at);
		bool has_first = (signs.digits & LOW_HALF) == LOW_HALF;
		bool has_second = signs.digits >> HALF == LOW_HALF;

		/* Again at the same block, until it has nothing more. */
		if (has_first && (search->has_half || has_second) &&
			at + HALF > search->from &&
			find_digits(search, out, at))
			return true;
		if (signs.escapes &&
			find_in_block(search, out, at, signs.escapes))
			return true;
		search->has_half = has_second;
	}
	return false;
}
