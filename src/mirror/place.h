/* SPDX-License-Identifier: Apache-2.0 */
/* Where a mirror and its network's store lie, and what was there last. */
#ifndef KS_MIRROR_PLACE_H
#define KS_MIRROR_PLACE_H

#include "base/arena.h"
#include "mirror/listing.h"

/* The strings belong to the arena. */
struct ks_place {
	const char *repo;    /* what is scanned */
	const char *store;   /* where objects are: the network's, or repo */
	const char *name;    /* of the mirror: hex digits of its key's hash */
	const char *refspec; /* what is fetched to where in ${store} */
	bool is_shared;
};

/* Name all that is of ${key} and ${network} (may be NULL). KS_E_NOMEM. */
KS_MUST_CHECK int ks_place_find(struct ks_place *out, const char *folder,
	const char *key, const char *network, struct ks_arena *arena,
	struct ks_err *err);

/* What a mirror's last update left behind. In storage of the caller. */
struct ks_place_state {
	char listing[KS_LISTING_HEX]; /* "": there was none */
	char store[KS_LISTING_HEX];   /* which store it was */
	bool is_sha256;
};

/* Nothing is known where there is none, or none that makes sense. */
void ks_place_read(struct ks_place_state *out, const char *repo);

/* KS_E_IO, KS_E_NOMEM. */
KS_MUST_CHECK int ks_place_write(const char *repo,
	const struct ks_place_state *state, struct ks_err *err);

/* The next update is to look at all of it. KS_E_IO, KS_E_NOMEM. */
KS_MUST_CHECK int ks_place_forget(const char *repo, struct ks_err *err);

#endif
