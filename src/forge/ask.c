/* SPDX-License-Identifier: Apache-2.0 */
/* Asking a forge's interface; answers as little JSON of one form. */
#include "forge/ask.h"

#include "forge/page.h"

#include <stdlib.h>

enum {
	ANSWER_MAX = 32 << 20, /* bytes: 100 repositories are half of one */
	ETAG_MAX = 1024,
	TRIES = 4 /* of answers that make no sense */
};

/* A request, its answer and what was kept of the last one. */
struct exchange {
	const struct ks_ask *ask;
	struct ks_buf url;
	struct ks_buf etag; /* "If-None-Match: ..." */
	struct ks_buf kept;
	struct ks_http_answer answer;
	bool is_garbled;
};

static const char *const headers[] = {
	[KS_FORGE_GITHUB] = "Accept: application/vnd.github+json",
	[KS_FORGE_GITLAB] = "Accept: application/json",
	[KS_FORGE_GITEA] = "Accept: application/json",
};

static int make_url(struct exchange *exchange, const char *path,
	const char *query, struct ks_err *err)
{
	int rc = ks_buf_printf(&exchange->url, "%s%s%s%s",
		exchange->ask->place->api, path, query ? "?" : "",
		query ? query : "");

	return rc < 0 || !ks_buf_str(&exchange->url) ? ks_fail_nomem(err)
						     : KS_OK;
}

static bool is_etag(struct ks_span etag)
{
	for (size_t i = 0; i < etag.n; i++) {
		if (etag.p[i] < ' ' || etag.p[i] >= 0x7f)
			return false;
	}
	return etag.n > 0 && etag.n <= ETAG_MAX;
}

/* What was kept is used only if it could be used later. */
static int recall(struct exchange *exchange, struct ks_err *err)
{
	const struct ks_forge_cache *cache = exchange->ask->cache;
	struct ks_buf etag = { 0 };
	int rc = KS_OK;

	if (cache)
		rc = cache->get(cache->payload, (const char *)exchange->url.p,
			&etag, &exchange->kept, err);
	if (rc == KS_OK && is_etag(ks_buf_span(&etag)) && exchange->kept.n &&
		(ks_buf_printf(&exchange->etag, "If-None-Match: %.*s",
			 (int)etag.n, (const char *)etag.p) < 0 ||
			!ks_buf_str(&exchange->etag)))
		rc = ks_fail_nomem(err);
	ks_buf_release(&etag);
	return rc;
}

static int remember(
	const struct exchange *exchange, const json_t *page, struct ks_err *err)
{
	const struct ks_forge_cache *cache = exchange->ask->cache;
	struct ks_span etag = ks_http_header(&exchange->answer, "etag");
	char *text;
	int rc;

	if (!cache || !is_etag(etag))
		return KS_OK;
	text = json_dumps(page, JSON_COMPACT);
	if (!text)
		return ks_fail_nomem(err);
	rc = cache->put(cache->payload, (const char *)exchange->url.p, etag,
		ks_span_str(text), err);
	free(text);
	return rc;
}

/* What a status means for who asked. */
static int tell_status(const struct exchange *exchange, struct ks_err *err)
{
	long status = exchange->answer.status;
	const char *url = (const char *)exchange->url.p;
	int n = (int)strcspn(url, "?");

	if (status == 401)
		return ks_fail(err, KS_E_USAGE, "%.*s: %s", n, url,
			exchange->ask->token ? "the token is not valid there"
					     : "it asks for a token");
	if (status == 403)
		return ks_fail(err, KS_E_NOTFOUND, "%.*s: %s", n, url,
			exchange->ask->token
				? "the token does not allow it"
				: "it is not told without a token");
	if (status == 404 || status == 410)
		return ks_fail(err, KS_E_NOTFOUND, "%.*s: there is none%s", n,
			url,
			exchange->ask->token ? " that the token may see"
					     : " to see without a token");
	return ks_fail(err, KS_E_IO, "%.*s: status %ld", n, url, status);
}

static int make_sense(struct exchange *exchange, ks_ask_convert *convert,
	json_t **out, struct ks_err *err)
{
	const char *url = (const char *)exchange->url.p;

	exchange->is_garbled = false;
	if (exchange->answer.status == 304 && exchange->etag.n) {
		*out = ks_page_reread(ks_buf_span(&exchange->kept));
		/* Not to be had so: it is asked for in full. */
		ks_buf_release(&exchange->etag);
		exchange->is_garbled = !*out;
		return *out ? KS_OK
			    : ks_fail(err, KS_E_CORRUPT,
				      "%s: what was kept is damaged", url);
	}
	if (exchange->answer.status != 200)
		return tell_status(exchange, err);
	*out = ks_page_read(ks_buf_span(&exchange->answer.body),
		ks_http_header(&exchange->answer, "link"), convert);
	exchange->is_garbled = !*out;
	if (!*out)
		return ks_fail(err, KS_E_CORRUPT,
			"%.*s: the answer makes no sense",
			(int)strcspn(url, "?"), url);
	return remember(exchange, *out, err);
}

static int ask_once(struct exchange *exchange, ks_ask_convert *convert,
	json_t **out, struct ks_err *err)
{
	const struct ks_ask *ask = exchange->ask;
	const char *list[] = { headers[ask->place->kind],
		exchange->etag.n ? (const char *)exchange->etag.p : NULL,
		NULL };
	struct ks_http_request request = { .url = (const char *)exchange->url.p,
		.headers = list,
		.token = ask->token,
		.max = ANSWER_MAX };
	int rc = ks_http_ask(ask->http, &request, &exchange->answer, err);

	return rc == KS_OK ? make_sense(exchange, convert, out, err) : rc;
}

int ks_ask(const struct ks_ask *ask, const char *path, const char *query,
	ks_ask_convert *convert, json_t **out, struct ks_err *err)
{
	struct exchange exchange = { .ask = ask };
	int rc = make_url(&exchange, path, query, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = recall(&exchange, err);
	for (unsigned try = 1; rc == KS_OK; try++) {
		rc = ask_once(&exchange, convert, out, err);
		if (rc != KS_E_CORRUPT || !exchange.is_garbled ||
			try == TRIES ||
			ks_http_back_off(ask->http, try, NULL) < 0)
			break;
		rc = KS_OK;
	}
	if (rc < 0) {
		json_decref(*out);
		*out = NULL;
	}
	ks_buf_release(&exchange.url);
	ks_buf_release(&exchange.etag);
	ks_buf_release(&exchange.kept);
	ks_http_answer_release(&exchange.answer);
	return rc;
}
