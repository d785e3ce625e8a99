/* SPDX-License-Identifier: Apache-2.0 */
/* Where a finding is, of all the places that it has. */
#include "report/place.h"

const struct ks_occurrence *ks_place_to_show(const struct ks_finding *finding)
{
	for (size_t i = 0; i < finding->occurrence_count; i++) {
		if (finding->occurrences[i].in_head)
			return &finding->occurrences[i];
	}
	return &finding->occurrences[0];
}

size_t ks_place_count(const struct ks_finding *finding)
{
	return finding->place_count > finding->occurrence_count
		       ? finding->place_count
		       : finding->occurrence_count;
}

bool ks_place_is_reachable(const struct ks_finding *finding)
{
	for (size_t i = 0; i < finding->occurrence_count; i++) {
		if (finding->occurrences[i].is_reachable)
			return true;
	}
	return false;
}

const char *ks_place_standing(const struct ks_finding *finding)
{
	if (finding->in_head)
		return "in HEAD";
	return ks_place_is_reachable(finding) ? "in history" : "unreachable";
}
