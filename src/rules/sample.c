/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of rules: templates that become text when tested. */
#include "rules/sample.h"

#include <zlib.h>

#include "rules/charset.h"

struct expander {
	struct ks_buf *out;
	size_t start; /* of this sample in out */
	struct ks_span text;
	size_t at;
	uint64_t random; /* state of the generator */
	unsigned depth;
	struct ks_err *err;
};

/* What the checksums are made of, as offsets into the output. */
struct scope {
	size_t start; /* of the items of these braces or brackets */
	size_t drawn; /* behind the last "text" of them */
};

static int expand_items(struct expander *expander, const char *end);

static int wrong(const struct expander *expander, const char *why)
{
	return ks_fail(expander->err, KS_E_RULE, "sample: at byte %zu: %s",
		expander->at, why);
}

static uint8_t peek(const struct expander *expander)
{
	return expander->at < expander->text.n ? expander->text.p[expander->at]
					       : 0;
}

static bool accept(struct expander *expander, const char *word)
{
	if (!ks_span_starts(
		    ks_span_cut(expander->text, expander->at, expander->text.n),
		    word))
		return false;
	expander->at += strlen(word);
	return true;
}

static int put(struct expander *expander, const void *p, size_t n)
{
	if (expander->out->n - expander->start + n > KS_SAMPLE_MAX_BYTES)
		return wrong(expander, "the sample becomes too long");
	return ks_buf_add(expander->out, p, n) < 0
		       ? ks_fail_nomem(expander->err)
		       : KS_OK;
}

static int put_byte(struct expander *expander, uint8_t byte)
{
	return put(expander, &byte, 1);
}

/* SplitMix64: small, and good enough to look like a secret. */
static uint64_t draw(struct expander *expander)
{
	uint64_t x = expander->random += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint32_t draw_below(struct expander *expander, uint32_t bound)
{
	return (uint32_t)((draw(expander) >> 32) * bound >> 32);
}

static int hex_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 32;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static int put_escape(struct expander *expander)
{
	int high;
	int low;

	if (accept(expander, "n"))
		return put_byte(expander, '\n');
	if (accept(expander, "t"))
		return put_byte(expander, '\t');
	if (accept(expander, "\""))
		return put_byte(expander, '"');
	if (accept(expander, "\\"))
		return put_byte(expander, '\\');
	if (!accept(expander, "x") || expander->text.n - expander->at < 2)
		return wrong(expander, "an unknown escape");
	high = hex_digit(expander->text.p[expander->at]);
	low = hex_digit(expander->text.p[expander->at + 1]);
	if (high < 0 || low < 0)
		return wrong(expander, "expected two hex digits");
	expander->at += 2;
	return put_byte(expander, (uint8_t)(high << 4 | low));
}

/* The place is behind the opening quote. */
static int expand_text(struct expander *expander)
{
	int rc = KS_OK;

	while (rc == KS_OK && !accept(expander, "\"")) {
		if (expander->at == expander->text.n)
			return wrong(expander, "a text without its end");
		if (accept(expander, "\\"))
			rc = put_escape(expander);
		else
			rc = put_byte(
				expander, expander->text.p[expander->at++]);
	}
	return rc;
}

static int take_number(struct expander *expander, uint32_t *out)
{
	size_t from = expander->at;

	for (*out = 0; peek(expander) >= '0' && peek(expander) <= '9';
		expander->at++) {
		*out = *out * 10 + (uint32_t)(peek(expander) - '0');
		if (*out > KS_SAMPLE_MAX_BYTES)
			return wrong(expander, "a count that is too large");
	}
	return expander->at > from ? KS_OK
				   : wrong(expander, "expected a number");
}

/* {N} or {N,M}, if it is there: how many to draw. */
static int take_count(struct expander *expander, uint32_t *out)
{
	uint32_t most;
	int rc;

	*out = 1;
	if (!accept(expander, "{"))
		return KS_OK;
	rc = take_number(expander, out);
	most = *out;
	if (rc == KS_OK && accept(expander, ","))
		rc = take_number(expander, &most);
	if (rc < 0)
		return rc;
	if (!accept(expander, "}") || most < *out)
		return wrong(expander, "expected {N} or {N,M}");
	*out += draw_below(expander, most - *out + 1);
	return KS_OK;
}

/* The place is behind the '['. */
static int expand_class(struct expander *expander)
{
	struct ks_charset set;
	uint8_t members[256];
	uint32_t member_count = 0;
	uint32_t count;
	const char *why =
		ks_charset_parse(&set, expander->text, &expander->at, false);
	int rc;

	if (why)
		return wrong(expander, why);
	rc = take_count(expander, &count);
	for (unsigned byte = 0; byte < 256; byte++) {
		if (ks_charset_has(&set, byte))
			members[member_count++] = (uint8_t)byte;
	}
	if (rc == KS_OK && member_count == 0)
		return wrong(expander, "a class that nothing matches");
	while (rc == KS_OK && count-- > 0)
		rc = put_byte(
			expander, members[draw_below(expander, member_count)]);
	return rc;
}

/* ${value} in ${base}, exactly ${width} digits (16 at most). */
static int put_number(
	struct expander *expander, uint64_t value, unsigned base, size_t width)
{
	static const char small[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	static const char mixed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz";
	const char *digits = base > 36 ? mixed : small;
	char text[16];

	for (size_t i = width; i-- > 0; value /= base)
		text[i] = digits[value % base];
	return put(expander, text, width);
}

static uint32_t crc_from(const struct expander *expander, size_t from)
{
	const struct ks_buf *out = expander->out;

	return (uint32_t)crc32(crc32(0, NULL, 0),
		out->n > from ? out->p + from : (const uint8_t *)"",
		(uInt)(out->n - from));
}

static int put_gitlab_routable(
	struct expander *expander, const struct scope *scope)
{
	size_t length = expander->out->n - scope->drawn;
	int rc = put(expander, ".01.", 4);

	if (rc == KS_OK)
		rc = put_number(expander, length, 36, 2);
	if (rc == KS_OK)
		rc = put_number(
			expander, crc_from(expander, scope->start), 36, 7);
	return rc;
}

static int put_grafana(struct expander *expander, const struct scope *scope)
{
	uint32_t crc = __builtin_bswap32(crc_from(expander, scope->start));
	int rc = put_byte(expander, '_');

	return rc == KS_OK ? put_number(expander, crc, 16, 8) : rc;
}

static int put_base64(struct expander *expander, struct ks_span bytes,
	const char *last_two, bool is_padded)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789";
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < bytes.n; i += 3) {
		size_t left = bytes.n - i;
		uint32_t bits = (uint32_t)bytes.p[i] << 16;

		if (left > 1)
			bits |= (uint32_t)bytes.p[i + 1] << 8;
		if (left > 2)
			bits |= bytes.p[i + 2];
		for (size_t j = 0; rc == KS_OK && j < 4; j++) {
			uint32_t six = bits >> (18 - 6 * j) & 63;

			if (j <= left)
				rc = put_byte(expander,
					(uint8_t)(six < 62 ? digits[six]
							   : last_two[six -
								      62]));
			else if (is_padded)
				rc = put_byte(expander, '=');
		}
	}
	return rc;
}

