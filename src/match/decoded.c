/* SPDX-License-Identifier: Apache-2.0 */
/* What encoded text stands for, and where each byte of it came from. */
#include "match/decoded.h"

#include "base/array.h"
#include "base/base64.h"
#include "match/escape.h"
#include "match/gunzip.h"

#include <stdlib.h>

enum {
	GUNZIP_MAX = 8 << 20 /* bytes */
};

static int add_part(struct ks_decoded *out, size_t raw, uint8_t plain_unit,
	uint8_t raw_unit)
{
	if (ks_array_reserve(&out->parts, &out->part_cap, out->part_count + 1,
		    sizeof(*out->parts)) < 0)
		return KS_E_NOMEM;
	out->parts[out->part_count++] = (struct ks_decoded_part){ out->bytes.n,
		raw, plain_unit, raw_unit };
	return KS_OK;
}

static bool is_plain(uint8_t byte)
{
	return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\r' ||
	       byte == '\t';
}

/* A few other bytes may be among them, not at once. */
static bool is_text(struct ks_span bytes)
{
	size_t odd = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		odd += !is_plain(bytes.p[i]);
		if (odd > i / 8)
			return false;
	}
	return true;
}

/* A NUL in every second place, at the odd ones or at the even. */
static bool is_utf16(struct ks_span bytes)
{
	enum {
		ENOUGH = 64
	};
	size_t n = bytes.n < ENOUGH ? bytes.n : ENOUGH;
	size_t nuls[2] = { 0, 0 };

	for (size_t i = 0; i < n; i++)
		nuls[i % 2] += bytes.p[i] == 0;
	return n >= 2 * KS_UTF16_RUN_MIN && (!nuls[0] || !nuls[1]) &&
	       nuls[0] + nuls[1] >= n / 2 - 2;
}

static bool is_wanted(struct ks_span bytes)
{
	return is_text(bytes) || is_utf16(bytes);
}

/* Digits of base64 by chance seldom give even a few bytes of text. */
static bool begins_well(struct ks_span digits)
{
	uint8_t head[8];
	size_t n = ks_base64_head(head, sizeof(head), digits);

	return is_text(ks_span_of(head, n)) ||
	       (n == sizeof(head) &&
		       (head[0] == 0 || head[1] == 0 || head[0] == 0xff ||
			       head[0] == 0xfe));
}

static bool is_hex(struct ks_span digits)
{
	for (size_t i = 0; i < digits.n; i++) {
		uint8_t byte = digits.p[i];
		uint8_t letter = byte | 0x20;

		if (!(byte >= '0' && byte <= '9') &&
			!(letter >= 'a' && letter <= 'f'))
			return false;
	}
	return digits.n % 2 == 0;
}

/* What is compressed, which makes digits of base64 of it that say so. */
static int make_from_gzip(struct ks_decoded *out, struct ks_span digits)
{
	struct ks_buf packed = { 0 };
	int rc = ks_base64_decode(&packed, digits, KS_BASE64_LENIENT);

	if (rc == KS_OK)
		rc = ks_gunzip(&out->bytes, ks_buf_span(&packed), GUNZIP_MAX);
	if (rc == KS_OK && !is_wanted(ks_buf_span(&out->bytes)))
		rc = KS_E_NOTFOUND;
	out->encoding = KS_ENCODING_GZIP;
	out->whole = digits.n;
	ks_buf_release(&packed);
	return rc == KS_E_NOMEM || rc == KS_E_LIMIT || rc == KS_OK
		       ? rc
		       : KS_E_NOTFOUND;
}

static bool is_gzip(struct ks_span digits)
{
	uint8_t head[8];
	size_t n = ks_base64_head(head, sizeof(head), digits);

	return ks_gunzip_is(ks_span_of(head, n));
}

static int make_from_digits(
	struct ks_decoded *out, struct ks_span digits, size_t raw)
{
	int rc;

	if (is_hex(digits)) {
		out->encoding = KS_ENCODING_HEX;
		if (add_part(out, raw, 1, 2) < 0)
			return KS_E_NOMEM;
		rc = ks_base64_decode_hex(&out->bytes, digits);
		if (rc == KS_E_NOMEM)
			return rc;
		if (rc == KS_OK && is_wanted(ks_buf_span(&out->bytes)))
			return KS_OK;
	}
	ks_buf_reset(&out->bytes);
	out->part_count = 0;
	if (digits.p[0] == 'H' && is_gzip(digits))
		return add_part(out, raw, 1, 1) < 0
			       ? KS_E_NOMEM
			       : make_from_gzip(out, digits);
	if (!begins_well(digits))
		return KS_E_NOTFOUND;
	out->encoding = KS_ENCODING_BASE64;
	if (add_part(out, raw, 3, 4) < 0)
		return KS_E_NOMEM;
	rc = ks_base64_decode(&out->bytes, digits, KS_BASE64_LENIENT);
	if (rc == KS_OK && is_wanted(ks_buf_span(&out->bytes)))
		return KS_OK;
	return rc == KS_E_NOMEM ? rc : KS_E_NOTFOUND;
}

