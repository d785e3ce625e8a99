/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of bytes: what one position of a pattern can be. */
#include "rules/charset.h"

void ks_charset_add_range(struct ks_charset *set, unsigned from, unsigned to)
{
	for (unsigned byte = from; byte <= to; byte++)
		ks_charset_add(set, byte);
}

void ks_charset_add_set(struct ks_charset *set, const struct ks_charset *other)
{
	for (size_t i = 0; i < 4; i++)
		set->bits[i] |= other->bits[i];
}

void ks_charset_negate(struct ks_charset *set)
{
	for (size_t i = 0; i < 4; i++)
		set->bits[i] = ~set->bits[i];
}

void ks_charset_fold(struct ks_charset *set)
{
	for (unsigned upper = 'A'; upper <= 'Z'; upper++) {
		unsigned lower = upper + 32;

		if (ks_charset_has(set, upper))
			ks_charset_add(set, lower);
		else if (ks_charset_has(set, lower))
			ks_charset_add(set, upper);
	}
}

unsigned ks_charset_count(const struct ks_charset *set)
{
	int n = 0;

	for (size_t i = 0; i < 4; i++)
		n += __builtin_popcountll(set->bits[i]);
	return (unsigned)n;
}

unsigned ks_charset_first(const struct ks_charset *set)
{
	unsigned byte = 0;

	while (byte < 255 && !ks_charset_has(set, byte))
		byte++;
	return byte;
}

/* A class as ranges: pairs of first and last byte. */
struct class_name {
	const char *name;
	const char *ranges;
	size_t range_count;
};

#define RANGES(text) text, (sizeof(text) - 1) / 2

static void add_ranges(struct ks_charset *set, const struct class_name *from)
{
	for (size_t i = 0; i < from->range_count; i++)
		ks_charset_add_range(set, (uint8_t)from->ranges[2 * i],
			(uint8_t)from->ranges[2 * i + 1]);
}

bool ks_charset_escape(struct ks_charset *out, char letter)
{
	static const struct class_name classes[] = {
		{ "d", RANGES("09") },
		{ "w", RANGES("09AZ__az") },
		{ "s", RANGES("\t\r  ") },
		{ "h", RANGES("\t\t  \xa0\xa0") },
		{ "v", RANGES("\n\r\x85\x85") },
	};
	char lower = (char)(letter | 32);

	*out = (struct ks_charset){ { 0 } };
	if (letter == 'N') {
		ks_charset_add(out, '\n');
		ks_charset_negate(out);
		return true;
	}
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].name[0] != lower)
			continue;
		add_ranges(out, &classes[i]);
		if (letter != lower)
			ks_charset_negate(out);
		return true;
	}
	return false;
}

/* ${name} is what stands between "[:" and ":]". */
static bool add_posix(
	struct ks_charset *out, struct ks_span name, bool caseless)
{
	static const struct class_name classes[] = {
		{ "alnum", RANGES("09AZaz") },
		{ "alpha", RANGES("AZaz") },
		{ "ascii", RANGES("\0\x7f") },
		{ "blank", RANGES("\t\t  ") },
		{ "cntrl", RANGES("\0\x1f\x7f\x7f") },
		{ "digit", RANGES("09") },
		{ "graph", RANGES("!~") },
		{ "lower", RANGES("az") },
		{ "print", RANGES(" ~") },
		{ "punct", RANGES("!/:@[`{~") },
		{ "space", RANGES("\t\r  ") },
		{ "upper", RANGES("AZ") },
		{ "word", RANGES("09AZ__az") },
		{ "xdigit", RANGES("09AFaf") },
	};
	struct ks_charset set = { { 0 } };
	bool is_negated = name.n > 0 && name.p[0] == '^';

	if (is_negated)
		name = ks_span_cut(name, 1, name.n);
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (!ks_span_eq(name, ks_span_str(classes[i].name)))
			continue;
		add_ranges(&set, &classes[i]);
		/* Folded before it is negated: [:^upper:] has no letters. */
		if (caseless)
			ks_charset_fold(&set);
		if (is_negated)
			ks_charset_negate(&set);
		ks_charset_add_set(out, &set);
		return true;
	}
	return false;
}

static int digit_of(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 32;
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return 16;
}

/* Up to ${most} digits of ${base}; the value, or 256 if it is no byte. */
static unsigned number(
	struct ks_span text, size_t *at, int base, size_t most, size_t *count)
{
	unsigned value = 0;

	*count = 0;
	while (*count < most && *at < text.n) {
		int digit = digit_of(text.p[*at]);

		if (digit >= base)
			break;
		value = value * (unsigned)base + (unsigned)digit;
		if (value > 255)
			value = 256;
		++*at;
		++*count;
	}
	return value;
}

