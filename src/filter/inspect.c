/* SPDX-License-Identifier: Apache-2.0 */
/* What a token tells by itself. */
#include "base/base64.h"
#include "filter/filter.h"

#include <jansson.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

enum {
	DECODED_MAX = 1 << 20, /* bytes of a token that is decoded */
	AWS_KEY = 20,          /* characters of an access key id */
	AWS_PREFIX = 4
};

struct details {
	struct ks_detail *list; /* KS_DETAILS_MAX */
	size_t count;
};

/*
 * Add ${text}, printable characters only, cut to fit. Nothing is added for
 * an empty text.
 */
static void add(struct details *details, const char *name, struct ks_span text)
{
	struct ks_detail *detail;
	size_t n = text.n;

	if (n == 0 || details->count == KS_DETAILS_MAX)
		return;
	if (n > KS_DETAIL_VALUE_MAX - 1)
		n = KS_DETAIL_VALUE_MAX - 1;
	detail = &details->list[details->count++];
	detail->name = name;
	for (size_t i = 0; i < n; i++) {
		uint8_t byte = text.p[i];

		detail->value[i] =
			byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
	}
	if (n < text.n)
		memcpy(detail->value + n - 3, "...", 3);
	detail->value[n] = '\0';
}

static void add_member(struct details *details, const char *name,
	const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	/* An audience may be a list: the first one will do. */
	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_string(value))
		add(details, name,
			ks_span_of(json_string_value(value),
				json_string_length(value)));
}

static int base32_digit(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	return byte >= '2' && byte <= '7' ? byte - '2' + 26 : -1;
}

/*
 * Behind the prefix stand ten bytes in base 32. If the first bit is set, the
 * next 40 are the account; keys made before 2019 have it clear and another
 * form. From "A short note on AWS KEY ID" (Tal Be'ery, 2023) and "A bitwise
 * analysis of AWS access key identifiers" (WithSecure, 2024).
 */
static void inspect_aws(struct details *details, struct ks_span key)
{
	uint64_t bits = 0;
	char account[16];

	if (key.n != AWS_KEY ||
		(!ks_span_starts(key, "AKIA") && !ks_span_starts(key, "ASIA")))
		return;
	/* Nine digits are 45 bits: the flag, the account and four more. */
	for (size_t i = AWS_PREFIX; i < AWS_KEY; i++) {
		int digit = base32_digit(key.p[i]);

		if (digit < 0)
			return;
		if (i < AWS_PREFIX + 9)
			bits = bits << 5 | (unsigned)digit;
	}
	if (!(bits >> 44 & 1))
		return;
	bits = bits >> 4 & 0xffffffffff;
	if (bits > UINT64_C(999999999999))
		return;
	snprintf(account, sizeof(account), "%012llu", (unsigned long long)bits);
	add(details, "account", ks_span_str(account));
}

/* The JSON that is the base64 of ${text}; NULL if it is none. */
static json_t *load_base64(struct ks_span text)
{
	struct ks_buf bytes = { 0 };
	json_t *root = NULL;

	if (text.n <= DECODED_MAX &&
		ks_base64_decode(&bytes, text, KS_BASE64_LENIENT) == KS_OK)
		root = json_loadb((const char *)bytes.p, bytes.n, 0, NULL);
	ks_buf_release(&bytes);
	return root;
}

/* Seconds since the epoch, whole or not, as ISO 8601. */
static void add_time(
	struct details *details, const char *name, const json_t *value)
{
	/* Ends with the year 9999. */
	static const double limit = 253402300800.0;
	double seconds = json_number_value(value);
	char text[32];
	struct tm tm;
	time_t time;

	if (!json_is_number(value) || !(seconds >= 0 && seconds < limit))
		return;
	time = (time_t)seconds;
	if (gmtime_r(&time, &tm) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		add(details, name, ks_span_str(text));
}

static bool is_unsigned(const json_t *header)
{
	const char *alg = json_string_value(json_object_get(header, "alg"));

	return alg && strcasecmp(alg, "none") == 0;
}

/* RFC 7519, section 4.1. */
static void inspect_jwt(struct details *details, struct ks_span token)
{
	const uint8_t *end = token.p + token.n;
	const uint8_t *dot = memchr(token.p, '.', token.n);
	const uint8_t *next;
	json_t *header;
	json_t *payload;

	if (!dot)
		return;
	header = load_base64(ks_span_of(token.p, (size_t)(dot - token.p)));
	dot++;
	next = memchr(dot, '.', (size_t)(end - dot));
	payload = load_base64(
		ks_span_of(dot, (size_t)((next ? next : end) - dot)));
	add_member(details, "issuer", payload, "iss");
	add_member(details, "subject", payload, "sub");
	add_member(details, "audience", payload, "aud");
	add_time(details, "expires", json_object_get(payload, "exp"));
	if (is_unsigned(header))
		add(details, "algorithm", ks_span_str("none"));
	json_decref(header);
	json_decref(payload);
}

/* A service account's key file, as it is or in base64. */
static void inspect_json(struct details *details, struct ks_span text)
{
	json_t *root = NULL;

	if (text.n > DECODED_MAX)
		return;
	if (text.p[0] == '{')
		root = json_loadb((const char *)text.p, text.n, 0, NULL);
	else
		root = load_base64(text);
	add_member(details, "type", root, "type");
	add_member(details, "account", root, "client_email");
	add_member(details, "project", root, "project_id");
	json_decref(root);
}

size_t ks_inspect(struct ks_detail list[KS_DETAILS_MAX],
	const struct ks_rule *rule, struct ks_span secret)
{
	struct details details = { list, 0 };

	if (secret.n == 0)
		return 0;
	switch (rule->decode) {
	case KS_DECODE_AWS_ACCOUNT:
		inspect_aws(&details, secret);
		break;
	case KS_DECODE_JWT:
		inspect_jwt(&details, secret);
		break;
	case KS_DECODE_JSON:
		inspect_json(&details, secret);
		break;
	case KS_DECODE_NONE:
	case KS_DECODE_COUNT:
		break;
	}
	return details.count;
}
