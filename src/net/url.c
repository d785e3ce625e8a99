/* SPDX-License-Identifier: Apache-2.0 */
/* URLs: RFC 3986, as far as remotes and web services need it. */
#include "net/url.h"

#include "base/base64.h"

#include <ctype.h>
#include <strings.h>

enum {
	PORT_MAX = 65535
};

static size_t span_index(struct ks_span span, const char *any)
{
	size_t i = 0;

	while (i < span.n && !(span.p[i] && strchr(any, span.p[i])))
		i++;
	return i;
}

/* Up to ${at}; what follows the character there stays in ${rest}. */
static struct ks_span cut_at(struct ks_span *rest, size_t at)
{
	struct ks_span head = ks_span_cut(*rest, 0, at);

	*rest = ks_span_cut(*rest, at < rest->n ? at + 1 : at, rest->n);
	return head;
}

static size_t last_at_sign(struct ks_span span)
{
	size_t i = span.n;

	while (i > 0 && span.p[i - 1] != '@')
		i--;
	return i;
}

static int wrong(const char *text, struct ks_err *err)
{
	struct ks_buf shown = { 0 };
	int rc;

	if (ks_url_show(&shown, text) < 0 || !ks_buf_str(&shown))
		rc = ks_fail_nomem(err);
	else
		rc = ks_fail(err, KS_E_USAGE, "'%s' is not a URL",
			(const char *)shown.p);
	ks_buf_release(&shown);
	return rc;
}

static bool is_scheme(struct ks_span text)
{
	if (text.n == 0 || !isalpha(text.p[0]))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!isalnum(text.p[i]) && !strchr("+-.", text.p[i]))
			return false;
	}
	return true;
}

static bool is_plain(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

static bool parse_port(unsigned *port, struct ks_span digits)
{
	unsigned value = 0;

	for (size_t i = 0; i < digits.n; i++) {
		if (!isdigit(digits.p[i]))
			return false;
		value = value * 10 + (unsigned)(digits.p[i] - '0');
		if (value > PORT_MAX)
			return false;
	}
	*port = value;
	return true;
}

/* "[user[:password]@][host][:port]", where host may be "[v6]". */
static bool parse_authority(struct ks_url *url, struct ks_span text)
{
	size_t at = last_at_sign(text);
	size_t n;

	if (at > 0) {
		struct ks_span info = ks_span_cut(text, 0, at - 1);

		url->user = cut_at(&info, span_index(info, ":"));
		url->password = info;
		text = ks_span_cut(text, at, text.n);
	}
	n = text.n && text.p[0] == '[' ? span_index(text, "]") + 1
				       : span_index(text, ":");
	if (n > text.n)
		return false;
	url->host = ks_span_cut(text, 0, n);
	text = ks_span_cut(text, n, text.n);
	if (url->host.n && url->host.p[0] == '-')
		return false;
	return text.n == 0 ||
	       (text.p[0] == ':' &&
		       parse_port(&url->port, ks_span_cut(text, 1, text.n)));
}

int ks_url_parse(struct ks_url *out, const char *text, struct ks_err *err)
{
	const char *colon = strstr(text, "://");
	struct ks_span rest;
	struct ks_span authority;

	*out = (struct ks_url){ 0 };
	if (!colon || !is_plain(text))
		return wrong(text, err);
	out->scheme = ks_span_of(text, (size_t)(colon - text));
	if (!is_scheme(out->scheme))
		return wrong(text, err);
	rest = ks_span_str(colon + 3);
	rest = ks_span_cut(rest, 0, span_index(rest, "#"));
	authority = ks_span_cut(rest, 0, span_index(rest, "/?"));
	rest = ks_span_cut(rest, authority.n, rest.n);
	out->path = cut_at(&rest, span_index(rest, "?"));
	out->query = rest;
	return parse_authority(out, authority) ? KS_OK : wrong(text, err);
}

static bool is_word(struct ks_span span, const char *word)
{
	return span.n == strlen(word) &&
	       strncasecmp((const char *)span.p, word, span.n) == 0;
}

bool ks_url_is(const struct ks_url *url, const char *scheme)
{
	return is_word(url->scheme, scheme);
}

static unsigned port_of(const struct ks_url *url)
{
	if (url->port)
		return url->port;
	return ks_url_is(url, "https") ? 443 : ks_url_is(url, "http") ? 80 : 0;
}

static bool same_word(struct ks_span a, struct ks_span b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp((const char *)a.p,
						  (const char *)b.p, a.n) == 0);
}