/* \xHH, \x{HH}, \o{OOO} and \0OO; 256: none of them, or no byte. */
static unsigned numeric_escape(struct ks_span text, size_t *at, char letter)
{
	int base = letter == 'x' ? 16 : 8;
	bool is_braced = *at < text.n && text.p[*at] == '{' && letter != '0';
	size_t count;
	unsigned value;

	if (letter == 'o' && !is_braced)
		return 256;
	*at += is_braced;
	value = number(text, at, base, is_braced ? 8 : 2, &count);
	if (!is_braced)
		return value;
	if (count == 0 || *at >= text.n || text.p[*at] != '}')
		return 256;
	++*at;
	return value;
}

static unsigned byte_of_escape(
	struct ks_span text, size_t *at, char letter, bool in_class)
{
	static const char letters[] = "aefnrt";
	static const char bytes[] = "\a\033\f\n\r\t";
	const char *found = letter ? strchr(letters, letter) : NULL;

	if (found)
		return (uint8_t)bytes[found - letters];
	if (letter == 'b' && in_class)
		return '\b';
	if (letter == 'x' || letter == 'o' || letter == '0')
		return numeric_escape(text, at, letter);
	if ((letter >= '1' && letter <= '9') ||
		((letter | 32) >= 'a' && (letter | 32) <= 'z'))
		return 256;
	return (uint8_t)letter;
}

bool ks_charset_parse_escape(struct ks_charset *out, bool *is_class,
	struct ks_span text, size_t *at, bool in_class)
{
	unsigned byte;
	char letter;

	if (*at >= text.n)
		return false;
	letter = (char)text.p[(*at)++];
	/* \N{...} names a character, and \N is no class between brackets. */
	if (letter == 'N' && (in_class || (*at < text.n && text.p[*at] == '{')))
		return false;
	*is_class = ks_charset_escape(out, letter);
	if (*is_class)
		return true;
	byte = byte_of_escape(text, at, letter, in_class);
	if (byte > 255)
		return false;
	ks_charset_add(out, byte);
	return true;
}

/* One element between brackets: a byte, an escape or a [:class:]. */
static const char *parse_element(struct ks_charset *out, bool *is_class,
	struct ks_span text, size_t *at, bool caseless)
{
	size_t from = *at + 2;
	size_t end = from;

	*out = (struct ks_charset){ { 0 } };
	*is_class = false;
	if (text.p[*at] == '\\') {
		++*at;
		return ks_charset_parse_escape(out, is_class, text, at, true)
			       ? NULL
			       : "an escape that is not supported in a class";
	}
	if (text.p[*at] == '[' && *at + 1 < text.n && text.p[*at + 1] == ':') {
		while (end < text.n && text.p[end] != ':' && text.p[end] != ']')
			end++;
		if (end + 1 < text.n && text.p[end] == ':' &&
			text.p[end + 1] == ']') {
			*is_class = true;
			*at = end + 2;
			return add_posix(out, ks_span_cut(text, from, end),
				       caseless)
				       ? NULL
				       : "an unknown [:class:]";
		}
	}
	ks_charset_add(out, text.p[(*at)++]);
	return NULL;
}

/* The rest of a range whose first byte is in ${out}; ${at} is at the '-'. */
static const char *parse_range_end(
	struct ks_charset *out, struct ks_span text, size_t *at)
{
	unsigned from = ks_charset_first(out);
	struct ks_charset last;
	const char *why;
	bool is_class;

	++*at;
	why = parse_element(&last, &is_class, text, at, false);
	if (why)
		return why;
	if (is_class || ks_charset_first(&last) < from)
		return "a range that does not end with a later character";
	ks_charset_add_range(out, from, ks_charset_first(&last));
	return NULL;
}

const char *ks_charset_parse(
	struct ks_charset *out, struct ks_span text, size_t *at, bool caseless)
{
	bool is_negated = *at < text.n && text.p[*at] == '^';
	bool is_first = true;

	*out = (struct ks_charset){ { 0 } };
	*at += is_negated;
	for (;; is_first = false) {
		struct ks_charset element;
		bool is_class;
		const char *why;

		if (*at >= text.n)
			return "a class without ']'";
		if (text.p[*at] == ']' && !is_first)
			break;
		why = parse_element(&element, &is_class, text, at, caseless);
		if (!why && !is_class && *at + 1 < text.n &&
			text.p[*at] == '-' && text.p[*at + 1] != ']')
			why = parse_range_end(&element, text, at);
		if (why)
			return why;
		ks_charset_add_set(out, &element);
	}
	++*at;
	if (caseless)
		ks_charset_fold(out);
	if (is_negated)
		ks_charset_negate(out);
	return NULL;
}
