/* SPDX-License-Identifier: Apache-2.0 */
/* Asking web services: RFC 9110, by libcurl. */
#include "net/http.h"

#include "net/transfer.h"
#include "net/url.h"

#include <ctype.h>
#include <poll.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

enum {
	TIMEOUT_S = 120,
	WAIT_MAX_S = 3900, /* GitHub's hour, and some */
	TRIES = 5,
	REDIRECTS = 5,
	CALM_S = 60, /* where a limit says no time */
	STEP_MS = 100
};

struct ks_http {
	const struct ks_http_options *options;
	struct ks_transfer transfer;
	uint64_t waited; /* seconds, because servers asked for it */
};

int ks_http_new(struct ks_http **out, const struct ks_http_options *options,
	struct ks_err *err)
{
	const struct ks_curl *curl = ks_curl(err);
	struct ks_http *http = curl ? calloc(1, sizeof(*http)) : NULL;

	*out = NULL;
	if (!curl)
		return KS_E_UNSUPPORTED;
	if (!http)
		return ks_fail_nomem(err);
	http->options = options;
	http->transfer = (struct ks_transfer){ .curl = curl,
		.handle = curl->f_easy_init(),
		.timeout = options->timeout ? options->timeout : TIMEOUT_S,
		.cancel = options->cancel };
	if (!http->transfer.handle) {
		free(http);
		return ks_fail_nomem(err);
	}
	*out = http;
	return KS_OK;
}

void ks_http_free(struct ks_http *http)
{
	if (!http)
		return;
	http->transfer.curl->f_easy_cleanup(http->transfer.handle);
	free(http);
}

struct ks_span ks_http_header(
	const struct ks_http_answer *answer, const char *name)
{
	struct ks_span rest = ks_buf_span(&answer->head);
	struct ks_span line;
	size_t n = strlen(name);

	while (ks_span_next_line(&rest, &line)) {
		if (line.n > n && line.p[n] == ':' &&
			strncasecmp((const char *)line.p, name, n) == 0) {
			struct ks_span value = ks_span_cut(line, n + 1, line.n);

			while (value.n && isspace(value.p[0]))
				value = ks_span_cut(value, 1, value.n);
			while (value.n && isspace(value.p[value.n - 1]))
				value.n--;
			return value;
		}
	}
	return (struct ks_span){ 0 };
}

void ks_http_answer_release(struct ks_http_answer *answer)
{
	ks_buf_release(&answer->head);
	ks_buf_release(&answer->body);
}

static int64_t now(const struct ks_http *http)
{
	const struct ks_http_clock *clock = http->options->clock;

	return clock ? clock->now(clock->payload) : (int64_t)time(NULL);
}

static bool is_cancelled(const struct ks_http *http)
{
	return http->options->cancel && *http->options->cancel;
}

static int pause_for(struct ks_http *http, unsigned seconds, struct ks_err *err)
{
	const struct ks_http_clock *clock = http->options->clock;

	if (clock) {
		clock->sleep(clock->payload, seconds);
	} else {
		struct timespec at;
		time_t end;

		clock_gettime(CLOCK_MONOTONIC, &at);
		end = at.tv_sec + (time_t)seconds;
		while (at.tv_sec < end && !is_cancelled(http)) {
			poll(NULL, 0, STEP_MS);
			clock_gettime(CLOCK_MONOTONIC, &at);
		}
	}
	return is_cancelled(http)
		       ? ks_fail(err, KS_E_INTERRUPTED, "interrupted")
		       : KS_OK;
}

static unsigned tries(const struct ks_http *http)
{
	return http->options->tries ? http->options->tries : TRIES;
}

int ks_http_back_off(struct ks_http *http, unsigned try, struct ks_err *err)
{
	if (try >= tries(http))
		return ks_fail(err, KS_E_LIMIT, "tried %u times", try);
	return pause_for(http, 1U << (try < 6 ? try - 1 : 5), err);
}

/* Digits only; -1: something else. */
static int64_t number(struct ks_span text)
{
	int64_t value = 0;

	if (text.n == 0 || text.n > 15)
		return -1;
	for (size_t i = 0; i < text.n; i++) {
		if (!isdigit(text.p[i]))
			return -1;
		value = value * 10 + (text.p[i] - '0');
	}
	return value;
}

/* A date as in RFC 9110, 5.6.7; -1: it is none. */
static int64_t date(const struct ks_http *http, struct ks_span text)
{
	char copy[64];

	if (text.n == 0 || text.n >= sizeof(copy))
		return -1;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return (int64_t)http->transfer.curl->f_getdate(copy, NULL);
}

static bool has(const struct ks_buf *body, const char *words)
{
	return body->n && memmem(body->p, body->n, words, strlen(words));
}

static bool is_used_up(const struct ks_http_answer *answer)
{
	return number(ks_http_header(answer, "x-ratelimit-remaining")) == 0 ||
	       number(ks_http_header(answer, "ratelimit-remaining")) == 0;
}

static bool is_limited(const struct ks_http_answer *answer)
{
	if (answer->status == 429)
		return true;
	return answer->status == 403 &&
	       (ks_http_header(answer, "retry-after").n || is_used_up(answer) ||
		       has(&answer->body, "secondary rate limit"));
}

/*
 * How long it asks us to wait; by its own clock, for ours may be wrong. At
 * least a second.
 */
