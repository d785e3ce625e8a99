/* SPDX-License-Identifier: Apache-2.0 */
/* Which repositories an organisation has: GitHub, GitLab, Gitea, Forgejo. */
#ifndef KS_FORGE_FORGE_H
#define KS_FORGE_FORGE_H

#include "net/http.h"

/* One repository. The strings are borrowed for the call that gives them. */
struct ks_listed {
	const char *url;     /* to clone it from: https, without credentials */
	const char *name;    /* "owner/name", "group/sub/name" */
	const char *id;      /* "HOST:NUMBER", the same after a rename */
	const char *network; /* the id of what it and its forks stem from */
	uint64_t size;       /* bytes, as the server thinks; 0: it tells none */
	bool is_archived;
	bool is_fork;
	bool is_private;
	bool is_wiki;  /* there need be none, although it could */
	bool is_empty; /* GitHub does not tell */
};

/* What earlier answers are kept in, so that what is the same is not sent. */
struct ks_forge_cache {
	/*
	 * Append what was last put for ${url}: to ${etag} and ${text}, or to
	 * neither. Whatever it holds is checked.
	 */
	int (*get)(void *payload, const char *url, struct ks_buf *etag,
		struct ks_buf *text, struct ks_err *err);
	int (*put)(void *payload, const char *url, struct ks_span etag,
		struct ks_span text, struct ks_err *err);
	void *payload;
};

/* Zero-initialise ({0}): everything is listed. */
struct ks_forge_options {
	bool no_archived;
	bool no_forks;
	bool wikis; /* list each repository's wiki, too */
	/*
	 * Globs, NULL-terminated, or NULL: only what one of ${include} fits,
	 * and nothing that one of ${exclude} does. One with a '/' is for the
	 * whole name, one without for its last part; case does not matter.
	 */
	const char *const *include;
	const char *const *exclude;
	const char *credentials;            /* a file: token.h; NULL: none */
	const struct ks_forge_cache *cache; /* NULL: none */
	const struct ks_http_options *http; /* NULL: the defaults */
	size_t max;                         /* repositories; 0: 200,000 */
};

/*
 * Is ${text} a source, "github:NAME", "gitlab:GROUP[/SUB...]",
 * "gitea:https://HOST/NAME" (or "forgejo:"), rather than a URL or a path?
 */
bool ks_forge_is_source(const char *text);

/*
 * Call ${each} for each repository that ${source} has, ordered by id; it
 * returns KS_OK or what to stop with. A server of one's own is named by its
 * URL: "github:https://HOST/NAME", "gitlab:https://HOST/GROUP". Nothing is
 * given before the whole list is there: what is not in it does not exist.
 *
 * What servers say is checked: names, sizes, where the next page is; a
 * repository's URL is made from its name, and never theirs.
 *
 * KS_E_USAGE: no such form, not over https, a token that is not accepted;
 * KS_E_NOTFOUND: there is no such organisation, or none for us to see;
 * KS_E_CORRUPT: the answers make no sense; KS_E_LIMIT: too many, too large, too
 * long to wait; KS_E_IO, KS_E_UNSUPPORTED (no libcurl), KS_E_INTERRUPTED,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_forge_list(const char *source,
	const struct ks_forge_options *options,
	int (*each)(void *payload, const struct ks_listed *listed,
		struct ks_err *err),
	void *payload, struct ks_err *err);

/*
 * What git needs to fetch what ${source} lists: a name that its server takes
 * with any token, to ${user} (a constant), and the token, to ${token}
 * (emptied first, a NUL behind it; empty: there is none). ${credentials} as in
 * the options. KS_E_USAGE, KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_forge_login(const char **user, struct ks_buf *token,
	const char *source, const char *credentials, struct ks_err *err);

#endif
