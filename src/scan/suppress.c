/* SPDX-License-Identifier: Apache-2.0 */
/* Which of what was found is not to be reported. */
#include "scan/suppress.h"

#include "control/control.h"

int ks_suppress_decide(struct ks_suppress *suppress, struct ks_hit *hits,
	size_t count, struct ks_suppress_verdict *out)
{
	const struct ks_control *control = suppress->gather->options->control;
	size_t hidden = 0;
	size_t marked = 0;

	*out = (struct ks_suppress_verdict){ .reason = "" };
	for (size_t i = 0; i < count; i++)
		marked += hits[i].is_marked;
	if (control && !control->heeds_markers) {
		suppress->counts.markers_ignored += marked;
		marked = 0;
	}
	if (!control || !marked)
		return KS_OK;
	for (size_t i = 0; i < count; i++) {
		hits[i].hidden = hits[i].is_marked
					 ? KS_HIDDEN_FIRST | KS_HIDDEN_HEAD
					 : 0;
		hidden += hits[i].is_marked;
	}
	if (hidden < count) {
		suppress->counts.occurrences += hidden;
		return KS_OK;
	}
	for (size_t i = 0; i < count; i++)
		hits[i].hidden = 0;
	out->is_suppressed = true;
	out->by = KS_SUPPRESSED_INLINE;
	suppress->counts.findings[out->by]++;
	return KS_OK;
}
