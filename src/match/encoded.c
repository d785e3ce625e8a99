/* SPDX-License-Identifier: Apache-2.0 */
/* Text that stands in other text in an encoded form: finding it. */
#include "match/encoded.h"

#include "base/base64.h"
#include "match/escape.h"
#include "match/stride.h"

enum {
	GROUP = 8 /* a run of enough digits has two groups side by side */
};

#define BIT(c) (UINT64_C(1) << (c))

/* Bit i: byte i begins a group of digits. */
static uint64_t groups_of(uint64_t digits)
{
	const uint64_t starts = UINT64_C(0x0101010101010101);

	digits &= digits >> 1;
	digits &= digits >> 2;
	return digits & digits >> 4 & starts;
}

/* The bits [from, to) of a stride that starts at ${at} of a text. */
static uint64_t bits_within(size_t at, size_t from, size_t to)
{
	uint64_t bits = UINT64_MAX;

	if (from > at)
		bits = from - at < KS_STRIDE ? bits << (from - at) : 0;
	if (to < at + KS_STRIDE)
		bits &= to > at ? UINT64_MAX >> (KS_STRIDE - (to - at)) : 0;
	return bits;
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

/*
 * Do the digits around bit ${i} of the stride at hand begin and end within
 * it, and are too few? Most names in code are told from digits so.
 */
static bool are_too_few(const struct ks_encoded_search *search, unsigned i)
{
	uint64_t behind = ~(search->digits >> i);
	uint64_t before = ~(search->digits << (KS_STRIDE - 1 - i));
	unsigned start;
	unsigned end;

	/* Digits from one end of it to the other. */
	if (!behind || !before)
		return false;
	end = i + (unsigned)__builtin_ctzll(behind);
	start = i + 1 - (unsigned)__builtin_clzll(before);
	return start > 0 && end < KS_STRIDE &&
	       end - start < KS_ENCODED_DIGITS_MIN;
}

static bool is_letter(uint8_t c, uint8_t last)
{
	return (uint8_t)((c | 0x20) - 'a') <= (uint8_t)(last - 'a');
}

/* What ends a literal or a line that one may end, or a blank. */
static bool may_end_literal(uint8_t c)
{
	const uint64_t low = BIT('"') | BIT('\'') | BIT('+') | BIT('.') |
			     BIT('&') | BIT(' ') | BIT('\t') | BIT('\r');

	return c < 64 ? low >> c & 1 : c == '`' || c == '\\';
}

/* The byte beside tells most marks from those that mean something. */
static bool find_at_mark(
	struct ks_encoded_search *search, struct ks_encoded_run *out, size_t at)
{
	const struct ks_span text = search->text;
	uint8_t next = at + 1 < text.n ? text.p[at + 1] : 0;

	switch (text.p[at]) {
	case '\n':
		return at > 0 && may_end_literal(text.p[at - 1]) &&
		       find_joined(search, out, at);
	case '%':
		return ((uint8_t)(next - '0') < 10 || is_letter(next, 'f')) &&
		       find_escape(search, out, at);
	case '\\':
		return (next == 'x' || next == 'u') &&
		       find_escape(search, out, at);
	default:
		return (next == '#' || is_letter(next, 'z')) &&
		       find_escape(search, out, at);
	}
}

void ks_encoded_search(struct ks_encoded_search *search, size_t from, size_t to)
{
	search->from = from;
	/* Counted from the text's start: the groups are always the same. */
	search->at = from / GROUP * GROUP;
	search->next = search->at;
	search->to = to;
	search->groups = 0;
	search->marks = 0;
	search->had_group = false;
}

/* Read the next stride; false: there is none. */
static bool read_stride(struct ks_encoded_search *search)
{
	const struct ks_span text = search->text;
	size_t at = search->next;
	const uint8_t *p;
	uint8_t room[KS_STRIDE];
	struct ks_stride_signs signs;
	uint64_t groups;

	if (at >= search->to)
		return false;
	p = text.p + at;
	if (text.n - at < KS_STRIDE) {
		memset(room, 0, sizeof(room));
		memcpy(room, p, text.n - at);
		p = room;
	}
	ks_stride_signs(&signs, p);
	groups = groups_of(
		signs.digits & bits_within(at, search->at, search->to));
	search->at = at;
	search->next = at + KS_STRIDE;
	search->digits = signs.digits;
	search->marks = signs.marks & bits_within(at, search->from, search->to);
	search->groups = groups & (groups << GROUP | search->had_group);
	search->had_group = groups >> (KS_STRIDE - GROUP);
	return true;
}

bool ks_encoded_next(
	struct ks_encoded_search *search, struct ks_encoded_run *out)
{
	do {
		while (search->groups) {
			unsigned i = (unsigned)__builtin_ctzll(search->groups);

			search->groups &= search->groups - 1;
			if (!are_too_few(search, i) &&
				find_digits(search, out, search->at + i))
				return true;
		}
		while (search->marks) {
			unsigned i = (unsigned)__builtin_ctzll(search->marks);

			search->marks &= search->marks - 1;
			if (find_at_mark(search, out, search->at + i))
				return true;
		}
	} while (read_stride(search));
	return false;
}
