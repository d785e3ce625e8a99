/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format markdown: a summary for a pull request, in GitHub's Markdown,
 * which the other hosts read too. Hosts cut long comments: so does it.
 */
#include "report/escape.h"
#include "report/number.h"
#include "report/place.h"
#include "report/record.h"
#include "report/tally.h"
#include "report/uri.h"
#include "report/writer.h"

#include <inttypes.h>
#include <string.h>

enum {
	FINDINGS_SHOWN = 100,
	SKIPS_SHOWN = 20,
	COMMIT_DIGITS = 12,
	DAY_LENGTH = 10 /* of YYYY-MM-DD */
};

static void put_code(struct ks_escape *out, struct ks_span text)
{
	fputs("<code>", out->file);
	ks_escape_span(out, KS_ESCAPE_MARKDOWN, text);
	fputs("</code>", out->file);
}

static void put_heading(const struct ks_report *report)
{
	const struct ks_result *result = report->result;
	char count[KS_NUMBER_MAX];
	size_t in_head = 0;

	for (size_t i = 0; i < result->finding_count; i++)
		in_head += result->findings[i].in_head;
	ks_number_count(count, result->finding_count);
	if (result->finding_count == 0)
		fputs("## keysieve: no secrets found\n", report->file);
	else
		fprintf(report->file, "## keysieve: %s secret%s found", count,
			result->finding_count == 1 ? "" : "s");
	if (result->finding_count > 0 && result->is_repository) {
		ks_number_count(count, in_head);
		fprintf(report->file, ", %s in HEAD", count);
	}
	fputs(result->finding_count > 0 ? "\n\n" : "\n", report->file);
}

/* The day, the commit and the author that brought it in. */
static void put_since(struct ks_escape *out, const struct ks_occurrence *oldest)
{
	char date[KS_RECORD_DATE_MAX];

	ks_record_date(date, oldest);
	fprintf(out->file, "%.*s", DAY_LENGTH, date);
	if (oldest->commit[0]) {
		fputc(' ', out->file);
		put_code(out, ks_span_of(oldest->commit,
				      strnlen(oldest->commit, COMMIT_DIGITS)));
	}
	if (oldest->author[0]) {
		fputc(' ', out->file);
		put_code(out, ks_span_str(oldest->author));
	}
}

static void put_row(struct ks_escape *out, const struct ks_report *report,
	const struct ks_finding *finding)
{
	const struct ks_occurrence *at = ks_place_to_show(finding);

	fputs("| ", out->file);
	ks_escape_str(out, KS_ESCAPE_MARKDOWN, finding->rule_name);
	fputs("<br>", out->file);
	put_code(out, ks_record_secret(finding, report->options));
	fputs(" | ", out->file);
	put_code(out, ks_span_str(at->path));
	fprintf(out->file, " line %" PRIu64 " | ", at->line);
	if (report->result->is_repository) {
		fprintf(out->file, "%s%s%s | ", finding->in_head ? "**" : "",
			ks_place_standing(finding),
			finding->in_head ? "**" : "");
		put_since(out, &finding->occurrences[0]);
		fputs(" | ", out->file);
	}
	fprintf(out->file, "%.0f %% |\n", finding->confidence * 100);
}

static void put_table(struct ks_escape *out, const struct ks_report *report)
{
	const struct ks_result *result = report->result;
	size_t shown = result->finding_count;

	if (shown == 0)
		return;
	if (shown > FINDINGS_SHOWN)
		shown = FINDINGS_SHOWN;
	fputs(result->is_repository
			? "| Secret | Where | Stands | Since | Sure |\n"
			  "|---|---|---|---|--:|\n"
			: "| Secret | Where | Sure |\n|---|---|--:|\n",
		out->file);
	for (size_t i = 0; i < shown; i++)
		put_row(out, report, &result->findings[i]);
	if (shown < result->finding_count)
		fprintf(out->file, "\nand %zu more.\n",
			result->finding_count - shown);
}

static int put_advice(struct ks_escape *out, const struct ks_report *report,
	struct ks_err *err)
{
	const struct ks_result *result = report->result;
	struct ks_tally tally = { 0 };
	int rc = ks_tally_count(
		&tally, result->findings, result->finding_count, err);

	if (!rc && tally.count > 0)
		fputs("\n**Rotate them first**: whoever has a copy of the "
		      "repository has them. Removing them from the history "
		      "comes after that.\n\n",
			out->file);
	for (size_t i = 0; i < tally.count && !rc; i++) {
		const struct ks_finding *first = tally.rules[i].first;

		if (!ks_uri_is_link(first->rotate))
			continue;
		fputs("- ", out->file);
		ks_escape_str(out, KS_ESCAPE_MARKDOWN, first->rule_name);
		fprintf(out->file, ": <%s>\n", first->rotate);
	}
	ks_tally_release(&tally);
	return rc;
}

static void put_left_out(struct ks_escape *out, const struct ks_result *result)
{
	size_t shown = 0;

	if (result->is_complete)
		return;
	fputs("\n**Not all could be scanned:**\n\n", out->file);
	for (size_t i = 0; i < result->skip_count; i++) {
		const struct ks_skip *skip = &result->skips[i];

		if (!ks_skip_is_incomplete(skip->reason))
			continue;
		if (++shown > SKIPS_SHOWN) {
			fputs("- and more\n", out->file);
			return;
		}
		fprintf(out->file, "- %s: ", ks_skip_reason_name(skip->reason));
		put_code(out, ks_span_str(skip->what));
		fputc('\n', out->file);
	}
}

static void put_covered(const struct ks_report *report)
{
	const struct ks_coverage *coverage = &report->result->coverage;
	char objects[KS_NUMBER_MAX];
	char bytes[KS_NUMBER_MAX];

	if (coverage->bytes == 0)
		return;
	ks_number_count(objects, report->result->is_repository
					 ? coverage->blobs
					 : coverage->files);
	ks_number_bytes(bytes, coverage->bytes);
	fprintf(report->file, "\nScanned: %s %s, %s.\n", objects,
		report->result->is_repository ? "blobs" : "files", bytes);
}

int ks_markdown_write(const struct ks_report *report, struct ks_err *err)
{
	struct ks_escape out = { .file = report->file };
	int rc;

	put_heading(report);
	put_table(&out, report);
	rc = put_advice(&out, report, err);
	put_left_out(&out, report->result);
	put_covered(report);
	if (!rc && out.has_failed)
		rc = ks_fail_nomem(err);
	ks_escape_release(&out);
	return rc;
}
