/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing a fork up to date whose network's store has most of it. */
#ifndef KS_MIRROR_SHARE_H
#define KS_MIRROR_SHARE_H

#include "base/arena.h"
#include "mirror/git.h"
#include "mirror/place.h"

/* What of a fork the store lacks. Zero-initialise; ks_share_release() frees. */
struct ks_share {
	struct ks_arena arena;
	struct ks_share_ref *refs; /* the fork's */
	size_t ref_count;
	const char **refspecs; /* what git is to fetch */
	size_t refspec_count;
	bool is_possible;
};

/*
 * Compare ${listing}, the output of git ls-remote, with the refs of
 * ${place}'s store: what has the id of one that is there need not be fetched,
 * as git has made sure of all that it leads to. Not possible where nearly all
 * is to be fetched, or a name is none that git takes. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_share_plan(struct ks_share *share,
	const struct ks_place *place, struct ks_span listing, bool is_sha256,
	struct ks_err *err);

/*
 * Fetch what is lacking from ${remote}, if anything, and only then let the refs
 * of ${place}'s own repository be those of the listing; the store's are, once
 * ks_share_settle() has been called. Killed in the middle, the next update
 * finds nothing that it would take for done. Errors of ks_git_run().
 */
KS_MUST_CHECK int ks_share_fetch(const struct ks_share *share,
	const struct ks_place *place, const struct ks_remote *remote,
	const struct ks_git_limits *limits, struct ks_err *err);

/* What ks_share_settle() did is to be done again. KS_E_IO, KS_E_NOMEM. */
KS_MUST_CHECK int ks_share_unsettle(const char *store, struct ks_err *err);

/*
 * If it is to be: let the refs of ${store} lead to all that the ${count}
 * repositories ${repos}, called ${names} there, have refs to: those of the
 * first one, and of the others what no ref leads to yet. So a fetch of one has
 * not all refs of all to look at. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_share_settle(const char *store, const char *const *repos,
	const char *const *names, size_t count, struct ks_err *err);

void ks_share_release(struct ks_share *share);

#endif
