/* SPDX-License-Identifier: Apache-2.0 */
/* What a token tells by itself. */
#include "base/base64.h"
#include "filter/embedded.h"

#include <jansson.h>
#include <stdio.h>
#include <strings.h>

enum {
	DECODED_MAX = 1 << 20, /* bytes of a token that is decoded */
	AWS_KEY = 20,          /* characters of an access key id */
	AWS_PREFIX = 4
};

static void add_member(struct ks_details *details, const char *name,
	const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	/* An audience may be a list: the first one will do. */
	if (json_is_array(value))
		value = json_array_get(value, 0);
	if (json_is_string(value))
		ks_detail_add(details, name,
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
static void inspect_aws(struct ks_details *details, struct ks_span key)
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
	ks_detail_add(details, "account", ks_span_str(account));
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

/* Seconds since the epoch, whole or not, or a text. */
static void add_time(
	struct ks_details *details, const char *name, const json_t *value)
{
	if (json_is_number(value))
		ks_detail_add_time(details, name, json_number_value(value));
}

static bool is_unsigned(const json_t *header)
{
	const char *alg = json_string_value(json_object_get(header, "alg"));

	return alg && strcasecmp(alg, "none") == 0;
}

/* RFC 7519, section 4.1; scopes as RFC 8693 and others name them. */
static void add_claims(struct ks_details *details, const json_t *claims)
{
	static const char *const scopes[] = { "scope", "scp", "role" };
	const json_t *expiry = json_object_get(claims, "exp");

	add_member(details, "issuer", claims, "iss");
	add_member(details, "subject", claims, "sub");
	add_member(details, "audience", claims, "aud");
	add_time(details, "expires", expiry);
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		add_member(details, "scope", claims, scopes[i]);
}

static void inspect_jwt(struct ks_details *details, struct ks_span token)
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
	add_claims(details, payload);
	if (is_unsigned(header))
		ks_detail_add(details, "algorithm", ks_span_str("none"));
	json_decref(header);
	json_decref(payload);
}

/*
 * A service account's key file of Google, as it is or in base64; what Sentry,
 * Grafana and 1Password put into their tokens.
 */
static void inspect_json(struct ks_details *details, struct ks_span text)
{
	static const struct {
		const char *name;
		const char *key;
	} members[] = { { "type", "type" }, { "account", "client_email" },
		{ "account", "email" }, { "project", "project_id" },
		{ "organization", "org" }, { "organization", "o" },
		{ "name", "n" }, { "host", "url" },
		{ "host", "signInAddress" } };
	json_t *root = NULL;

	if (text.n > DECODED_MAX)
		return;
	if (text.p[0] == '{')
		root = json_loadb((const char *)text.p, text.n, 0, NULL);
	else
		root = load_base64(ks_embedded_json(text));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		add_member(details, members[i].name, root, members[i].key);
	add_time(details, "issued", json_object_get(root, "iat"));
	json_decref(root);
}

/* Claims of RFC 7519, but times are texts. */
static void inspect_paseto(struct ks_details *details, struct ks_span token)
{
	struct ks_buf claims = { 0 };
	json_t *root = NULL;

	if (ks_embedded_paseto(&claims, token))
		root = json_loadb((const char *)claims.p, claims.n, 0, NULL);
	add_claims(details, root);
	add_member(details, "expires", root, "exp");
	json_decref(root);
	ks_buf_release(&claims);
}

size_t ks_inspect(struct ks_detail list[KS_DETAILS_MAX],
	const struct ks_rule *rule, struct ks_span secret)
{
	struct ks_details details = { list, 0 };

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
	case KS_DECODE_PASETO:
		inspect_paseto(&details, secret);
		break;
	case KS_DECODE_DISCORD:
		ks_embedded_tell_discord(&details, secret);
		break;
	case KS_DECODE_GITLAB:
		ks_embedded_tell_gitlab(&details, secret);
		break;
	case KS_DECODE_SLACK:
		ks_embedded_tell_slack(&details, secret);
		break;
	case KS_DECODE_BEDROCK:
		ks_embedded_tell_bedrock(&details, secret);
		break;
	case KS_DECODE_USER:
		ks_embedded_tell_user(&details, secret);
		break;
	case KS_DECODE_NONE:
	case KS_DECODE_COUNT:
		break;
	}
	return details.count;
}