bool ks_url_same_origin(const struct ks_url *a, const struct ks_url *b)
{
	return same_word(a->scheme, b->scheme) && same_word(a->host, b->host) &&
	       port_of(a) == port_of(b);
}

bool ks_url_is_loopback(const struct ks_url *url)
{
	return is_word(url->host, "localhost") || is_word(url->host, "[::1]") ||
	       is_word(url->host, "127.0.0.1");
}

/*
 * Where what may be credentials ends in ${rest}, what follows "://". A
 * password may hold a '/' although it must not: "user:pa/ss@host".
 */
static size_t credentials_end(struct ks_span rest)
{
	size_t n = span_index(rest, "/?#");
	size_t colon = span_index(ks_span_cut(rest, 0, n), ":");
	size_t at = last_at_sign(ks_span_cut(rest, 0, n));

	if (at > 0 || colon == n || n == rest.n)
		return at;
	for (size_t i = colon + 1; i < n; i++) {
		if (!isdigit(rest.p[i]))
			return last_at_sign(rest);
	}
	return 0;
}

int ks_url_show(struct ks_buf *out, const char *text)
{
	const char *colon = strstr(text, "://");
	struct ks_span rest = ks_span_str(colon ? colon + 3 : text);
	size_t from = colon ? credentials_end(rest) : 0;
	int rc = KS_OK;

	if (colon)
		rc = ks_buf_add(out, text, (size_t)(colon + 3 - text));
	if (rc == KS_OK && colon && from > 0 && strncmp(text, "ssh:", 4) == 0) {
		size_t n = span_index(ks_span_cut(rest, 0, from), ":@");

		rc = ks_buf_add(out, rest.p, n);
		if (rc == KS_OK)
			rc = ks_buf_add_byte(out, '@');
	}
	rest = ks_span_cut(rest, from, rest.n);
	rest = ks_span_cut(rest, 0, colon ? span_index(rest, "?#") : rest.n);
	for (size_t i = 0; rc == KS_OK && i < rest.n; i++)
		rc = ks_buf_add_byte(out,
			rest.p[i] < ' ' || rest.p[i] == 0x7f ? '?' : rest.p[i]);
	return rc;
}

int ks_url_add_origin(struct ks_buf *out, const struct ks_url *url)
{
	int rc = ks_buf_printf(out, "%.*s://%.*s", (int)url->scheme.n,
		(const char *)url->scheme.p, (int)url->host.n,
		(const char *)url->host.p);

	if (rc == KS_OK && url->port)
		rc = ks_buf_printf(out, ":%u", url->port);
	return rc;
}

int ks_url_encode(struct ks_buf *out, struct ks_span text)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < text.n; i++) {
		if (isalnum(text.p[i]) ||
			(text.p[i] && strchr("-._~", text.p[i])))
			rc = ks_buf_add_byte(out, text.p[i]);
		else
			rc = ks_buf_printf(out, "%%%02X", text.p[i]);
	}
	return rc;
}

int ks_url_decode(struct ks_buf *out, struct ks_span text)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < text.n; i++) {
		if (text.p[i] == '%' && text.n - i > 2 &&
			ks_base64_decode_hex(
				out, ks_span_cut(text, i + 1, i + 3)) == KS_OK)
			i += 2;
		else
			rc = ks_buf_add_byte(out, text.p[i]);
	}
	return rc;
}
