/* SPDX-License-Identifier: Apache-2.0 */
/* How to get on whose push or commit was stopped, in the very case. */
#ifndef KS_REPORT_WAY_OUT_H
#define KS_REPORT_WAY_OUT_H

#include "report/pen.h"

#include <keysieve/report.h>
#include <keysieve/scan.h>

/* What is being told. */
struct ks_stopping {
	struct ks_pen pen;
	const struct ks_result *result;
	const struct ks_stop_options *options;
	const struct ks_finding *finding;
	const struct ks_occurrence *at;
};

/* Begin the row ${label}. */
void ks_way_out_row(struct ks_pen *pen, const char *label);

/* What is pushed with the hex id ${id} as its tip; NULL: nothing. */
const struct ks_ref_update *ks_way_out_tip(
	const struct ks_stopping *stopping, const char *id);

/* Does stopping->at stand in the text of a file? */
bool ks_way_out_is_file(const struct ks_stopping *stopping);

/* Does its path begin with ${kind}: "commit:", "tag:", "ref:", "blob:"? */
bool ks_way_out_is_in(const struct ks_stopping *stopping, const char *kind);

/* Write how to get rid of it. */
void ks_way_out_fix(struct ks_stopping *stopping);

/* Write what to do if it is no secret. */
void ks_way_out_allow(struct ks_stopping *stopping);

#endif
