/* SPDX-License-Identifier: Apache-2.0 */
/* Baselines: findings that are known. */
#ifndef KS_CONTROL_BASELINE_H
#define KS_CONTROL_BASELINE_H

#include "base/arena.h"
#include "base/err.h"

#include <keysieve/baseline.h>

struct ks_baseline {
	struct ks_arena arena; /* holds all strings */
	struct ks_baseline_entry *list;
	size_t count;
	size_t cap;
	bool is_sorted; /* by fingerprint, each one once */
};

/*
 * Sort it now, if it is not; until the next change ks_baseline_find() then
 * changes nothing, and threads may share it.
 */
void ks_baseline_sort(struct ks_baseline *baseline);

#endif
