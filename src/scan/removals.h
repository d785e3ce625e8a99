/* SPDX-License-Identifier: Apache-2.0 */
/* Which commits removed what HEAD has no more. */
#ifndef KS_SCAN_REMOVALS_H
#define KS_SCAN_REMOVALS_H

#include "provenance/removed.h"
#include "scan/assembly.h"

/* Set assembly, zero the rest; ks_removals_release() frees. */
struct ks_removals {
	struct ks_assembly *assembly;
	struct ks_arena arena;
	struct ks_removed *things;
	struct ks_finding **findings; /* of each thing */
	size_t count;
	size_t cap;
	size_t finding_cap;
};

/*
 * Ask for the removal of ${finding}, which was made of the ${count} ${hits};
 * it is borrowed until ks_removals_find(). One that HEAD has, that is no
 * file's or that stands in the name of one is passed over. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_removals_want(struct ks_removals *removals,
	struct ks_finding *finding, const struct ks_hit *hits, size_t count);

/*
 * Fill finding->removed of all that were asked for. Where objects lack it
 * stays NULL: a tree that is not there looks like one that has nothing.
 * KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_removals_find(
	struct ks_removals *removals, struct ks_err *err);

void ks_removals_release(struct ks_removals *removals);

#endif
