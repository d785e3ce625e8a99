/* SPDX-License-Identifier: Apache-2.0 */
/* One finding as a person reads it. */
#ifndef KS_REPORT_PARAGRAPH_H
#define KS_REPORT_PARAGRAPH_H

#include <keysieve/report.h>

#include "report/pen.h"

struct ks_paragraph {
	const struct ks_finding *finding;
	const struct ks_finding *pair; /* the other half; NULL: not reported */
	const struct ks_report_options *options;
	bool is_repository;
	bool has_heading; /* the rule's name stands above already */
};

/* Write ${paragraph}, several lines, to ${pen}. */
void ks_paragraph_write(
	struct ks_pen *pen, const struct ks_paragraph *paragraph);

#endif
