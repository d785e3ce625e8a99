/* SPDX-License-Identifier: Apache-2.0 */
/* Offset -> line and column. */
#include "provenance/lines.h"

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

enum {
	BLOCK_WORDS = 255 /* as many as a byte can count */
};

/* 1 in each byte of the result whose byte in ${word} is LF, else 0. */
static inline uint64_t newline_bytes(uint64_t word)
{
	uint64_t x = word ^ EACH_BYTE('\n');

	x |= (x & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f);
	return ~x >> 7 & EACH_BYTE(1);
}

static uint64_t sum_of_bytes(uint64_t word)
{
	uint64_t sum = 0;

	for (; word; word >>= 8)
		sum += word & 0xff;
	return sum;
}

/*
 * Eight bytes at a time, each byte of a word counting for itself: as fast on
 * a text of empty lines as on one of long lines, where a search per line
 * would not be.
 */
static uint64_t count_newlines(const uint8_t *p, size_t n)
{
	uint64_t count = 0;

	while (n >= sizeof(uint64_t)) {
		size_t words = n / sizeof(uint64_t);
		uint64_t counts = 0;

		if (words > BLOCK_WORDS)
			words = BLOCK_WORDS;
		for (size_t i = 0; i < words; i++) {
			uint64_t word;

			memcpy(&word, p + i * sizeof(word), sizeof(word));
			counts += newline_bytes(word);
		}
		count += sum_of_bytes(counts);
		p += words * sizeof(uint64_t);
		n -= words * sizeof(uint64_t);
	}
	for (; n; n--)
		count += *p++ == '\n';
	return count;
}

static size_t clamp(size_t offset, size_t n)
{
	return offset < n ? offset : n;
}

/* Where the line of ${offset} starts, not looking before ${from}. */
static size_t line_start(struct ks_span text, size_t from, size_t offset)
{
	const uint8_t *lf = NULL;

	if (offset > from)
		lf = memrchr(text.p + from, '\n', offset - from);
	return lf ? (size_t)(lf - text.p) + 1 : from;
}

struct ks_place ks_place_from(
	struct ks_span text, size_t known, struct ks_place at, size_t offset)
{
	size_t end = clamp(offset, text.n);
	size_t from = clamp(known, end);
	uint64_t newlines = count_newlines(text.p + from, end - from);

	if (!newlines) {
		at.column += end - from;
		return at;
	}
	at.line += newlines;
	at.column = end - line_start(text, from, end) + 1;
	return at;
}

struct ks_place ks_place_of(struct ks_span text, size_t offset)
{
	const struct ks_place first = { .line = 1, .column = 1 };

	return text.n ? ks_place_from(text, 0, first, offset) : first;
}

struct ks_span ks_line_at(struct ks_span text, size_t offset)
{
	size_t at = clamp(offset, text.n);
	size_t start = line_start(text, 0, at);
	const uint8_t *lf = NULL;
	size_t end = text.n;

	if (!text.n)
		return text;
	if (at < text.n)
		lf = memchr(text.p + at, '\n', text.n - at);
	if (lf) {
		end = (size_t)(lf - text.p);
		if (end > start && text.p[end - 1] == '\r')
			end--;
	}
	return ks_span_cut(text, start, end);
}