static enum ks_encoding encoding_of(enum ks_escape_kind kind)
{
	switch (kind) {
	case KS_ESCAPE_PERCENT:
		return KS_ENCODING_PERCENT;
	case KS_ESCAPE_BACKSLASH:
		return KS_ENCODING_ESCAPE;
	default:
		return KS_ENCODING_ENTITY;
	}
}

/* Escapes of what is no text stay as they are: printf's "%02x" is none. */
static int make_from_escapes(struct ks_decoded *out, struct ks_span text,
	const struct ks_encoded_run *run)
{
	struct ks_span rest = ks_span_cut(text, 0, run->end);
	size_t done = run->start;

	for (size_t at = run->start; at < run->end;) {
		struct ks_escape escape;

		if (!ks_escape_read(&escape, rest, at) ||
			(escape.plain_n == 1 && !is_plain(escape.plain[0]))) {
			at++;
			continue;
		}
		if (add_part(out, done, 1, 1) < 0 ||
			ks_buf_add(&out->bytes, text.p + done, at - done) < 0 ||
			add_part(out, at, (uint8_t)escape.plain_n,
				(uint8_t)escape.n) < 0 ||
			ks_buf_add(&out->bytes, escape.plain, escape.plain_n) <
				0)
			return KS_E_NOMEM;
		out->encoding = encoding_of(escape.kind);
		at += escape.n;
		done = at;
	}
	if (done == run->start)
		return KS_E_NOTFOUND;
	if (add_part(out, done, 1, 1) < 0 ||
		ks_buf_add(&out->bytes, text.p + done, run->end - done) < 0)
		return KS_E_NOMEM;
	return KS_OK;
}

static int make_from_lines(struct ks_decoded *out, struct ks_span text,
	const struct ks_encoded_run *run)
{
	size_t gap;
	size_t next;

	ks_escape_gap(text, run, &gap, &next);
	out->encoding = KS_ENCODING_JOINED;
	if (add_part(out, run->start, 1, 1) < 0 ||
		ks_buf_add(&out->bytes, text.p + run->start, gap - run->start) <
			0 ||
		add_part(out, next, 1, 1) < 0 ||
		ks_buf_add(&out->bytes, text.p + next, run->end - next) < 0)
		return KS_E_NOMEM;
	return KS_OK;
}

static void reset(struct ks_decoded *out)
{
	ks_buf_reset(&out->bytes);
	out->part_count = 0;
	out->whole = 0;
}

int ks_decoded_make(struct ks_decoded *out, struct ks_span text,
	const struct ks_encoded_run *run)
{
	reset(out);
	switch (run->form) {
	case KS_ENCODED_DIGITS:
		return make_from_digits(out,
			ks_span_cut(text, run->start, run->end), run->start);
	case KS_ENCODED_ESCAPES:
		return make_from_escapes(out, text, run);
	default:
		return make_from_lines(out, text, run);
	}
}

int ks_decoded_make_utf16(struct ks_decoded *out, struct ks_span text,
	const struct ks_utf16_run *run)
{
	reset(out);
	out->encoding = KS_ENCODING_UTF16;
	if (add_part(out, run->start, 1, 2) < 0)
		return KS_E_NOMEM;
	return ks_utf16_decode(&out->bytes, text, run);
}

/* The last part that begins at or before ${plain}. */
static const struct ks_decoded_part *part_at(
	const struct ks_decoded *decoded, size_t plain)
{
	size_t low = 0;
	size_t high = decoded->part_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (decoded->parts[middle].plain <= plain)
			low = middle;
		else
			high = middle;
	}
	return &decoded->parts[low];
}

size_t ks_decoded_start(const struct ks_decoded *decoded, size_t plain)
{
	const struct ks_decoded_part *part = part_at(decoded, plain);
	size_t n = plain - part->plain;

	if (decoded->whole)
		return part->raw;
	return part->raw + n / part->plain_unit * part->raw_unit +
	       n % part->plain_unit * part->raw_unit / part->plain_unit;
}

size_t ks_decoded_end(const struct ks_decoded *decoded, size_t plain)
{
	const struct ks_decoded_part *part = part_at(decoded, plain);
	size_t n = plain + 1 - part->plain;

	if (decoded->whole)
		return part->raw + decoded->whole;
	return part->raw + n / part->plain_unit * part->raw_unit +
	       (n % part->plain_unit * part->raw_unit + part->plain_unit - 1) /
		       part->plain_unit;
}

void ks_decoded_release(struct ks_decoded *decoded)
{
	ks_buf_release(&decoded->bytes);
	free(decoded->parts);
	*decoded = (struct ks_decoded){ 0 };
}

const char *ks_encoding_name(enum ks_encoding encoding)
{
	static const char *const names[KS_ENCODING_COUNT] = { "", "base64",
		"hex", "percent", "escape", "entity", "joined", "utf-16",
		"base64>gzip" };

	return names[encoding];
}
