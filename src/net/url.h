/* SPDX-License-Identifier: Apache-2.0 */
/* URLs: RFC 3986, as far as remotes and web services need it. */
#ifndef KS_NET_URL_H
#define KS_NET_URL_H

#include "base/buf.h"

/* The parts of one, within the text that was parsed. */
struct ks_url {
	struct ks_span scheme;
	struct ks_span user; /* before any ':' */
	struct ks_span password;
	struct ks_span host;
	unsigned port;        /* 0: the scheme's own */
	struct ks_span path;  /* with its slash, or empty */
	struct ks_span query; /* without its '?' */
};

/*
 * Take ${text}, "scheme://[user[:password]@][host][:port][/path][?query]",
 * apart. KS_E_USAGE, with credentials taken out of the message: it has
 * another form, holds a space or a control character, or begins with '-'.
 */
KS_MUST_CHECK int ks_url_parse(
	struct ks_url *out, const char *text, struct ks_err *err);

/* Is its scheme ${scheme}, in lower case? */
bool ks_url_is(const struct ks_url *url, const char *scheme);

/* Same scheme, host and port? */
bool ks_url_same_origin(const struct ks_url *a, const struct ks_url *b);

/* Does its host name this machine itself? */
bool ks_url_is_loopback(const struct ks_url *url);

/*
 * Append ${text}, a URL or what is thought to be one, so that it may be
 * shown: without password, query and fragment; the user only of ssh;
 * control characters become '?'. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_url_show(struct ks_buf *out, const char *text);

/* Append "scheme://host[:port]" of ${url} only. KS_E_NOMEM. */
KS_MUST_CHECK int ks_url_add_origin(
	struct ks_buf *out, const struct ks_url *url);

/*
 * Append ${text} with all that is not a letter, a digit or one of "-._~"
 * percent-encoded. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_url_encode(struct ks_buf *out, struct ks_span text);

/* Append ${text} with percent-encoded bytes decoded. KS_E_NOMEM. */
KS_MUST_CHECK int ks_url_decode(struct ks_buf *out, struct ks_span text);

#endif
