/* SPDX-License-Identifier: Apache-2.0 */
/* Findings, coverage and skips as JSON: what jsonl and json share. */
#ifndef KS_REPORT_RECORD_H
#define KS_REPORT_RECORD_H

#include <keysieve/report.h>

#include "base/span.h"

#include <jansson.h>

enum {
	KS_RECORD_DATE_MAX = 32 /* bytes of a date, NUL included */
};

/*
 * Each returns a value that is the caller's, or NULL when memory ran out.
 * docs/output.md names the members.
 */
json_t *ks_record_finding(const struct ks_finding *finding,
	const struct ks_report_options *options);
json_t *ks_record_coverage(const struct ks_coverage *coverage);
json_t *ks_record_skip(const struct ks_skip *skip);

/* The names of the branches of ${finding}, as an array of strings. */
json_t *ks_record_branches(const struct ks_finding *finding);

/*
 * The date of ${occurrence} in UTC, ISO 8601, "" where nobody wrote it or
 * the year has not four digits.
 */
void ks_record_date(
	char out[KS_RECORD_DATE_MAX], const struct ks_occurrence *occurrence);

/*
 * The secret of ${finding} as ${options} let it be told: redacted, or its
 * bytes. Belongs to the finding.
 */
struct ks_span ks_record_secret(const struct ks_finding *finding,
	const struct ks_report_options *options);

#endif
