/* SPDX-License-Identifier: Apache-2.0 */
/* What is meant to be seen, by its form or by its name. */
#include "filter/public.h"

#include "filter/shape.h"

enum {
	CALL_MAX = 24 /* bytes of os.environ.get( and its like */
};

/* The first part of a JSON web token (RFC 7519), without the others. */
static bool is_header(struct ks_span text)
{
	return (ks_span_starts(text, "eyJhbGci") ||
		       ks_span_starts(text, "eyJ0eXAi")) &&
	       !memchr(text.p, '.', text.n);
}

bool ks_public_is(struct ks_span text)
{
	/*
	 * RFC 4253 and 5656 for SSH, 5280 and 5958 for DER: a sequence whose
	 * first member is an algorithm, as a public key's is.
	 */
	static const char *const starts[] = {
		"ssh-rsa ",
		"ssh-dss ",
		"ssh-ed25519 ",
		"ecdsa-sha2-",
		"MFwwDQYJKoZIhvcN",
		"MIGfMA0GCSqGSIb3",
		"MIIBIjANBgkqhkiG",
		"MIICIjANBgkqhkiG",
		"MFkwEwYHKoZIzj0C",
		"MCowBQYDK2Vw",
		"LS0tLS1CRUdJTiBDRVJU", /* -----BEGIN CERT */
		"LS0tLS1CRUdJTiBQVUJM", /* -----BEGIN PUBL */
		"-----BEGIN ",
		"TlRMTVNTUAAB", /* NTLM: negotiation and challenge */
		"TlRMTVNTUAAC",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (ks_span_starts(text, starts[i]))
			return true;
	}
	return is_header(text);
}

static bool holds_env(struct ks_span text)
{
	for (size_t i = 0; i + 3 <= text.n; i++) {
		if (ks_class_fold(text.p[i]) == 'e' &&
			ks_class_fold(text.p[i + 1]) == 'n' &&
			ks_class_fold(text.p[i + 2]) == 'v')
			return true;
	}
	return false;
}

/* [ "$name" = word; also without quotes: none assigns a bare word so. */
static bool is_compared(struct ks_span before)
{
	size_t n = before.n;
	size_t signs = 0;

	while (n > 0 && before.p[n - 1] == ' ')
		n--;
	for (; n > 0 && (before.p[n - 1] == '=' || before.p[n - 1] == '!'); n--)
		signs++;
	while (n > 0 && before.p[n - 1] == ' ')
		n--;
	if (signs == 0 || n == 0)
		return false;
	n -= before.p[n - 1] == '"';
	while (n > 0 &&
		(ks_class_is_word(before.p[n - 1]) || before.p[n - 1] == '}'))
		n--;
	return n > 0 && (before.p[n - 1] == '$' || before.p[n - 1] == '{');
}

bool ks_public_is_variable(const struct ks_context *context)
{
	struct ks_span text = context->secret;
	struct ks_span before = context->before;
	size_t n = before.n;

	if (!context->quote && is_compared(before))
		return true;
	for (size_t i = 0; i < text.n; i++) {
		if (!ks_class_is_word(text.p[i]) ||
			ks_class_of(text.p[i]) == KS_CLASS_LOWER)
			return false;
	}
	if (!context->quote || n < 2)
		return false;
	n--;
	if (before.p[n - 1] != '(' && before.p[n - 1] != '[')
		return false;
	return holds_env(
		ks_span_cut(before, n > CALL_MAX ? n - CALL_MAX : 0, n));
}
