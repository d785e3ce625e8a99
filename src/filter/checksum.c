/* SPDX-License-Identifier: Apache-2.0 */
/* Token forms that can be told from chance without asking anybody. */
#include "base/base64.h"
#include "filter/embedded.h"
#include "filter/pem.h"

#include <jansson.h>
#include <zlib.h>

enum {
	JSON_TEXT_MAX = 1 << 20, /* bytes of a token that is decoded */
	CRC_BASE62 = 6,          /* digits */
	CRC_BASE36 = 7,
	CRC_HEX = 8,
	GITLAB_LENGTH = 2, /* digits of the payload's length */
	PYPI_MIN = 44      /* bytes: header and the signature */
};

static uint32_t crc_of(struct ks_span span)
{
	uLong crc = crc32(0, NULL, 0);

	/* No token is that long; a cast must not cut it. */
	if (span.n > UINT32_MAX / 2)
		return 0;
	return (uint32_t)crc32(crc, span.p, (uInt)span.n);
}

/* The digits in the order 0-9 A-Z a-z. */
static int base62_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A' + 10;
	return byte >= 'a' && byte <= 'z' ? byte - 'a' + 36 : -1;
}

static int base36_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte >= 'a' && byte <= 'z' ? byte - 'a' + 10 : -1;
}

/* Ten digits at most, so that it cannot overflow. */
static bool parse_number(uint64_t *out, struct ks_span digits, unsigned base,
	int (*digit_of)(uint8_t))
{
	*out = 0;
	for (size_t i = 0; i < digits.n; i++) {
		int digit = digit_of(digits.p[i]);

		if (digit < 0)
			return false;
		*out = *out * base + (unsigned)digit;
	}
	return true;
}

/*
 * GitHub: three letters, "_", random characters, then their CRC32 as six
 * digits of base 62 with leading zeros; npm the same. From "Behind GitHub's
 * new authentication token formats" (github.blog, 2021); that the CRC is of
 * the random part alone and that digits come before capitals can be seen on
 * any token that was published after it was revoked.
 */
static bool is_github(struct ks_span token)
{
	const uint8_t *bar = memrchr(token.p, '_', token.n);
	struct ks_span random;
	struct ks_span digits;
	uint64_t crc;

	if (!bar)
		return false;
	random = ks_span_cut(token, (size_t)(bar - token.p) + 1, token.n);
	if (random.n <= CRC_BASE62)
		return false;
	digits = ks_span_cut(random, random.n - CRC_BASE62, random.n);
	random.n -= CRC_BASE62;
	return parse_number(&crc, digits, 62, base62_digit) &&
	       crc == crc_of(random);
}

/*
 * GitLab's routable tokens: prefix, payload in base64url, ".", "01." (not in
 * the first ones), the payload's length as two digits of base 36, then the
 * CRC32 of all that as seven. From "Cells: Routable Tokens" in the GitLab
 * handbook.
 */
static bool is_gitlab_routable(struct ks_span token)
{
	const uint8_t *dot = memchr(token.p, '.', token.n);
	size_t end = token.n - (GITLAB_LENGTH + CRC_BASE36);
	size_t payload;
	uint64_t length;
	uint64_t crc;

	if (!dot || token.n < GITLAB_LENGTH + CRC_BASE36 + 1 ||
		token.p[end - 1] != '.')
		return false;
	payload = (size_t)(dot - token.p);
	if (!parse_number(&length, ks_span_cut(token, end, end + GITLAB_LENGTH),
		    36, base36_digit) ||
		!parse_number(&crc,
			ks_span_cut(token, end + GITLAB_LENGTH, token.n), 36,
			base36_digit))
		return false;
	/* A prefix stands before the payload, at least "x-". */
	return length < payload &&
	       crc == crc_of(ks_span_cut(token, 0, end + GITLAB_LENGTH));
}

/*
 * Grafana's service accounts: "glsa_", 32 characters, "_", then the CRC32 of
 * all before that, its four bytes in hex from the lowest. From grafana's
 * package satokengen.
 */
