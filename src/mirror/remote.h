/* SPDX-License-Identifier: Apache-2.0 */
/* What git may be asked to fetch from: git-fetch(1), "GIT URLS". */
#ifndef KS_MIRROR_REMOTE_H
#define KS_MIRROR_REMOTE_H

#include "base/arena.h"
#include "base/err.h"

/* A remote, its credentials apart. The strings belong to the arena. */
struct ks_remote {
	const char *url;   /* as git gets it: no password in it */
	const char *shown; /* as messages call it */
	const char *user;  /* NULL: git's credential helpers know */
	const char *password;
	const char *origin; /* "https://host", where they are for; or NULL */
};

/*
 * Check ${url}: https, http, ssh, git, file, "user@host:path" or an absolute
 * path. KS_E_USAGE: it begins with '-', names a program as "ext::" does, or
 * has another form; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_remote_parse(struct ks_remote *out, const char *url,
	struct ks_arena *arena, struct ks_err *err);

#endif
