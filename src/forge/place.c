/* SPDX-License-Identifier: Apache-2.0 */
/* Whose repositories, and on which server: "github:NAME" and its like. */
#include "forge/place.h"

#include "net/url.h"

#include <ctype.h>

enum {
	NAME_MAX_BYTES = 512
};

static const struct kind {
	const char *prefix;
	enum ks_forge_kind kind;
	const char *web; /* NULL: no server is everybody's */
	const char *api;
} kinds[] = {
	{ "github:", KS_FORGE_GITHUB, "https://github.com",
		"https://api.github.com" },
	{ "gitlab:", KS_FORGE_GITLAB, "https://gitlab.com",
		"https://gitlab.com/api/v4" },
	{ "gitea:", KS_FORGE_GITEA, NULL, NULL },
	{ "forgejo:", KS_FORGE_GITEA, NULL, NULL },
};

/* By kind: what is put between a server of one's own and a path. */
static const char *const api_paths[] = { "/api/v3", "/api/v4", "/api/v1" };

static const struct kind *kind_of(const char *text)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strncmp(text, kinds[i].prefix, strlen(kinds[i].prefix)) ==
			0)
			return &kinds[i];
	}
	return NULL;
}

int ks_forge_place_kind(const char *text)
{
	const struct kind *kind = kind_of(text);

	return kind ? (int)kind->kind : -1;
}

static bool is_part(const char *p, size_t n)
{
	if (n == 0 || *p == '-' || (n == 1 && *p == '.') ||
		(n == 2 && p[0] == '.' && p[1] == '.'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)p[i]) && p[i] != '-' &&
			p[i] != '_' && p[i] != '.')
			return false;
	}
	return true;
}

bool ks_forge_place_is_name(const char *name)
{
	if (strlen(name) > NAME_MAX_BYTES)
		return false;
	for (;;) {
		size_t n = strcspn(name, "/");

		if (!is_part(name, n))
			return false;
		if (!name[n])
			return true;
		name += n + 1;
	}
}

static int wrong(const char *text, const char *hint, struct ks_err *err)
{
	struct ks_buf shown = { 0 };
	int rc = ks_url_show(&shown, text);

	if (rc < 0 || !ks_buf_str(&shown))
		rc = ks_fail_nomem(err);
	else
		rc = ks_fail(err, KS_E_USAGE, "'%s': %s", (const char *)shown.p,
			hint);
	ks_buf_release(&shown);
	return rc;
}

static char *join(struct ks_arena *arena, struct ks_span head, const char *tail)
{
	struct ks_buf text = { 0 };
	char *out = NULL;

	if (ks_buf_add(&text, head.p, head.n) == KS_OK &&
		ks_buf_add_str(&text, tail) == KS_OK)
		out = ks_arena_copy(arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return out;
}

/* "host[:port]" of ${web}, in lower case. */
static char *host_of(struct ks_arena *arena, const char *web)
{
	const char *from = strstr(web, "://") + 3;
	char *host = ks_arena_copy(arena, ks_span_of(from, strcspn(from, "/")));

	for (char *p = host; p && *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return host;
}

/* How many parts of ${path} are the owner's name: GitLab's groups have any. */
static size_t owner_at(enum ks_forge_kind kind, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (kind == KS_FORGE_GITLAB || !slash)
		return 0;
	return (size_t)(slash - path) + 1;
}

/* "https://HOST[:PORT]/[PATH/]OWNER" behind the kind. */
static int parse_own(struct ks_forge_place *out, const char *text,
	struct ks_arena *arena, struct ks_err *err)
{
	struct ks_url url;
	struct ks_span path;
	struct ks_buf origin = { 0 };
	const char *rest;
	size_t at;
	int rc = ks_url_parse(&url, text, err);

	if (rc < 0)
		return rc;
	if (!ks_url_is(&url, "https") &&
		!(ks_url_is(&url, "http") && ks_url_is_loopback(&url)))
		return wrong(text, "a server is asked over https only", err);
	if (url.user.n || url.password.n || url.query.n || url.host.n == 0)
		return wrong(text,
			"no credentials go here: see the variables and files "
			"that tokens come from",
			err);
	path = url.path;
	while (path.n && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n < 2)
		return wrong(text,
			"it names a server, but whose "
			"repositories? https://HOST/NAME",
			err);
	rest = ks_arena_copy(arena, ks_span_cut(path, 1, path.n));
	if (!rest || ks_url_add_origin(&origin, &url) < 0) {
		ks_buf_release(&origin);
		return ks_fail_nomem(err);
	}
	at = owner_at(out->kind, rest);
	out->owner = rest + at;
	if (at > 0 && ks_buf_printf(&origin, "/%.*s", (int)at - 1, rest) < 0)
		rest = NULL;
	out->web = join(arena, ks_buf_span(&origin), "");
	out->api = join(arena, ks_buf_span(&origin), api_paths[out->kind]);
	ks_buf_release(&origin);
	return rest && out->web && out->api ? KS_OK : ks_fail_nomem(err);
}

int ks_forge_place_parse(struct ks_forge_place *out, const char *text,
	struct ks_arena *arena, struct ks_err *err)
{
	const struct kind *kind = kind_of(text);
	const char *rest = kind ? text + strlen(kind->prefix) : text;
	int rc = KS_OK;

	*out = (struct ks_forge_place){ .text = text };
	if (!kind)
		return wrong(text,
			"it is none of github:, gitlab:, gitea: and "
			"forgejo:",
			err);
	out->kind = kind->kind;
	if (strstr(rest, "://")) {
		rc = parse_own(out, rest, arena, err);
	} else if (!kind->web) {
		return wrong(text, "which server? Like gitea:https://HOST/NAME",
			err);
	} else {
		out->owner = ks_arena_copy(arena, ks_span_str(rest));
		out->web = kind->web;
		out->api = kind->api;
	}
	if (rc < 0)
		return rc;
	out->host = out->owner ? host_of(arena, out->web) : NULL;
	if (!out->host)
		return ks_fail_nomem(err);
	if (!ks_forge_place_is_name(out->owner))
		return wrong(text, "that is no name", err);
	if (out->kind != KS_FORGE_GITLAB && strchr(out->owner, '/'))
		return wrong(text,
			"it is to name who owns repositories; a "
			"single one is named by its URL",
			err);
	for (size_t i = 0; i < 2; i++) {
		if (strcmp(out->web, kinds[i].web) == 0) {
			out->is_public = true;
			out->api = kinds[i].api;
		}
	}
	return KS_OK;
}