static int64_t wait_of(
	const struct ks_http *http, const struct ks_http_answer *answer)
{
	struct ks_span after = ks_http_header(answer, "retry-after");
	int64_t its_now = date(http, ks_http_header(answer, "date"));
	int64_t seconds = number(after);

	if (its_now < 0)
		its_now = now(http);
	if (seconds < 0 && after.n && date(http, after) >= 0)
		seconds = date(http, after) - its_now;
	else if (seconds < 0 && is_used_up(answer)) {
		int64_t reset =
			number(ks_http_header(answer, "x-ratelimit-reset"));

		if (reset < 0)
			reset = number(
				ks_http_header(answer, "ratelimit-reset"));
		/* A second more: it is full again when that one is over. */
		seconds = reset < 0 ? CALM_S : reset - its_now + 1;
	} else if (seconds < 0) {
		seconds = CALM_S;
	}
	return seconds < 1 ? 1 : seconds;
}

static void tell_wait(
	const struct ks_http *http, const char *url, unsigned seconds)
{
	struct ks_buf origin = { 0 };
	struct ks_url parts;

	if (http->options->waiting &&
		ks_url_parse(&parts, url, NULL) == KS_OK &&
		ks_url_add_origin(&origin, &parts) == KS_OK &&
		ks_buf_str(&origin))
		http->options->waiting(http->options->payload,
			(const char *)origin.p, seconds);
	ks_buf_release(&origin);
}

static int wait_as_asked(struct ks_http *http, const char *url,
	const struct ks_http_answer *answer, struct ks_err *err)
{
	uint64_t most =
		http->options->wait_max ? http->options->wait_max : WAIT_MAX_S;
	int64_t seconds = wait_of(http, answer);

	if ((uint64_t)seconds > most - http->waited)
		return ks_fail(err, KS_E_LIMIT,
			"it answers no more requests for %lld seconds",
			(long long)seconds);
	http->waited += (uint64_t)seconds;
	tell_wait(http, url, (unsigned)seconds);
	return pause_for(http, (unsigned)seconds, err);
}

static int check_redirect(
	const char *from, const char *to, bool *same_origin, struct ks_err *err)
{
	struct ks_url a;
	struct ks_url b;
	int rc = ks_url_parse(&a, from, err);

	if (rc == KS_OK)
		rc = ks_url_parse(&b, to, err);
	if (rc < 0)
		return KS_E_CORRUPT;
	if (!ks_url_is(&b, "https") &&
		(!ks_url_is(&b, "http") || ks_url_is(&a, "https")))
		return ks_fail(err, KS_E_CORRUPT,
			"it redirects to where no one follows: %.*s://",
			(int)b.scheme.n, (const char *)b.scheme.p);
	*same_origin = ks_url_same_origin(&a, &b);
	return KS_OK;
}

/* One try, with the redirects on its way. */
static int follow(struct ks_http *http, const struct ks_http_request *request,
	struct ks_http_answer *out, bool *is_passing, struct ks_err *err)
{
	struct ks_buf url = { 0 };
	struct ks_buf next = { 0 };
	bool with_token = true;
	int rc = ks_buf_add_str(&url, request->url);

	if (rc < 0 || !ks_buf_str(&url))
		rc = ks_fail_nomem(err);
	for (int i = 0; rc == KS_OK; i++) {
		bool same_origin = true;

		rc = ks_transfer_run(&http->transfer, request,
			(const char *)url.p, with_token, out, &next, is_passing,
			err);
		if (rc < 0 || next.n == 0)
			break;
		if (request->is_post || i == REDIRECTS)
			rc = ks_fail(err, KS_E_CORRUPT,
				"it redirects where it should not");
		else
			rc = check_redirect((const char *)url.p,
				(const char *)next.p, &same_origin, err);
		with_token = with_token && same_origin;
		struct ks_buf swapped = url;
		url = next;
		next = swapped;
	}
	ks_buf_release(&url);
	ks_buf_release(&next);
	return rc;
}

static int name_url(
	const struct ks_http_request *request, int rc, struct ks_err *err)
{
	struct ks_buf shown = { 0 };
	struct ks_url url;
	int shows = KS_E_USAGE;

	if (!request->is_url_private)
		shows = ks_url_show(&shown, request->url);
	else if (ks_url_parse(&url, request->url, NULL) == KS_OK)
		shows = ks_url_add_origin(&shown, &url);
	if (rc < 0 && err && shows == KS_OK && ks_buf_str(&shown))
		ks_err_wrap(err, "%s", (const char *)shown.p);
	ks_buf_release(&shown);
	return rc;
}

int ks_http_once(struct ks_http *http, const struct ks_http_request *request,
	struct ks_http_answer *out, struct ks_err *err)
{
	bool is_passing;

	return name_url(
		request, follow(http, request, out, &is_passing, err), err);
}

int ks_http_ask(struct ks_http *http, const struct ks_http_request *request,
	struct ks_http_answer *out, struct ks_err *err)
{
	unsigned try = 1;
	int rc;

	for (;;) {
		struct ks_err why = { 0 };
		bool is_passing = false;

		rc = follow(http, request, out, &is_passing, err);
		if (rc == KS_OK && is_limited(out)) {
			rc = wait_as_asked(http, request->url, out, err);
			if (rc < 0)
				break;
			continue;
		}
		if (rc == KS_OK && out->status < 500 && out->status != 408)
			break;
		if (rc < 0 && !is_passing)
			break;
		if (rc == KS_OK)
			rc = ks_fail(err, KS_E_IO, "status %ld", out->status);
		if (try >= tries(http) ||
			(rc = ks_http_back_off(http, try++, &why)) < 0) {
			if (why.code && err)
				*err = why;
			break;
		}
	}
	return name_url(request, rc, err);
}
