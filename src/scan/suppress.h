/* SPDX-License-Identifier: Apache-2.0 */
/* Which of what was found is not to be reported. */
#ifndef KS_SCAN_SUPPRESS_H
#define KS_SCAN_SUPPRESS_H

#include "control/control.h"
#include "scan/origins.h"

#include <keysieve/finding.h>

/*
 * What is decided by, and what came of it. ks_suppress_init() begins,
 * ks_suppress_release() frees.
 */
struct ks_suppress {
	const struct ks_gather *gather;
	const struct ks_origins *origins;
	const struct ks_control *control; /* NULL: all is reported */
	struct ks_suppressed counts;
	uint8_t *allow_used;    /* entry by entry of the configurations */
	uint8_t *baseline_used; /* and of the baseline */
	struct ks_allow_matcher matcher;
	size_t *fitting; /* entries that fit the secret at hand */
	size_t fitting_count;
};

/* Why a finding is not reported; zero if it is. */
struct ks_suppress_verdict {
	bool is_suppressed;
	enum ks_suppression by;
	const char *reason;
};

/* KS_E_NOMEM; ${suppress} is to be released then too. */
KS_MUST_CHECK int ks_suppress_init(struct ks_suppress *suppress,
	const struct ks_gather *gather, const struct ks_origins *origins);

/*
 * Decide on the ${count} hits ${hits} of one secret, which are all it has,
 * sorted: oldest first. Of a finding that is reported, the places that may
 * stand are noted in hits[].hidden. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_suppress_decide(struct ks_suppress *suppress,
	struct ks_hit *hits, size_t count, struct ks_suppress_verdict *out);

/* ${suppress} may be zeroed. */
void ks_suppress_release(struct ks_suppress *suppress);

#endif
