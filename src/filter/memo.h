/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts remembered: a line is judged once, not in each version. */
#ifndef KS_FILTER_MEMO_H
#define KS_FILTER_MEMO_H

#include "base/err.h"
#include "filter/filter.h"

struct ks_memo_entry;

/* Belongs to one worker. Zero-initialise; ks_memo_release() frees. */
struct ks_memo {
	struct ks_memo_entry *entries; /* allocated when first needed */
};

/*
 * ks_filter_judge(), by looking it up where the same was asked before: the
 * versions of a file repeat most of their lines. Where memory runs out it is
 * judged anew.
 */
void ks_memo_judge(struct ks_memo *memo, struct ks_verdict *out,
	const struct ks_rule *rule, struct ks_span subject,
	const struct ks_match *match);

/* ${memo} may be zeroed. */
void ks_memo_release(struct ks_memo *memo);

#endif
