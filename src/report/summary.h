/* SPDX-License-Identifier: Apache-2.0 */
/* The closing lines: what was found, covered, left out, and what to do. */
#ifndef KS_REPORT_SUMMARY_H
#define KS_REPORT_SUMMARY_H

#include "report/writer.h"

/*
 * Write the summary of ${report}, whose rules may be NULL, for people.
 * Errors as those of a struct ks_writer.
 */
KS_MUST_CHECK int ks_summary_write(
	const struct ks_report *report, struct ks_err *err);

#endif
