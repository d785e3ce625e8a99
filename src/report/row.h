/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the summary: a label, and what it says beside it. */
#ifndef KS_REPORT_ROW_H
#define KS_REPORT_ROW_H

#include "report/pen.h"

/* Columns. */
enum {
	KS_ROW_VALUES = 10, /* where values begin */
	KS_ROW_INSIDE = 12  /* where what belongs to a value does */
};

/* Begin the row ${label}, on a new line; the pen is at its value then. */
void ks_row_begin(struct ks_pen *pen, const char *label);

#endif
