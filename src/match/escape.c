/* SPDX-License-Identifier: Apache-2.0 */
/* Single escapes in text, and literals that go on in the next line. */
#include "match/escape.h"

#include "base/base64.h"

static int hex_value(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* ${digits} hex digits at ${at}. */
static bool read_hex(
	struct ks_span text, size_t at, size_t digits, uint32_t *value)
{
	*value = 0;
	if (text.n < at || text.n - at < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		int digit = hex_value(text.p[at + i]);

		if (digit < 0)
			return false;
		*value = *value << 4 | (uint32_t)digit;
	}
	return true;
}

/* RFC 3629. Half of a pair of surrogates stands for nothing by itself. */
static bool put(struct ks_escape *out, uint32_t code)
{
	uint8_t *p = out->plain;

	if (code < 0x80) {
		out->plain_n = 1;
		p[0] = (uint8_t)code;
	} else if (code < 0x800) {
		out->plain_n = 2;
		p[0] = (uint8_t)(0xc0 | code >> 6);
		p[1] = (uint8_t)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		out->plain_n = 3;
		p[0] = (uint8_t)(0xe0 | code >> 12);
		p[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
		p[2] = (uint8_t)(0x80 | (code & 0x3f));
	} else {
		return false;
	}
	return code < 0xd800 || code > 0xdfff;
}

static bool read_percent(struct ks_escape *out, struct ks_span text, size_t at)
{
	uint32_t value;

	if (!read_hex(text, at + 1, 2, &value))
		return false;
	out->n = 3;
	out->plain_n = 1;
	out->plain[0] = (uint8_t)value;
	return true;
}

static bool read_backslash(
	struct ks_escape *out, struct ks_span text, size_t at)
{
	uint8_t letter = at + 1 < text.n ? text.p[at + 1] : 0;
	uint32_t value;

	if (letter == 'x' && read_hex(text, at + 2, 2, &value)) {
		out->n = 4;
		out->plain_n = 1;
		out->plain[0] = (uint8_t)value;
		return true;
	}
	if (letter != 'u' || !read_hex(text, at + 2, 4, &value))
		return false;
	out->n = 6;
	return put(out, value);
}

/* "#65;" or "#x41;" behind the '&' at ${at}. */
static bool read_number(struct ks_escape *out, struct ks_span text, size_t at)
{
	enum {
		DIGITS_MAX = 6
	};
	size_t i = at + 2;
	bool is_hex = i < text.n && (text.p[i] | 0x20) == 'x';
	uint32_t value = 0;
	size_t first;

	i += is_hex;
	for (first = i; i < text.n && i - first < DIGITS_MAX; i++) {
		int digit = hex_value(text.p[i]);

		if (digit < 0 || (!is_hex && digit > 9))
			break;
		value = value * (is_hex ? 16 : 10) + (uint32_t)digit;
	}
	if (i == first || i >= text.n || text.p[i] != ';')
		return false;
	out->n = i + 1 - at;
	return put(out, value);
}

static bool read_entity(struct ks_escape *out, struct ks_span text, size_t at)
{
	static const struct {
		const char *name;
		uint8_t byte;
	} names[] = { { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' },
		{ "&lt;", '<' }, { "&gt;", '>' } };
	struct ks_span rest = ks_span_cut(text, at, text.n);

	if (at + 1 < text.n && text.p[at + 1] == '#')
		return read_number(out, text, at);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!ks_span_starts(rest, names[i].name))
			continue;
		out->n = strlen(names[i].name);
		out->plain_n = 1;
		out->plain[0] = names[i].byte;
		return true;
	}
	return false;
}

bool ks_escape_read(struct ks_escape *out, struct ks_span text, size_t at)
{
	switch (text.p[at]) {
	case '%':
		out->kind = KS_ESCAPE_PERCENT;
		return read_percent(out, text, at);
	case '\\':
		out->kind = KS_ESCAPE_BACKSLASH;
		return read_backslash(out, text, at);
	case '&':
		out->kind = KS_ESCAPE_ENTITY;
		return read_entity(out, text, at);
	default:
		return false;
	}
}

static bool is_break(uint8_t byte)
{
	return byte <= ' ' || byte == '"' || byte == '\'' || byte == '`' ||
	       byte == '<' || byte == '>';
}

size_t ks_escape_stretch(
	struct ks_encoded_run *out, struct ks_span text, size_t at)
{
	size_t start = at;
	size_t end = at;

	while (start > 0 && at - start <= KS_ENCODED_STRETCH_MAX &&
		!is_break(text.p[start - 1]))
		start--;
	while (end < text.n && !is_break(text.p[end]))
		end++;
	*out = (struct ks_encoded_run){ start, end, KS_ENCODED_ESCAPES };
	return end;
}

static bool is_quote(uint8_t byte)
{
	return byte == '"' || byte == '\'' || byte == '`';
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static bool is_joint(uint8_t byte)
{
	return byte == '+' || byte == '.' || byte == '&' || byte == '\\';
}

/* Back over blanks and at most one joint to a quote; its place, or 0. */
static size_t quote_before(struct ks_span text, size_t start, size_t newline)
{
	size_t at = newline;
	bool has_joint = false;

	while (at > start) {
		uint8_t byte = text.p[at - 1];

		if (is_quote(byte))
			return at - 1 > start ? at - 1 : 0;
		if (is_joint(byte) && !has_joint)
			has_joint = true;
		else if (!is_blank(byte))
			return 0;
		at--;
	}
	return 0;
}

/* On over blanks and at most one joint to a quote; its place, or 0. */
static size_t quote_behind(struct ks_span text, size_t newline, size_t end)
{
	bool has_joint = false;

	for (size_t at = newline + 1; at < end; at++) {
		uint8_t byte = text.p[at];

		if (is_quote(byte))
			return at;
		if (is_joint(byte) && byte != '\\' && !has_joint)
			has_joint = true;
		else if (!is_blank(byte))
			return 0;
	}
	return 0;
}

bool ks_escape_may_join_lines(struct ks_span text, size_t newline)
{
	for (size_t n = 1; n <= newline; n++) {
		uint8_t byte = text.p[newline - n];

		if (n > KS_ENCODED_BLANKS_MAX || is_quote(byte) ||
			is_joint(byte))
			return true;
		if (!is_blank(byte))
			return false;
	}
	return false;
}

/*
 * Is what stands side by side once they are joined like a token? No line's
 * end is a digit: both are of the lines with these quotes.
 */
static bool joins_token(struct ks_span text, size_t gap, size_t next)
{
	enum {
		TOKEN_MIN = 16
	};
	size_t before = 0;
	size_t behind = 0;

	while (gap > before && ks_base64_is_digit(text.p[gap - before - 1]))
		before++;
	while (next + behind < text.n &&
		ks_base64_is_digit(text.p[next + behind]))
		behind++;
	return before > 1 && behind > 1 && before + behind >= TOKEN_MIN;
}

/* The two lines around ${newline}. False: they are too long. */
static bool lines_around(
	struct ks_encoded_run *out, struct ks_span text, size_t newline)
{
	const size_t most = KS_ENCODED_STRETCH_MAX;
	size_t from = newline > most ? newline - most : 0;
	size_t to = text.n - newline > most ? newline + most : text.n;
	const uint8_t *before = memrchr(text.p + from, '\n', newline - from);
	const uint8_t *behind =
		memchr(text.p + newline + 1, '\n', to - newline - 1);

	*out = (struct ks_encoded_run){
		.start = before ? (size_t)(before - text.p) + 1 : from,
		.end = behind ? (size_t)(behind - text.p) : to,
		.form = KS_ENCODED_JOINED,
	};
	return (before || from == 0) && (behind || to == text.n) &&
	       out->end - out->start <= most;
}

/* Most lines are told apart by what the next one begins with. */
bool ks_escape_joins_lines(
	struct ks_encoded_run *out, struct ks_span text, size_t newline)
{
	const size_t most = KS_ENCODED_STRETCH_MAX;
	size_t from = newline > most ? newline - most : 0;
	size_t to = text.n - newline > most ? newline + most : text.n;
	size_t next = quote_behind(text, newline, to);
	size_t gap = next ? quote_before(text, from, newline) : 0;

	return gap && joins_token(text, gap, next + 1) &&
	       lines_around(out, text, newline);
}

void ks_escape_gap(struct ks_span text, const struct ks_encoded_run *run,
	size_t *start, size_t *end)
{
	const uint8_t *newline =
		memchr(text.p + run->start, '\n', run->end - run->start);
	size_t at = (size_t)(newline - text.p);

	*start = quote_before(text, run->start, at);
	*end = quote_behind(text, at, run->end) + 1;
}
