/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 and hex digits to bytes, and back: RFC 4648. */
#include "base/base64.h"

/* What a byte is, as the table has it: a digit has its value plus one. */
enum {
	NONE = 0,
	VALUE_MAX = 64,
	PLUS = 63,
	SLASH = 64,
	MINUS = 65,
	UNDERSCORE = 66,
	SPACE = 67
};

/* clang-format off */
static const uint8_t digits[256] = {
	['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
	14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
	['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
	40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
	['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
	['+'] = PLUS, ['/'] = SLASH, ['-'] = MINUS, ['_'] = UNDERSCORE,
	[' '] = SPACE, ['\t'] = SPACE, ['\n'] = SPACE, ['\r'] = SPACE,
};
/* clang-format on */

/* The value of ${byte} in either alphabet, or -1. */
static int value_of(uint8_t byte)
{
	unsigned digit = digits[byte];

	if (digit == NONE || digit == SPACE)
		return -1;
	return (int)(digit > VALUE_MAX ? digit - 3 : digit - 1);
}

static bool fits(uint8_t byte, enum ks_base64_form form)
{
	unsigned digit = digits[byte];

	if (form == KS_BASE64_LENIENT)
		return true;
	if (digit == PLUS || digit == SLASH)
		return form == KS_BASE64_STRICT;
	if (digit == MINUS || digit == UNDERSCORE)
		return form == KS_BASE64_URL;
	return true;
}

/* Padding and what surrounds it: everything from the first '=' on. */
static bool is_padding(
	struct ks_span tail, size_t digit_count, enum ks_base64_form form)
{
	size_t pads = 0;

	for (size_t i = 0; i < tail.n; i++) {
		if (tail.p[i] == '=')
			pads++;
		else if (form != KS_BASE64_LENIENT ||
			 digits[tail.p[i]] != SPACE)
			return false;
	}
	if (digit_count % 4 == 1)
		return false;
	if (form == KS_BASE64_STRICT || pads > 0)
		return pads == (4 - digit_count % 4) % 4;
	return true;
}

static int decode(
	struct ks_buf *out, struct ks_span text, enum ks_base64_form form)
{
	uint32_t bits = 0;
	size_t count = 0;
	size_t i = 0;

	for (; i < text.n && text.p[i] != '='; i++) {
		int value = value_of(text.p[i]);

		if (value < 0 && form == KS_BASE64_LENIENT &&
			digits[text.p[i]] == SPACE)
			continue;
		if (value < 0 || !fits(text.p[i], form))
			return KS_E_CORRUPT;
		bits = bits << 6 | (uint32_t)value;
		/* The first digit of four completes no byte. */
		if (count % 4 != 0)
			out->p[out->n++] =
				(uint8_t)(bits >> (6 - count % 4 * 2));
		count++;
	}
	if (!is_padding(ks_span_cut(text, i, text.n), count, form))
		return KS_E_CORRUPT;
	if (form != KS_BASE64_LENIENT && count % 4 != 0 &&
		(bits & (count % 4 == 2 ? 15u : 3u)) != 0)
		return KS_E_CORRUPT;
	return KS_OK;
}

int ks_base64_decode(
	struct ks_buf *out, struct ks_span text, enum ks_base64_form form)
{
	size_t old = out->n;
	int rc;

	if (text.n / 4 * 3 + 3 > SIZE_MAX - old ||
		ks_buf_reserve(out, old + text.n / 4 * 3 + 3) < 0)
		return KS_E_NOMEM;
	rc = decode(out, text, form);
	if (rc < 0)
		out->n = old;
	return rc;
}

size_t ks_base64_head(uint8_t *out, size_t cap, struct ks_span text)
{
	uint32_t bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < cap; i++) {
		int value = value_of(text.p[i]);

		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4 != 0)
			out[n++] = (uint8_t)(bits >> (6 - i % 4 * 2));
	}
	return n;
}

bool ks_base64_is_digit(uint8_t byte)
{
	return value_of(byte) >= 0;
}

static int hex_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

int ks_base64_decode_hex(struct ks_buf *out, struct ks_span text)
{
	size_t old = out->n;

	if (text.n % 2 != 0)
		return KS_E_CORRUPT;
	if (text.n / 2 > SIZE_MAX - old ||
		ks_buf_reserve(out, old + text.n / 2) < 0)
		return KS_E_NOMEM;
	for (size_t i = 0; i < text.n; i += 2) {
		int high = hex_digit(text.p[i]);
		int low = hex_digit(text.p[i + 1]);

		if (high < 0 || low < 0) {
			out->n = old;
			return KS_E_CORRUPT;
		}
		out->p[out->n++] = (uint8_t)(high << 4 | low);
	}
	return KS_OK;
}

int ks_base64_encode(struct ks_buf *out, struct ks_span bytes)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	int rc = 0;

	for (size_t i = 0; i < bytes.n && !rc; i += 3) {
		size_t n = bytes.n - i < 3 ? bytes.n - i : 3;
		uint32_t word = (uint32_t)bytes.p[i] << 16;
		char four[4];

		if (n > 1)
			word |= (uint32_t)bytes.p[i + 1] << 8;
		if (n > 2)
			word |= bytes.p[i + 2];
		for (size_t k = 0; k < 4; k++)
			four[k] = k <= n ? alphabet[word >> (18 - 6 * k) & 63]
					 : '=';
		rc = ks_buf_add(out, four, sizeof(four));
	}
	return rc;
}