enum encoding {
	BASE64,
	BASE64URL,
	HEX
};

/* Encode what stands behind ${from} in the output, in its place. */
static int encode(
	struct expander *expander, size_t from, enum encoding encoding)
{
	struct ks_buf plain = { 0 };
	int rc = KS_OK;

	if (ks_buf_add(&plain, expander->out->p + from,
		    expander->out->n - from) < 0)
		return ks_fail_nomem(expander->err);
	expander->out->n = from;
	if (encoding == HEX) {
		for (size_t i = 0; rc == KS_OK && i < plain.n; i++)
			rc = put_number(expander, plain.p[i], 16, 2);
	} else {
		rc = put_base64(expander, ks_buf_span(&plain),
			encoding == BASE64 ? "+/" : "-_", encoding == BASE64);
	}
	ks_buf_release(&plain);
	return rc;
}

/* The place is behind the '('. */
static int expand_encoded(struct expander *expander, enum encoding encoding)
{
	size_t from = expander->out->n;
	int rc;

	if (++expander->depth > KS_SAMPLE_MAX_DEPTH)
		return wrong(expander, "too many nested encodings");
	rc = expand_items(expander, ")");
	expander->depth--;
	if (rc < 0 || expander->out->n == from)
		return rc;
	return encode(expander, from, encoding);
}

static int expand_item(struct expander *expander, struct scope *scope)
{
	int rc;

	if (accept(expander, "\"")) {
		rc = expand_text(expander);
		scope->drawn = expander->out->n;
		return rc;
	}
	if (accept(expander, "["))
		return expand_class(expander);
	if (accept(expander, "base64("))
		return expand_encoded(expander, BASE64);
	if (accept(expander, "base64url("))
		return expand_encoded(expander, BASE64URL);
	if (accept(expander, "hex("))
		return expand_encoded(expander, HEX);
	if (accept(expander, "crc32_base62"))
		return put_number(
			expander, crc_from(expander, scope->drawn), 62, 6);
	if (accept(expander, "gitlab_routable"))
		return put_gitlab_routable(expander, scope);
	if (accept(expander, "grafana_crc32"))
		return put_grafana(expander, scope);
	return wrong(expander, "an unknown item");
}

/* Items up to ${end}, with spaces between them. */
static int expand_items(struct expander *expander, const char *end)
{
	struct scope scope = { expander->out->n, expander->out->n };

	for (;;) {
		int rc;

		while (peek(expander) == ' ' || peek(expander) == '\n')
			expander->at++;
		if (accept(expander, end))
			return KS_OK;
		if (expander->at == expander->text.n)
			return ks_fail(expander->err, KS_E_RULE,
				"sample: no '%s' at its end", end);
		rc = expand_item(expander, &scope);
		if (rc < 0)
			return rc;
	}
}

int ks_sample_expand(
	struct ks_buf *out, const char *text, uint64_t seed, struct ks_err *err)
{
	struct expander expander = {
		.out = out,
		.start = out->n,
		.text = ks_span_str(text),
		.random = seed,
		.err = err,
	};
	int rc = KS_OK;

	/* FNV-1a: two samples with one seed differ. */
	for (size_t i = 0; i < expander.text.n; i++)
		expander.random = (expander.random ^ expander.text.p[i]) *
				  UINT64_C(0x100000001b3);
	while (rc == KS_OK && expander.at < expander.text.n) {
		if (accept(&expander, "{{"))
			rc = expand_items(&expander, "}}");
		else
			rc = put_byte(
				&expander, expander.text.p[expander.at++]);
	}
	return rc;
}
