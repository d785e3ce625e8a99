/* SPDX-License-Identifier: Apache-2.0 */
/* What people write where a secret should be. */
#include "filter/placeholder.h"

#include "base/base64.h"
#include "filter/letters.h"
#include "filter/words.h"

enum {
	PASSWORD_MIN = 4, /* bytes; less protects nothing */
	/* Half bits: of random tokens one in 65,000 is so much like words. */
	WORDY_TOKEN_MIN = 32,
	DECODED_MIN = 6, /* bytes of a placeholder in base 64 */
	DECODED_MAX = 96,
	LONG_MIN = 48 /* bytes; from there on runs must be longer */
};

/*
 * The middle of the sample token that jwt.io shows ("sub":"1234567890",
 * "name":"John Doe"): it stands in more places than any real token.
 */
static const char jwt_sample[] = "JzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4g";

/*
 * *** and xxxx and ... and the ellipsis and bullets of UTF-8. In a long text
 * chance makes short runs, but it seldom ends in dots.
 */
bool ks_placeholder_is_masked(struct ks_span text, const struct ks_shape *shape)
{
	bool is_long = text.n > LONG_MIN;
	size_t run = 0;

	if (shape->run < 3 && !ks_shape_has(shape, (char)0xe2))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		run = i > 0 && byte == text.p[i - 1] ? run + 1 : 1;
		if (run >= (is_long ? 5u : 3u) && (byte == '*' || byte == '.'))
			return true;
		if (run >= (is_long ? 7u : 4u) &&
			(byte == 'x' || byte == 'X' || byte == '#' ||
				byte == '?'))
			return true;
		if (byte == 0xe2 && text.n - i >= 3 && text.p[i + 1] == 0x80 &&
			(text.p[i + 2] == 0xa6 || text.p[i + 2] == 0xa2))
			return true;
	}
	return run >= 3 && text.p[text.n - 1] == '.';
}

static bool is_wordy_token(struct ks_span text, const struct ks_shape *shape)
{
	struct ks_letters letters;

	/* A token that is a URL has words, and a secret at its end. */
	if (ks_shape_letters(shape) * 10 < text.n * 7 ||
		memmem(text.p, text.n, "://", 3))
		return false;
	letters = ks_letters_of(text);
	return letters.gain >= WORDY_TOKEN_MIN &&
	       letters.letters >= 4 * letters.pieces &&
	       ks_letters_are_words(&letters);
}

bool ks_placeholder_is_token(struct ks_span text, const struct ks_shape *shape)
{
	return ks_words_have_marker(text) ||
	       ks_placeholder_is_masked(text, shape) ||
	       is_wordy_token(text, shape) ||
	       memmem(text.p, text.n, jwt_sample, sizeof(jwt_sample) - 1);
}

/*
 * The base 64 of a placeholder, alone or behind "user:". That random digits
 * decode to printable characters alone has a chance of 0.37 a byte.
 */
static bool is_encoded_filler(struct ks_span text)
{
	uint8_t bytes[DECODED_MAX + 1];
	size_t n = ks_base64_head(bytes, sizeof(bytes), text);
	const uint8_t *colon;
	struct ks_span inner;

	if (n < DECODED_MIN || n > DECODED_MAX || n * 4 / 3 + 3 < text.n)
		return false;
	while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
		n--;
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] < 0x20 || bytes[i] > 0x7e)
			return false;
	}
	colon = memchr(bytes, ':', n);
	inner = colon ? ks_span_of(colon + 1, (size_t)(bytes + n - colon) - 1)
		      : ks_span_of(bytes, n);
	return inner.n == 0 || ks_words_are_filler(inner) ||
	       ks_words_have_marker(inner);
}

bool ks_placeholder_is_password(
	struct ks_span text, const struct ks_shape *shape)
{
	if (text.n < PASSWORD_MIN)
		return true;
	/* Symbols and dots alone: "----", "_ _". */
	if (ks_shape_letters(shape) == 0 &&
		shape->counts[KS_CLASS_DIGIT] == 0 &&
		shape->counts[KS_CLASS_OTHER] == 0 && shape->distinct < 4)
		return true;
	return ks_words_have_marker(text) ||
	       ks_placeholder_is_masked(text, shape) ||
	       ks_words_are_filler(text) || is_encoded_filler(text);
}
