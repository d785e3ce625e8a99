/* SPDX-License-Identifier: Apache-2.0 */
/* Asking web services: RFC 9110, by libcurl. */
#ifndef KS_NET_HTTP_H
#define KS_NET_HTTP_H

#include "base/buf.h"

/* Time, so that tests need none. */
struct ks_http_clock {
	int64_t (*now)(void *payload); /* seconds since 1970 */
	void (*sleep)(void *payload, unsigned seconds);
	void *payload;
};

/* Zero-initialise ({0}) for the defaults. */
struct ks_http_options {
	unsigned timeout;  /* seconds for one answer; 0: 120 */
	unsigned wait_max; /* seconds to wait in all; 0: 3,900 */
	unsigned tries;    /* of what may pass; 0: 5 */
	/* Told before each wait because a server asked for it; or NULL. */
	void (*waiting)(void *payload, const char *origin, unsigned seconds);
	void *payload;
	const struct ks_http_clock *clock; /* NULL: the real one */
	const volatile int *cancel;
};

/* Connections that are kept, to any number of servers. Not thread-safe. */
struct ks_http;

/* ${options} must outlive it. KS_E_UNSUPPORTED: no libcurl; KS_E_NOMEM. */
KS_MUST_CHECK int ks_http_new(struct ks_http **out,
	const struct ks_http_options *options, struct ks_err *err);

/* NULL is fine. */
void ks_http_free(struct ks_http *http);

struct ks_http_request {
	const char *url; /* https or http */
	const char *const
		*headers;  /* "Name: value"; NULL-terminated, or NULL */
	const char *token; /* Bearer; for this URL's origin only */
	bool is_post;      /* then no redirect is followed */
	struct ks_span body;
	size_t max;          /* bytes of an answer */
	bool is_url_private; /* messages name its origin only */
};

/* Zero-initialise ({0}); ks_http_answer_release() frees. */
struct ks_http_answer {
	long status;
	struct ks_buf head; /* lines */
	struct ks_buf body;
};

/*
 * Ask, once more where the network or the server stumbles (5xx) or is asked
 * too much (429; 403 with what says so), after the time that it names or one
 * that doubles. Any other status is an answer.
 *
 * Up to five redirects are followed, never from https to http, nor to
 * anything else; to another origin the token does not go.
 *
 * KS_E_IO: no answer, or none but 5xx; KS_E_LIMIT: too large, or too long to
 * wait; KS_E_USAGE: no http URL; KS_E_CORRUPT: a redirect that is not
 * followed; KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_http_ask(struct ks_http *http,
	const struct ks_http_request *request, struct ks_http_answer *out,
	struct ks_err *err);

/* As ks_http_ask(), but one try: who calls it has his own way to wait. */
KS_MUST_CHECK int ks_http_once(struct ks_http *http,
	const struct ks_http_request *request, struct ks_http_answer *out,
	struct ks_err *err);

/*
 * Wait before try number ${try} (from 1) of something. KS_E_LIMIT: there were
 * enough; KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_http_back_off(
	struct ks_http *http, unsigned try, struct ks_err *err);

/* The value of the header ${name}; empty if there is none. */
struct ks_span ks_http_header(
	const struct ks_http_answer *answer, const char *name);

void ks_http_answer_release(struct ks_http_answer *answer);

#endif
