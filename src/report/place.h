/* SPDX-License-Identifier: Apache-2.0 */
/* Where a finding is, of all the places that it has. */
#ifndef KS_REPORT_PLACE_H
#define KS_REPORT_PLACE_H

#include <keysieve/finding.h>

/*
 * The place of ${finding} that a person would open: the oldest that stands
 * in HEAD, or else the oldest. Belongs to the finding.
 */
const struct ks_occurrence *ks_place_to_show(const struct ks_finding *finding);

/* How many places ${finding} has, those that are not told of too. */
size_t ks_place_count(const struct ks_finding *finding);

/* Is any place of ${finding} reachable from a ref or a reflog? */
bool ks_place_is_reachable(const struct ks_finding *finding);

/*
 * How far a finding of a repository can be seen: "in HEAD", "in history" or
 * "unreachable". Static.
 */
const char *ks_place_standing(const struct ks_finding *finding);

#endif