static bool is_grafana(struct ks_span token)
{
	static const char hex[] = "0123456789abcdef";
	size_t end = token.n - CRC_HEX;
	uint32_t crc;

	if (token.n < CRC_HEX + 2 || token.p[end - 1] != '_')
		return false;
	crc = crc_of(ks_span_cut(token, 0, end - 1));
	for (size_t i = 0; i < CRC_HEX; i += 2, crc >>= 8) {
		if (token.p[end + i] != (uint8_t)hex[crc >> 4 & 15] ||
			token.p[end + i + 1] != (uint8_t)hex[crc & 15])
			return false;
	}
	return true;
}

/*
 * PyPI: "pypi-", then a macaroon in base64url: version 2, field 1 (location),
 * its length and "pypi.org" or "test.pypi.org". From libmacaroons'
 * doc/format.txt.
 */
static bool is_pypi(struct ks_span token)
{
	static const char *const headers[] = { "\x02\x01\x08pypi.org",
		"\x02\x01\x0dtest.pypi.org" };
	uint8_t head[64];
	size_t n;

	if (!ks_span_starts(token, "pypi-"))
		return false;
	token = ks_span_cut(token, 5, token.n);
	n = ks_base64_head(head, sizeof(head), token);
	if (n < PYPI_MIN)
		return false;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		if (ks_span_starts(ks_span_of(head, n), headers[i]))
			return true;
	}
	return false;
}

/*
 * Is ${text} the base64 of a JSON object, with a string ${member} unless that
 * is NULL? True when memory ran out: what cannot be checked stays a secret.
 */
static bool is_json_object(struct ks_span text, const char *member)
{
	struct ks_buf bytes = { 0 };
	json_t *root = NULL;
	int rc = KS_E_CORRUPT;
	bool is_object;

	if (text.n <= JSON_TEXT_MAX)
		rc = ks_base64_decode(&bytes, text, KS_BASE64_LENIENT);
	if (rc == KS_OK)
		root = json_loadb((const char *)bytes.p, bytes.n, 0, NULL);
	is_object = json_is_object(root) &&
		    (!member || json_is_string(json_object_get(root, member)));
	json_decref(root);
	ks_buf_release(&bytes);
	return is_object || rc == KS_E_NOMEM;
}

/* RFC 7519: two JSON objects, the first with `alg`, and a signature. */
static bool is_jwt(struct ks_span token)
{
	const uint8_t *end = token.p + token.n;
	const uint8_t *first = memchr(token.p, '.', token.n);
	const uint8_t *second;
	struct ks_span payload;

	if (!first)
		return false;
	first++;
	second = memchr(first, '.', (size_t)(end - first));
	payload = ks_span_of(first, (size_t)((second ? second : end) - first));
	return is_json_object(
		       ks_span_of(token.p, (size_t)(first - token.p) - 1),
		       "alg") &&
	       is_json_object(payload, NULL);
}

static bool is_paseto(struct ks_span token)
{
	struct ks_buf claims = { 0 };
	bool is_one = ks_embedded_paseto(&claims, token);

	ks_buf_release(&claims);
	return is_one;
}

bool ks_checksum_ok(enum ks_checksum checksum, struct ks_span secret)
{
	if (secret.n == 0)
		return checksum == KS_CHECKSUM_NONE;
	switch (checksum) {
	case KS_CHECKSUM_GITHUB:
	case KS_CHECKSUM_NPM:
		return is_github(secret);
	case KS_CHECKSUM_GITLAB_ROUTABLE:
		return is_gitlab_routable(secret);
	case KS_CHECKSUM_GRAFANA:
		return is_grafana(secret);
	case KS_CHECKSUM_JWT:
		return is_jwt(secret);
	case KS_CHECKSUM_PYPI:
		return is_pypi(secret);
	case KS_CHECKSUM_PEM:
		return ks_pem_kind(secret) != KS_PEM_NONE;
	case KS_CHECKSUM_BASE64_JSON:
		return is_json_object(ks_embedded_json(secret), NULL);
	case KS_CHECKSUM_PASETO:
		return is_paseto(secret);
	case KS_CHECKSUM_DISCORD:
		return ks_embedded_discord(secret) != 0;
	case KS_CHECKSUM_NONE:
	case KS_CHECKSUM_COUNT:
		break;
	}
	return true;
}
