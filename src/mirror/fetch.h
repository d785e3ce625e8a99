/* SPDX-License-Identifier: Apache-2.0 */
/* One update of one mirror, which the caller has locked. */
#ifndef KS_MIRROR_FETCH_H
#define KS_MIRROR_FETCH_H

#include "mirror/git.h"
#include "mirror/place.h"

struct ks_fetch {
	const struct ks_remote *remote;
	const struct ks_place *place;
	const struct ks_git_limits *limits;
	bool leads;
	bool is_suspect;
	bool is_optional;
	const char *known; /* listing that needs no mirror if there is none */
	/* What came of it. */
	char listing[KS_LISTING_HEX];
	bool is_absent; /* there is none, and it lists what was known */
	bool has_changed;
	bool is_new;
	bool was_renewed;
	bool is_partial; /* the network had most of it */
};

/* As ks_mirror_update(). */
KS_MUST_CHECK int ks_fetch_run(struct ks_fetch *fetch, struct ks_err *err);

/*
 * Take the refs of a mirror that is no more out of its network's store.
 * Errors of ks_git_run().
 */
KS_MUST_CHECK int ks_fetch_forget(const struct ks_place *place,
	const struct ks_git_limits *limits, struct ks_err *err);

#endif
