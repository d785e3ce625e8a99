/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the summary: a label, and what it says beside it. */
#include "report/row.h"

void ks_row_begin(struct ks_pen *pen, const char *label)
{
	if (pen->column > 0)
		ks_pen_break(pen, 0);
	ks_pen_set(pen, KS_PEN_TITLE);
	ks_pen_put(pen, label);
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_pad(pen, KS_ROW_VALUES);
}
