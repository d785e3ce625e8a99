/* SPDX-License-Identifier: Apache-2.0 */
/* What git may be asked to fetch from: git-fetch(1), "GIT URLS". */
#include "mirror/remote.h"

#include "net/url.h"

enum {
	URL_MAX = 4096 /* bytes */
};

static const char *const schemes[] = { "https", "http", "ssh", "git", "file" };

static char *copy_shown(struct ks_arena *arena, const char *url)
{
	struct ks_buf shown = { 0 };
	char *out = NULL;

	if (ks_url_show(&shown, url) == KS_OK)
		out = ks_arena_copy(arena, ks_buf_span(&shown));
	ks_buf_release(&shown);
	return out;
}

static bool is_safe_text(const char *text)
{
	if (*text == '-' || !*text || strlen(text) > URL_MAX)
		return false;
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

/* "[user@]host:path", the form of scp(1). */
static bool is_scp(const char *url)
{
	size_t colon = strcspn(url, ":");
	const char *at = memchr(url, '@', colon);
	const char *host = at ? at + 1 : url;

	return url[colon] == ':' && url[colon + 1] && url[colon + 1] != ':' &&
	       url[colon + 1] != '-' && !memchr(url, '/', colon) &&
	       *host != '-' && host < url + colon;
}

static bool is_known_scheme(const struct ks_url *url)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (ks_url_is(url, schemes[i]))
			return true;
	}
	return false;
}

static int decode(const char **out, struct ks_span text, struct ks_arena *arena)
{
	struct ks_buf plain = { 0 };

	if (ks_url_decode(&plain, text) == KS_OK)
		*out = ks_arena_copy(arena, ks_buf_span(&plain));
	ks_buf_release(&plain);
	return *out ? KS_OK : KS_E_NOMEM;
}

/* "https://user:password@host/path": the first two go another way. */
static int take_apart(struct ks_remote *out, const struct ks_url *url,
	struct ks_arena *arena, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	int rc = ks_url_add_origin(&text, url);

	if (rc == KS_OK) {
		out->origin = ks_arena_copy(arena, ks_buf_span(&text));
		rc = out->origin ? ks_buf_add(&text, url->path.p, url->path.n)
				 : KS_E_NOMEM;
	}
	if (rc == KS_OK && url->query.n) {
		rc = ks_buf_add_byte(&text, '?');
		if (rc == KS_OK)
			rc = ks_buf_add(&text, url->query.p, url->query.n);
	}
	if (rc == KS_OK && (url->user.n || url->password.n)) {
		rc = decode(&out->user, url->user, arena);
		if (rc == KS_OK)
			rc = decode(&out->password, url->password, arena);
	}
	if (rc == KS_OK) {
		out->url = ks_arena_copy(arena, ks_buf_span(&text));
		rc = out->url ? KS_OK : KS_E_NOMEM;
	}
	ks_buf_release(&text);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int parse_url(struct ks_remote *out, const char *text,
	struct ks_arena *arena, struct ks_err *err)
{
	struct ks_url url;
	int rc = ks_url_parse(&url, text, err);

	if (rc < 0)
		return rc;
	if (!is_known_scheme(&url))
		return ks_fail(err, KS_E_USAGE,
			"'%s' is of a kind that is not fetched: https, http, "
			"ssh, git and file are",
			out->shown);
	if (url.user.n && url.user.p[0] == '-')
		return ks_fail(
			err, KS_E_USAGE, "'%s' is not a URL", out->shown);
	if (ks_url_is(&url, "https") || ks_url_is(&url, "http"))
		return take_apart(out, &url, arena, err);
	if (url.password.n)
		return ks_fail(err, KS_E_USAGE,
			"'%s' has a password: ssh and git take none",
			out->shown);
	return KS_OK;
}

int ks_remote_parse(struct ks_remote *out, const char *url,
	struct ks_arena *arena, struct ks_err *err)
{
	const char *slashes = strstr(url, "://");
	const char *twice = strstr(url, "::");

	*out = (struct ks_remote){ 0 };
	out->shown = copy_shown(arena, url);
	out->url = ks_arena_copy(arena, ks_span_str(url));
	if (!out->shown || !out->url)
		return ks_fail_nomem(err);
	if (!is_safe_text(url))
		return ks_fail(err, KS_E_USAGE,
			"'%s' cannot be fetched: it is empty, too long, begins "
			"with '-' or has control characters",
			out->shown);
	if (*url == '/')
		return KS_OK;
	if (slashes && (!twice || twice > slashes))
		return parse_url(out, url, arena, err);
	if (!twice && is_scp(url))
		return KS_OK;
	return ks_fail(err, KS_E_USAGE,
		"'%s' is neither a URL nor an absolute path", out->shown);
}
