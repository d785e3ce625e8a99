/* SPDX-License-Identifier: Apache-2.0 */
/* What is packed into a token beside its random part. */
#include "filter/embedded.h"

#include "base/base64.h"

#include <stdio.h>

enum {
	PREFIX_MAX = 16,         /* bytes before the '_' of a prefix */
	TOKEN_MAX = 1 << 20,     /* bytes of a token that is decoded */
	HEAD_MAX = 512,          /* bytes decoded where a part will do */
	DISCORD_DIGITS_MIN = 17, /* of all ids since 2015 */
	DISCORD_DIGITS_MAX = 20,
	DISCORD_TIME_SHIFT = 22, /* bits below the milliseconds */
	BEDROCK_PREFIX = 4,
	ACCOUNT_DIGITS = 12
};

struct ks_span ks_embedded_json(struct ks_span token)
{
	size_t n = token.n < PREFIX_MAX ? token.n : PREFIX_MAX;
	const uint8_t *bar = NULL;
	size_t end = token.n;

	if (ks_span_starts(token, "eyJ"))
		return token;
	if (n > 0)
		bar = memchr(token.p, '_', n);
	if (!bar)
		return token;
	if (ks_span_starts(token, "sntrys_"))
		end = (size_t)((const uint8_t *)memrchr(token.p, '_', token.n) -
			       token.p);
	n = (size_t)(bar - token.p) + 1;
	return ks_span_cut(token, n, end > n ? end : token.n);
}

bool ks_embedded_paseto(struct ks_buf *claims, struct ks_span token)
{
	/* Bytes beside the claims: a signature; a nonce and a tag. */
	static const uint16_t of_public[] = { 256, 64, 96, 64 };
	static const uint16_t of_local[] = { 80, 40, 80, 64 };
	size_t start = claims->n;
	bool is_public;
	size_t version;
	size_t rest;
	const uint8_t *dot;
	struct ks_span body;
	int rc;

	if (token.n < 4 || token.n > TOKEN_MAX || token.p[0] != 'v' ||
		token.p[1] < '1' || token.p[1] > '4')
		return false;
	version = (size_t)(token.p[1] - '1');
	body = ks_span_cut(token, 2, token.n);
	is_public = ks_span_starts(body, ".public.");
	if (!is_public && !ks_span_starts(body, ".local."))
		return false;
	body = ks_span_cut(body, is_public ? 8 : 7, body.n);
	if (body.n == 0)
		return false;
	dot = memchr(body.p, '.', body.n);
	if (dot)
		body.n = (size_t)(dot - body.p);
	rest = is_public ? of_public[version] : of_local[version];
	rc = ks_base64_decode(claims, body, KS_BASE64_URL);
	if (rc < 0)
		return rc == KS_E_NOMEM;
	if (claims->n - start <= rest) {
		claims->n = start;
		return false;
	}
	claims->n = is_public ? claims->n - rest : start;
	return !is_public ||
	       (claims->p[start] == '{' && claims->p[claims->n - 1] == '}');
}

uint64_t ks_embedded_discord(struct ks_span token)
{
	uint8_t digits[DISCORD_DIGITS_MAX + 1];
	const uint8_t *dot = NULL;
	uint64_t id = 0;
	size_t n;

	if (token.n > 0)
		dot = memchr(token.p, '.', token.n);
	if (!dot)
		return 0;
	n = ks_base64_head(digits, sizeof(digits),
		ks_span_of(token.p, (size_t)(dot - token.p)));
	if (n < DISCORD_DIGITS_MIN || n > DISCORD_DIGITS_MAX)
		return 0;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned)digits[i] - '0';

		if (digit > 9 || id > (UINT64_MAX - digit) / 10)
			return 0;
		id = id * 10 + digit;
	}
	return id;
}

void ks_embedded_tell_discord(struct ks_details *details, struct ks_span token)
{
	/* Milliseconds are counted from the beginning of 2015. */
	static const double epoch = 1420070400.0;
	uint64_t id = ks_embedded_discord(token);
	char text[DISCORD_DIGITS_MAX + 1];

	if (id == 0)
		return;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)id);
	ks_detail_add(details, "bot", ks_span_str(text));
	ks_detail_add_time(details, "created",
		epoch + (double)(id >> DISCORD_TIME_SHIFT) / 1000);
}

