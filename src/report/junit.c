/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format junit: XML as JUnit's ant task wrote it first and CI servers
 * read. That all was scanned is a test case; each finding is one that failed.
 */
#include "report/escape.h"
#include "report/number.h"
#include "report/place.h"
#include "report/record.h"
#include "report/writer.h"

#include <inttypes.h>

static void put(struct ks_escape *out, const char *text)
{
	ks_escape_str(out, KS_ESCAPE_XML, text);
}

static void put_totals(const struct ks_report *report)
{
	const struct ks_result *result = report->result;
	char seconds[KS_NUMBER_MAX];

	ks_number_decimal(seconds, result->coverage.seconds, 3);
	fprintf(report->file,
		" tests=\"%zu\" failures=\"%zu\" errors=\"%d\" skipped=\"%zu\""
		" time=\"%s\">\n",
		result->finding_count + result->suppressed_count + 1,
		result->finding_count, result->is_complete ? 0 : 1,
		result->suppressed_count, seconds);
}

static void put_coverage(struct ks_escape *out, const struct ks_result *result)
{
	fputs("<testcase classname=\"keysieve\" "
	      "name=\"all that was asked for was scanned\"",
		out->file);
	if (result->is_complete) {
		fputs("/>\n", out->file);
		return;
	}
	fputs("><error message=\"not all could be scanned\">", out->file);
	for (size_t i = 0; i < result->skip_count; i++) {
		const struct ks_skip *skip = &result->skips[i];

		if (!ks_skip_is_incomplete(skip->reason))
			continue;
		fprintf(out->file, "%s: ", ks_skip_reason_name(skip->reason));
		put(out, skip->what);
		if (skip->detail[0])
			fputs(": ", out->file);
		put(out, skip->detail);
		fputc('\n', out->file);
	}
	fputs("</error></testcase>\n", out->file);
}

static void put_details(struct ks_escape *out, const struct ks_report *report,
	const struct ks_finding *finding, const struct ks_occurrence *at)
{
	char sure[KS_NUMBER_MAX];

	ks_number_decimal(sure, finding->confidence, 2);
	put(out, at->path);
	fprintf(out->file, ":%" PRIu64 ":%" PRIu64 "\n", at->line, at->column);
	put(out, at->snippet);
	fprintf(out->file, "\nconfidence: %s\n", sure);
	if (report->result->is_repository)
		fprintf(out->file, "stands: %s\n", ks_place_standing(finding));
	if (finding->occurrences[0].commit[0]) {
		fputs("oldest commit: ", out->file);
		put(out, finding->occurrences[0].commit);
		fputs(" by ", out->file);
		put(out, finding->occurrences[0].author);
		fputc('\n', out->file);
	}
	if (finding->rotate[0]) {
		fputs("rotate it: ", out->file);
		put(out, finding->rotate);
		fputc('\n', out->file);
	}
	fprintf(out->file, "fingerprint: %s\n", finding->fingerprint);
}

static void put_case(struct ks_escape *out, const struct ks_report *report,
	const struct ks_finding *finding)
{
	const struct ks_occurrence *at = ks_place_to_show(finding);

	fputs("<testcase classname=\"", out->file);
	put(out, at->path);
	fputs("\" name=\"", out->file);
	put(out, finding->rule_name);
	fprintf(out->file, ", line %" PRIu64 "\" file=\"", at->line);
	put(out, at->path);
	fprintf(out->file, "\" line=\"%" PRIu64 "\">", at->line);
	if (finding->is_suppressed) {
		fputs("<skipped message=\"", out->file);
		put(out, ks_suppression_name(finding->suppression));
		fputs(finding->reason[0] ? ": " : "", out->file);
		put(out, finding->reason);
		fputs("\"/></testcase>\n", out->file);
		return;
	}
	fputs("<failure type=\"", out->file);
	put(out, finding->rule);
	fputs("\" message=\"", out->file);
	put(out, finding->rule_name);
	fputs(": ", out->file);
	ks_escape_span(
		out, KS_ESCAPE_XML, ks_record_secret(finding, report->options));
	fputs("\">", out->file);
	put_details(out, report, finding, at);
	fputs("</failure></testcase>\n", out->file);
}

static int put_list(struct ks_escape *out, const struct ks_report *report,
	const struct ks_finding *findings, size_t count, struct ks_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < count && !rc; i++) {
		put_case(out, report, &findings[i]);
		rc = ks_writer_check(out->file, err);
	}
	return rc;
}

int ks_junit_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	struct ks_escape out = { .file = report->file };
	int rc;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<testsuites name=\"keysieve\"",
		report->file);
	put_totals(report);
	fputs("<testsuite name=\"", report->file);
	put(&out, result->source);
	fputc('"', report->file);
	put_totals(report);
	put_coverage(&out, result);
	rc = put_list(
		&out, report, result->findings, result->finding_count, err);
	if (!rc)
		rc = put_list(&out, report, result->suppressed_findings,
			result->suppressed_count, err);
	fputs("</testsuite>\n</testsuites>\n", report->file);
	if (!rc && out.has_failed)
		rc = ks_fail_nomem(err);
	ks_escape_release(&out);
	return rc;
}
