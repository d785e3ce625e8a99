/* SPDX-License-Identifier: Apache-2.0 */
/* The format csv: RFC 4180, a row for each finding or for each place. */
#include "report/escape.h"
#include "report/number.h"
#include "report/place.h"
#include "report/record.h"
#include "report/writer.h"

#include <inttypes.h>

static const char heading[] =
	"fingerprint,rule,rule_name,confidence,state,path,line,column,commit,"
	"date,author,email,message,branches,occurrence_count,secret,snippet,"
	"rotate,suppressed,reason\r\n";

static void put(struct ks_escape *out, const char *text)
{
	ks_escape_str(out, KS_ESCAPE_CSV, text);
	fputc(',', out->file);
}

static void put_branches(
	struct ks_escape *out, const struct ks_finding *finding)
{
	struct ks_buf names = { 0 };

	for (size_t i = 0; i < finding->branch_count; i++) {
		if (ks_buf_printf(
			    &names, "%s%s", i ? " " : "", finding->branches[i]))
			out->has_failed = true;
	}
	ks_escape_span(out, KS_ESCAPE_CSV, ks_buf_span(&names));
	fputc(',', out->file);
	ks_buf_release(&names);
}

static void put_place(struct ks_escape *out, const struct ks_occurrence *at)
{
	char date[KS_RECORD_DATE_MAX];

	ks_record_date(date, at);
	put(out, at->path);
	fprintf(out->file, "%" PRIu64 ",%" PRIu64 ",", at->line, at->column);
	put(out, at->commit);
	put(out, date);
	put(out, at->author);
	put(out, at->email);
	put(out, at->message);
}

static const char *state_of(const struct ks_report *report,
	const struct ks_finding *finding, const struct ks_occurrence *at)
{
	if (!report->result->is_repository)
		return "";
	if (!report->options->occurrences)
		return ks_place_standing(finding);
	if (at->in_head)
		return "in HEAD";
	return at->is_reachable ? "in history" : "unreachable";
}

static void put_row(struct ks_escape *out, const struct ks_report *report,
	const struct ks_finding *finding, const struct ks_occurrence *at)
{
	char sure[KS_NUMBER_MAX];

	ks_number_decimal(sure, finding->confidence, 2);
	put(out, finding->fingerprint);
	put(out, finding->rule);
	put(out, finding->rule_name);
	fprintf(out->file, "%s,", sure);
	put(out, state_of(report, finding, at));
	put_place(out, at);
	put_branches(out, finding);
	fprintf(out->file, "%zu,", ks_place_count(finding));
	ks_escape_span(
		out, KS_ESCAPE_CSV, ks_record_secret(finding, report->options));
	fputc(',', out->file);
	put(out, at->snippet);
	put(out, finding->rotate);
	put(out, finding->is_suppressed
			 ? ks_suppression_name(finding->suppression)
			 : "");
	ks_escape_str(out, KS_ESCAPE_CSV,
		finding->is_suppressed ? finding->reason : "");
	fputs("\r\n", out->file);
}

static int put_list(struct ks_escape *out, const struct ks_report *report,
	const struct ks_finding *findings, size_t count, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct ks_finding *finding = &findings[i];
		size_t places = report->options->occurrences
					? finding->occurrence_count
					: 0;
		int rc;

		if (places == 0)
			put_row(out, report, finding,
				ks_place_to_show(finding));
		for (size_t k = 0; k < places; k++)
			put_row(out, report, finding, &finding->occurrences[k]);
		rc = ks_writer_check(out->file, err);
		if (rc)
			return rc;
	}
	return 0;
}

int ks_csv_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	struct ks_escape out = { .file = report->file };
	int rc;

	fputs(heading, report->file);
	rc = put_list(
		&out, report, result->findings, result->finding_count, err);
	if (!rc)
		rc = put_list(&out, report, result->suppressed_findings,
			result->suppressed_count, err);
	if (!rc && out.has_failed)
		rc = ks_fail_nomem(err);
	ks_escape_release(&out);
	return rc;
}
