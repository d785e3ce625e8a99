/* SPDX-License-Identifier: Apache-2.0 */
/* What was found and is not reported, as the summary and JSON tell it. */
#ifndef KS_REPORT_ALLOWED_H
#define KS_REPORT_ALLOWED_H

#include "report/pen.h"

#include <jansson.h>
#include <keysieve/finding.h>

/* Write a line for each finding that may stand, if they are to be listed. */
void ks_allowed_list(struct ks_pen *pen, const struct ks_result *result);

/* Write the rows about it, if there is anything to tell. */
void ks_allowed_write(struct ks_pen *pen, const struct ks_result *result);

/* The counts as an object; NULL when memory ran out. */
json_t *ks_allowed_record(const struct ks_result *result);

#endif
