/* SPDX-License-Identifier: Apache-2.0 */
/* What ks_origin_find() must answer, worked out the slow and plain way. */
#ifndef KS_TESTS_NAIVE_H
#define KS_TESTS_NAIVE_H

#include "history.h"

struct naive {
	struct ks_oid commit; /* all zeros: none */
	char path[256];
	bool has_path;
	char head_path[256];
	bool has_head_path;
	bool is_reachable;
	bool is_note;
	uint32_t branches[32];
	size_t branch_count;
};

/* Fill ${out} for ${oid}, after history_find() shuffled the tips. */
void naive_find(
	struct naive *out, struct history *history, const struct ks_oid *oid);

#endif
