/* SPDX-License-Identifier: Apache-2.0 */
/* Refs and what hangs together: tips, and what is missing. */
#ifndef KS_SCAN_HISTORY_H
#define KS_SCAN_HISTORY_H

#include "scan/gather.h"

/*
 * Read the refs of the repository: match their names (before the workers
 * are merged), note broken ones. KS_E_REPO, KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_history_refs(struct ks_gather *gather, struct ks_err *err);

/*
 * With everything merged: make the tips, peeled, and note what is missing:
 * objects that refs, commits and tags name, with --connectivity also those
 * that trees name; and that a clone is shallow or partial. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_history_check(
	struct ks_gather *gather, struct ks_err *err);

#endif
