/* SPDX-License-Identifier: Apache-2.0 */
/* Running git, for as long and for as many bytes as it may. */
#ifndef KS_MIRROR_GIT_H
#define KS_MIRROR_GIT_H

#include "base/buf.h"
#include "mirror/remote.h"

/* How git is run; what is NULL or 0 is no limit. */
struct ks_git_limits {
	const char *git;  /* its path */
	unsigned timeout; /* seconds */
	/* Asked several times a second; KS_OK, or why to stop. */
	int (*check)(void *payload, struct ks_err *err);
	void *payload;
	const volatile int *cancel;
};

/*
 * Run git with ${words} (which begin behind "git", end with NULL) on
 * ${remote}, fetched by ${refspec}: see environment.h. What it prints goes to
 * ${out} (emptied first), or nowhere if that is NULL.
 *
 * KS_E_NOTFOUND: there is no such repository there, or we may not see it;
 * KS_E_INTERRUPTED, what ${check} says; KS_E_LIMIT: it took too long or said
 * too much; KS_E_IO: anything else, with git's own last words.
 */
KS_MUST_CHECK int ks_git_run(struct ks_buf *out, const char *const *words,
	const struct ks_remote *remote, const char *refspec,
	const struct ks_git_limits *limits, struct ks_err *err);

#endif
