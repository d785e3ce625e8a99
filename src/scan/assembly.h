/* SPDX-License-Identifier: Apache-2.0 */
/* One finding out of its hits. */
#ifndef KS_SCAN_ASSEMBLY_H
#define KS_SCAN_ASSEMBLY_H

#include "scan/origins.h"
#include "scan/people.h"
#include "scan/snippet.h"

/* What all findings of a result are made with. */
struct ks_assembly {
	struct ks_gather *gather;
	struct ks_origins *origins;
	struct ks_people *people;
	struct ks_hide *hide;
	struct ks_snippets *snippets;
	struct ks_arena *arena; /* of the result */
};

/*
 * Fill ${out} from the ${count} hits ${hits} (sorted: oldest first) of
 * secret ${secret}; all strings and arrays come from assembly->arena. The
 * pair is left empty. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_assembly_finding(struct ks_assembly *assembly,
	struct ks_finding *out, uint32_t secret, const struct ks_hit *hits,
	size_t count);

/*
 * The age of ${hit}, to sort by: the less the older, those without a commit
 * last.
 */
uint32_t ks_assembly_age(
	const struct ks_assembly *assembly, const struct ks_hit *hit);

#endif
