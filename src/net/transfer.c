/* SPDX-License-Identifier: Apache-2.0 */
/* One request, one answer, no redirect. */
#include "net/transfer.h"

#include <stdlib.h>

enum {
	HEAD_MAX = 64 << 10, /* bytes */
	CONNECT_S = 30,
	STALL_S = 60 /* without a byte */
};

/* Where an answer goes while it comes. */
struct sink {
	struct ks_http_answer *answer;
	size_t max;
	bool is_full;
	bool has_no_memory;
	const volatile int *cancel;
};

static size_t take_body(char *p, size_t size, size_t n, void *payload)
{
	struct sink *sink = payload;

	n *= size;
	if (n > sink->max - sink->answer->body.n) {
		sink->is_full = true;
		return 0;
	}
	if (ks_buf_add(&sink->answer->body, p, n) < 0) {
		sink->has_no_memory = true;
		return 0;
	}
	return n;
}

static size_t take_head(char *p, size_t size, size_t n, void *payload)
{
	struct sink *sink = payload;

	n *= size;
	/* An answer may come in several, as behind a proxy: the last counts. */
	if (ks_span_starts(ks_span_of(p, n), "HTTP/"))
		ks_buf_reset(&sink->answer->head);
	if (n > HEAD_MAX - sink->answer->head.n) {
		sink->is_full = true;
		return 0;
	}
	if (ks_buf_add(&sink->answer->head, p, n) < 0) {
		sink->has_no_memory = true;
		return 0;
	}
	return n;
}

static int is_cancelled(
	void *payload, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct sink *sink = payload;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return sink->cancel && *sink->cancel;
}

static bool add_header(const struct ks_curl *curl, struct curl_slist **list,
	const char *name, const char *value)
{
	struct ks_buf text = { 0 };
	struct curl_slist *longer = NULL;

	if (ks_buf_printf(&text, "%s%s", name, value) == KS_OK &&
		ks_buf_str(&text))
		longer = curl->f_slist_append(*list, (const char *)text.p);
	ks_buf_release(&text);
	if (longer)
		*list = longer;
	return longer != NULL;
}

static bool add_headers(const struct ks_curl *curl, struct curl_slist **list,
	const struct ks_http_request *request, bool with_token)
{
	bool is_done = true;

	for (size_t i = 0; is_done && request->headers && request->headers[i];
		i++)
		is_done = add_header(curl, list, request->headers[i], "");
	if (is_done && with_token && request->token)
		is_done = add_header(
			curl, list, "Authorization: Bearer ", request->token);
	/* Else it would wait for a "100 Continue". */
	if (is_done && request->is_post)
		is_done = add_header(curl, list, "Expect:", "");
	return is_done;
}

static void set_up(const struct ks_transfer *transfer,
	const struct ks_http_request *request, const char *url,
	const struct curl_slist *headers, struct sink *sink)
{
	__typeof__(curl_easy_setopt) *set = transfer->curl->f_easy_setopt;
	const char *authorities = getenv("CURL_CA_BUNDLE");
	CURL *handle = transfer->handle;

	transfer->curl->f_easy_reset(handle);
	set(handle, CURLOPT_URL, url);
	set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
	set(handle, CURLOPT_FOLLOWLOCATION, 0L);
	set(handle, CURLOPT_NOSIGNAL, 1L);
	set(handle, CURLOPT_USERAGENT, "keysieve/" KS_VERSION);
	set(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	set(handle, CURLOPT_TIMEOUT, (long)transfer->timeout);
	set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
	set(handle, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	set(handle, CURLOPT_HTTPHEADER, headers);
	set(handle, CURLOPT_WRITEFUNCTION, take_body);
	set(handle, CURLOPT_WRITEDATA, sink);
	set(handle, CURLOPT_HEADERFUNCTION, take_head);
	set(handle, CURLOPT_HEADERDATA, sink);
	set(handle, CURLOPT_NOPROGRESS, 0L);
	set(handle, CURLOPT_XFERINFOFUNCTION, is_cancelled);
	set(handle, CURLOPT_XFERINFODATA, sink);
	if (authorities && *authorities)
		set(handle, CURLOPT_CAINFO, authorities);
	if (request->is_post) {
		set(handle, CURLOPT_POST, 1L);
		set(handle, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)request->body.n);
		set(handle, CURLOPT_POSTFIELDS,
			request->body.n ? (const char *)request->body.p : "");
	}
}

static bool may_pass(CURLcode code)
{
	switch (code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ENGINE_NOTFOUND:
		return false;
	default:
		return true;
	}
}

static int tell(const struct ks_transfer *transfer, CURLcode code,
	const struct sink *sink, bool *is_passing, struct ks_err *err)
{
	if (sink->has_no_memory || code == CURLE_OUT_OF_MEMORY)
		return ks_fail_nomem(err);
	if (sink->is_full)
		return ks_fail(err, KS_E_LIMIT,
			"it answers with more than %zu bytes", sink->max);
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
	*is_passing = may_pass(code);
	return ks_fail(
		err, KS_E_IO, "%s", transfer->curl->f_easy_strerror(code));
}

int ks_transfer_run(const struct ks_transfer *transfer,
	const struct ks_http_request *request, const char *url, bool with_token,
	struct ks_http_answer *out, struct ks_buf *next, bool *is_passing,
	struct ks_err *err)
{
	const struct ks_curl *curl = transfer->curl;
	struct curl_slist *headers = NULL;
	struct sink sink = {
		.answer = out, .max = request->max, .cancel = transfer->cancel
	};
	const char *leads_to = NULL;
	CURLcode code;
	int rc = KS_OK;

	*is_passing = false;
	ks_buf_reset(next);
	ks_buf_reset(&out->head);
	ks_buf_reset(&out->body);
	if (!add_headers(curl, &headers, request, with_token)) {
		curl->f_slist_free_all(headers);
		return ks_fail_nomem(err);
	}
	set_up(transfer, request, url, headers, &sink);
	code = curl->f_easy_perform(transfer->handle);
	curl->f_slist_free_all(headers);
	if (code != CURLE_OK)
		return tell(transfer, code, &sink, is_passing, err);
	curl->f_easy_getinfo(
		transfer->handle, CURLINFO_RESPONSE_CODE, &out->status);
	curl->f_easy_getinfo(
		transfer->handle, CURLINFO_REDIRECT_URL, &leads_to);
	if (leads_to)
		rc = ks_buf_add_str(next, leads_to);
	return rc < 0 || !ks_buf_str(next) ? ks_fail_nomem(err) : KS_OK;
}
