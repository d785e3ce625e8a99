/* SPDX-License-Identifier: Apache-2.0 */
/* What a person is told whose push or commit was stopped. */
#include "report/number.h"
#include "report/way_out.h"
#include "report/writer.h"

#include <string.h>

/* Columns. */
enum {
	MOST_LINE = 240,
	MOST_SUBJECT = 60
};

enum {
	FINDINGS_SHOWN = 20,
	COMMIT_DIGITS = 12
};

static void write_heading(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_stop_options *options = stopping->options;
	size_t count = stopping->result->finding_count;
	const char *plural = count == 1 ? "" : "s";

	ks_pen_set(pen, KS_PEN_URGENT);
	if (options->what == KS_STOP_COMMIT) {
		ks_pen_printf(pen,
			"keysieve: commit stopped: %zu secret%s "
			"would go in",
			count, plural);
	} else if (options->what == KS_STOP_RECEIVE) {
		ks_pen_printf(pen,
			"keysieve: push refused: it brings %zu "
			"secret%s",
			count, plural);
	} else {
		ks_pen_put(pen, "keysieve: push");
		if (options->remote && options->remote[0]) {
			ks_pen_put(pen, " to '");
			ks_pen_str(pen, options->remote, 0);
			ks_pen_put(pen, "'");
		}
		ks_pen_printf(pen, " stopped: %zu secret%s would go out", count,
			plural);
	}
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_break(pen, 0);
}

static void write_place(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;

	ks_pen_break(pen, 0);
	ks_pen_set(pen, KS_PEN_TITLE);
	if (ks_way_out_is_in(stopping, "commit:"))
		ks_pen_put(pen, "the message of the commit");
	else if (ks_way_out_is_in(stopping, "tag:"))
		ks_pen_put(pen, "the message of a tag");
	else if (at->is_name)
		ks_pen_put(pen, "the path ");
	if (!ks_way_out_is_in(stopping, "commit:") &&
		!ks_way_out_is_in(stopping, "tag:"))
		ks_pen_str(pen, at->path, 0);
	if (ks_way_out_is_file(stopping) && !at->is_name)
		ks_pen_printf(pen, ":%llu:%llu", (unsigned long long)at->line,
			(unsigned long long)at->column);
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_put(pen, "  ");
	ks_pen_str(pen, stopping->finding->rule_name, 80);
	ks_way_out_row(pen, "line");
	ks_pen_str(pen, at->snippet, ks_pen_room(pen, MOST_LINE));
}

static void write_commit(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;
	size_t more = stopping->finding->occurrence_count - 1;

	if (at->commit[0]) {
		ks_way_out_row(pen, "commit");
		ks_pen_printf(pen, "%.*s ", COMMIT_DIGITS, at->commit);
		ks_pen_str(pen, at->message, MOST_SUBJECT);
		if (!ks_way_out_tip(stopping, at->commit))
			ks_pen_put(pen, " (not the last one)");
	}
	if (more) {
		ks_way_out_row(pen, "also");
		ks_pen_printf(
			pen, "at %zu more place%s", more, more == 1 ? "" : "s");
	}
}

static void write_why(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_finding *finding = stopping->finding;
	char number[KS_NUMBER_MAX];

	ks_way_out_row(pen, "why");
	ks_pen_put(pen, "rule ");
	ks_pen_str(pen, finding->rule, 80);
	ks_number_decimal(number, finding->confidence, 2);
	ks_pen_printf(pen, ", confidence %s", number);
	ks_number_decimal(number, finding->entropy, 1);
	ks_pen_printf(pen, ", %s bits per character", number);
	for (size_t i = 0; i < finding->fact_count; i++) {
		ks_pen_put(pen, ", ");
		ks_pen_str(pen, finding->facts[i].name, 40);
		ks_pen_put(pen, " ");
		ks_pen_str(pen, finding->facts[i].value, 80);
	}
}

static void write_rotate(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;

	ks_way_out_row(pen, "rotate");
	ks_pen_put(pen, "it too, if it was ever pushed or shared");
	if (stopping->finding->rotate[0]) {
		ks_pen_put(pen, ": ");
		ks_pen_str(pen, stopping->finding->rotate, 0);
	}
}

/* Is the way out the one that ${before} (may be NULL) was told with? */
static bool is_as_before(
	const struct ks_finding *before, const struct ks_finding *now)
{
	const struct ks_occurrence *at = &now->occurrences[0];
	const struct ks_occurrence *other;

	if (!before)
		return false;
	other = &before->occurrences[0];
	return strcmp(at->path, other->path) == 0 &&
	       strcmp(at->commit, other->commit) == 0 &&
	       at->is_name == other->is_name;
}

/* What goes for the finding ${before} too is not said again. */
static void write_finding(struct ks_stopping *stopping,
	const struct ks_finding *finding, const struct ks_finding *before)
{
	stopping->finding = finding;
	stopping->at = &finding->occurrences[0];
	write_place(stopping);
	write_commit(stopping);
	write_why(stopping);
	if (!is_as_before(before, finding))
		ks_way_out_fix(stopping);
	ks_way_out_allow(stopping);
	if (!before || strcmp(before->rule, finding->rule) != 0)
		write_rotate(stopping);
	ks_pen_break(&stopping->pen, 0);
}

static void write_end(struct ks_stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	size_t count = stopping->result->finding_count;

	if (count > FINDINGS_SHOWN) {
		ks_pen_break(pen, 0);
		ks_pen_printf(pen, "and %zu more", count - FINDINGS_SHOWN);
		ks_pen_break(pen, 0);
	}
	ks_pen_break(pen, 0);
	switch (stopping->options->what) {
	case KS_STOP_COMMIT:
		ks_pen_put(pen, "Nothing was committed. To commit all the "
				"same: git commit --no-verify");
		break;
	case KS_STOP_PUSH:
		ks_pen_put(pen, "Nothing was pushed. To push all the same: "
				"git push --no-verify");
		break;
	default:
		ks_pen_put(pen, "Nothing was taken in.");
	}
	ks_pen_break(pen, 0);
}

int ks_report_stop(FILE *file, const struct ks_result *result,
	const struct ks_stop_options *options, struct ks_err *err)
{
	struct ks_stopping stopping = {
		.pen = { .file = file,
			.width = options->width,
			.has_colour = options->colour },
		.result = result,
		.options = options,
	};
	int rc;

	write_heading(&stopping);
	for (size_t i = 0; i < result->finding_count && i < FINDINGS_SHOWN; i++)
		write_finding(&stopping, &result->findings[i],
			i ? &result->findings[i - 1] : NULL);
	write_end(&stopping);
	rc = ks_writer_check(file, err);
	if (rc == KS_OK && stopping.pen.has_failed)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK && fflush(file) != 0)
		rc = ks_fail(err, KS_E_IO, "cannot write the report");
	ks_pen_release(&stopping.pen);
	return rc;
}
