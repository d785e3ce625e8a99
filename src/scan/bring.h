/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning what some objects bring that others have not. */
#ifndef KS_SCAN_BRING_H
#define KS_SCAN_BRING_H

#include "source/layout.h"

#include <keysieve/scan.h>

/* Zero-initialise ({0}). */
struct ks_oids {
	struct ks_oid *list;
	size_t count;
	size_t cap;
};

/* KS_E_NOMEM. */
KS_MUST_CHECK int ks_oids_add(struct ks_oids *oids, const struct ks_oid *oid);

/* Zero-initialise and fill; ks_bring_release() frees. */
struct ks_bring {
	const struct ks_scan_options *options;
	const char *source; /* as the result is to call it */
	struct ks_layout layout;
	/* As in struct ks_commit_range_input. */
	struct ks_oids tips;
	struct ks_oids hidden;
	struct ks_oids known;
	const char **refs; /* names that are to be scanned too */
	size_t ref_count;
	/* It is a range of history: a shallow clone may end within it. */
	bool is_bounded;
};

/*
 * Scan what bring->tips lead to and bring->hidden and bring->known do not,
 * first with the least work: only where something is found the range is made
 * sure of, and what was there before is left out. Errors as ks_scan_push().
 */
KS_MUST_CHECK int ks_bring_scan(struct ks_result **out,
	const struct ks_bring *bring, struct ks_err *err);

void ks_bring_release(struct ks_bring *bring);

#endif
