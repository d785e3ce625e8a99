/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that are tried only near a match of another rule. */
#ifndef KS_MATCH_NEAR_H
#define KS_MATCH_NEAR_H

#include "match/confirm.h"

/*
 * For each match in ${matches} of a rule that others name as `near`, append
 * the matches of these that start within their lines of its secret's first
 * line. O(rules) where no match is such a one. Errors as ks_confirm_at().
 */
KS_MUST_CHECK int ks_near_find(struct ks_confirm *confirm,
	struct ks_span subject, struct ks_matches *matches, struct ks_err *err);

#endif
