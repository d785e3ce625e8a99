/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format github: workflow commands of GitHub Actions, a line for each
 * finding, which the host shows beside the line of the file.
 */
#include "report/escape.h"
#include "report/number.h"
#include "report/place.h"
#include "report/record.h"
#include "report/sarif_rule.h"
#include "report/writer.h"

#include <inttypes.h>
#include <string.h>

static const char *command_of(double confidence)
{
	const char *level = ks_sarif_rule_level(confidence);

	return strcmp(level, "note") == 0 ? "notice" : level;
}

/* Is ${at} a place in a file that the host can open? */
static bool is_in_file(
	const struct ks_report *report, const struct ks_occurrence *at)
{
	if (!report->result->is_repository)
		return true;
	return at->in_head && at->blob[0];
}

static void put_place(struct ks_escape *out, const struct ks_occurrence *at)
{
	const char *inside = strstr(at->path, "!/");
	size_t n = inside ? (size_t)(inside - at->path) : strlen(at->path);

	fputs("file=", out->file);
	ks_escape_span(out, KS_ESCAPE_GITHUB_PROPERTY, ks_span_of(at->path, n));
	if (!inside && at->line > 0)
		fprintf(out->file,
			",line=%" PRIu64 ",endLine=%" PRIu64 ",col=%" PRIu64
			",endColumn=%" PRIu64,
			at->line, at->end_line, at->column, at->end_column);
	fputc(',', out->file);
}

static void put_finding(struct ks_escape *out, const struct ks_report *report,
	const struct ks_finding *finding)
{
	const struct ks_occurrence *at = ks_place_to_show(finding);
	char sure[KS_NUMBER_MAX];

	fprintf(out->file, "::%s ", command_of(finding->confidence));
	if (is_in_file(report, at))
		put_place(out, at);
	fputs("title=", out->file);
	ks_escape_str(out, KS_ESCAPE_GITHUB_PROPERTY, finding->rule_name);
	fputs("::", out->file);
	ks_escape_span(out, KS_ESCAPE_GITHUB,
		ks_record_secret(finding, report->options));
	fputs(" in ", out->file);
	ks_escape_str(out, KS_ESCAPE_GITHUB, at->path);
	ks_number_decimal(sure, finding->confidence, 2);
	fprintf(out->file, ":%" PRIu64 ", confidence %s", at->line, sure);
	if (report->result->is_repository)
		fprintf(out->file, ", %s", ks_place_standing(finding));
	if (finding->occurrences[0].commit[0]) {
		fputs(", since commit ", out->file);
		ks_escape_str(
			out, KS_ESCAPE_GITHUB, finding->occurrences[0].commit);
	}
	if (finding->rotate[0]) {
		fputs("%0ARotate it: ", out->file);
		ks_escape_str(out, KS_ESCAPE_GITHUB, finding->rotate);
	}
	fputc('\n', out->file);
}

int ks_github_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	struct ks_escape out = { .file = report->file };
	int rc = 0;

	for (size_t i = 0; i < result->finding_count && !rc; i++) {
		put_finding(&out, report, &result->findings[i]);
		rc = ks_writer_check(report->file, err);
	}
	if (!result->is_complete)
		fputs("::error title=keysieve::Not all could be scanned: the "
		      "format json names what was left out\n",
			report->file);
	if (result->is_complete && result->finding_count == 0)
		fputs("keysieve: no secrets found\n", report->file);
	if (!rc && out.has_failed)
		rc = ks_fail_nomem(err);
	ks_escape_release(&out);
	return rc;
}
