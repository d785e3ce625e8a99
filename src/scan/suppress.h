/* SPDX-License-Identifier: Apache-2.0 */
/* Which of what was found is not to be reported. */
#ifndef KS_SCAN_SUPPRESS_H
#define KS_SCAN_SUPPRESS_H

#include "scan/origins.h"

#include <keysieve/finding.h>

/* Initialise gather and origins, the rest with zero. */
struct ks_suppress {
	const struct ks_gather *gather;
	const struct ks_origins *origins;
	struct ks_suppressed counts; /* out */
};

/* Why a finding is not reported; zero if it is. */
struct ks_suppress_verdict {
	bool is_suppressed;
	enum ks_suppression by;
	const char *reason;
};

/*
 * Decide on the ${count} hits ${hits} of one secret, which are all it has,
 * sorted: oldest first. Of a finding that is reported, the places that may
 * stand are noted in hits[].hidden.
 */
KS_MUST_CHECK int ks_suppress_decide(struct ks_suppress *suppress,
	struct ks_hit *hits, size_t count, struct ks_suppress_verdict *out);

#endif
