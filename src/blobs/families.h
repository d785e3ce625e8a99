/* SPDX-License-Identifier: Apache-2.0 */
/* Some objects in an order in which deltas follow what they are made of. */
#ifndef KS_BLOBS_FAMILIES_H
#define KS_BLOBS_FAMILIES_H

#include "blobs/store.h"

/* An object to be read. */
struct ks_member {
	const struct ks_oid *oid; /* borrowed */
	/* Out: */
	uint64_t place;  /* as of ks_reader_place() */
	uint32_t rank;   /* in the order */
	uint32_t family; /* those of one share bases; UINT32_MAX: of none */
	bool has_twin;   /* another member is a delta against the same base */
};

/*
 * Sort ${list}, ${count} objects of ${store}, depth first: the deltas of a
 * base come right behind it, with theirs, and so do those of a base that is
 * not in the list. So a reader needs to keep only what the last object was
 * made of. Those that lie by themselves come last. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_families_sort(const struct ks_store *store,
	struct ks_member *list, size_t count, struct ks_err *err);

#endif