/* A line "u:1" of a routable token. */
static void tell_route(struct ks_details *details, struct ks_span line)
{
	static const struct {
		char key;
		const char *name;
	} routes[] = { { 'c', "cell" }, { 'g', "group" },
		{ 'o', "organization" }, { 'p', "project" }, { 'u', "user" } };

	if (line.n < 3 || line.p[1] != ':')
		return;
	for (size_t i = 2; i < line.n; i++) {
		if (!(line.p[i] >= '0' && line.p[i] <= '9') &&
			!(line.p[i] >= 'a' && line.p[i] <= 'z'))
			return;
	}
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (line.p[0] == (uint8_t)routes[i].key)
			ks_detail_add(details, routes[i].name,
				ks_span_cut(line, 2, line.n));
	}
}

void ks_embedded_tell_gitlab(struct ks_details *details, struct ks_span token)
{
	uint8_t bytes[HEAD_MAX];
	const uint8_t *dash = NULL;
	struct ks_span routes;
	size_t n;

	if (token.n > 0)
		dash = memchr(token.p, '-', token.n);
	if (!dash)
		return;
	token = ks_span_cut(token, (size_t)(dash - token.p) + 1, token.n);
	/* A type may stand before the payload. */
	if (token.n > 3 && token.p[0] == 't' && token.p[2] == '_')
		token = ks_span_cut(token, 3, token.n);
	n = ks_base64_head(bytes, sizeof(bytes), token);
	/* The last byte says how many random ones are before it. */
	if (n == 0 || n == sizeof(bytes) || (size_t)bytes[n - 1] + 1 > n)
		return;
	routes = ks_span_of(bytes, n - 1 - bytes[n - 1]);
	while (routes.n > 0) {
		const uint8_t *end = memchr(routes.p, '\n', routes.n);
		size_t line = end ? (size_t)(end - routes.p) : routes.n;

		tell_route(details, ks_span_of(routes.p, line));
		routes = ks_span_cut(routes, end ? line + 1 : line, routes.n);
	}
}

void ks_embedded_tell_slack(struct ks_details *details, struct ks_span token)
{
	static const char app[] = "xapp-1-";
	bool is_app = ks_span_starts(token, app);
	const uint8_t *end;

	if (is_app)
		token = ks_span_cut(token, strlen(app), token.n);
	if (token.n == 0)
		return;
	end = memchr(token.p, is_app ? '-' : '/', token.n);
	if (end)
		ks_detail_add(details, is_app ? "app" : "workspace",
			ks_span_of(token.p, (size_t)(end - token.p)));
}

/* ABSK, then in base64 "BedrockAPIKey-", a name, "-at-", account, ':'. */
void ks_embedded_tell_bedrock(struct ks_details *details, struct ks_span token)
{
	static const char mark[] = "-at-";
	uint8_t bytes[HEAD_MAX];
	const uint8_t *colon;
	const uint8_t *account;
	size_t n;

	if (token.n <= BEDROCK_PREFIX)
		return;
	n = ks_base64_head(bytes, sizeof(bytes),
		ks_span_cut(token, BEDROCK_PREFIX, token.n));
	colon = n > 0 ? memchr(bytes, ':', n) : NULL;
	if (!colon || (size_t)(colon - bytes) < ACCOUNT_DIGITS + strlen(mark))
		return;
	account = colon - ACCOUNT_DIGITS;
	if (memcmp(account - strlen(mark), mark, strlen(mark)) != 0)
		return;
	for (size_t i = 0; i < ACCOUNT_DIGITS; i++) {
		if (account[i] < '0' || account[i] > '9')
			return;
	}
	ks_detail_add(details, "account", ks_span_of(account, ACCOUNT_DIGITS));
}

void ks_embedded_tell_user(struct ks_details *details, struct ks_span token)
{
	uint8_t bytes[HEAD_MAX];
	size_t n = ks_base64_head(bytes, sizeof(bytes), token);
	const uint8_t *colon = n > 0 ? memchr(bytes, ':', n) : NULL;

	if (colon)
		ks_detail_add(details, "user",
			ks_span_of(bytes, (size_t)(colon - bytes)));
}
