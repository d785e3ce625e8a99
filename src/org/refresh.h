/* SPDX-License-Identifier: Apache-2.0 */
/* Which known places of findings HEAD still has. */
#ifndef KS_ORG_REFRESH_H
#define KS_ORG_REFRESH_H

#include "source/layout.h"
#include "store/state.h"

#include <keysieve/scan.h>

struct ks_refresh {
	struct ks_state *state;
	int64_t repository;
	const struct ks_layout *layout;
	const struct ks_scan_options *options;
	bool is_audited; /* an audit has just told what HEAD has */
};

/*
 * Bring in_head of the known places up to date: what HEAD has at a path is
 * either the blob that was seen there, or nothing, or it is scanned now. Where
 * HEAD cannot be read all stays as it is. Errors of the store;
 * KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_refresh_places(
	const struct ks_refresh *refresh, struct ks_err *err);

#endif
