/* SPDX-License-Identifier: Apache-2.0 */
/* What each format has to offer to ks_report_write(). */
#ifndef KS_REPORT_WRITER_H
#define KS_REPORT_WRITER_H

#include <keysieve/report.h>

#include "base/err.h"

/* All that a format may look at; borrowed for the call. */
struct ks_report {
	FILE *file;
	const struct ks_result *result;
	const struct ks_rules *rules;
	const struct ks_report_options *options;
};

/* A format: its name on the command line, and how it is written. */
struct ks_writer {
	const char *name;
	/*
	 * Write all of ${report} to its file, which is not flushed. A write
	 * that fails may go unnoticed until ks_writer_check(). KS_E_IO,
	 * KS_E_NOMEM.
	 */
	int (*write)(const struct ks_report *report, struct ks_err *err);
};

KS_MUST_CHECK int ks_text_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_jsonl_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_json_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_sarif_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_csv_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_junit_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_gitlab_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_github_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_html_write(
	const struct ks_report *report, struct ks_err *err);
KS_MUST_CHECK int ks_markdown_write(
	const struct ks_report *report, struct ks_err *err);

/*
 * KS_E_IO with the reason if a write to ${file} has failed. Formats call it
 * after each finding, so that the reason is still in errno and no time is
 * spent on a full disk.
 */
KS_MUST_CHECK int ks_writer_check(FILE *file, struct ks_err *err);

#endif
