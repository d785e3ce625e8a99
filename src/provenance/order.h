/* SPDX-License-Identifier: Apache-2.0 */
/* The order of commits: which is the oldest. */
#ifndef KS_PROVENANCE_ORDER_H
#define KS_PROVENANCE_ORDER_H

#include "base/arena.h"
#include "provenance/origin.h"

/*
 * From where a commit is reached; the least that holds. A parent is never
 * behind its child in this order.
 */
enum ks_reach {
	KS_REACH_REF,    /* a ref that is not a note's */
	KS_REACH_NOTE,   /* refs/notes only */
	KS_REACH_REFLOG, /* a reflog's line only */
	KS_REACH_NONE
};

/* Zero-initialise ({0}); ks_order_release() frees what is not the arena's. */
struct ks_order {
	struct ks_oidmap index; /* commit id -> index into commits.list */
	uint8_t *reach;         /* enum ks_reach of each of commits.list */
	uint32_t *list;         /* indexes into commits.list, oldest first */
	size_t count;           /* of list; a commit added twice counts once */
};

/*
 * Order ${commits}: by reach, parents before children, then by time, then by
 * id. Parents that are not there (a shallow clone) do not matter. Ids that
 * are no hashes of their objects can make circles: those come last.
 * O(n log n) time, no recursion. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_order_build(struct ks_order *order,
	const struct ks_commits *commits, const struct ks_tip *tips,
	size_t tip_count, struct ks_arena *arena);

/* Is the ref called ${name} one of notes? */
bool ks_order_is_notes_ref(const char *name);

void ks_order_release(struct ks_order *order);

#endif
