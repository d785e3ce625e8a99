/* SPDX-License-Identifier: Apache-2.0 */
/* What a person is told whose push or commit was stopped. */
#include "report/comment.h"
#include "report/number.h"
#include "report/pen.h"
#include "report/writer.h"

#include <ctype.h>
#include <string.h>

/* Columns. */
enum {
	INDENT = 2,
	VALUES = 10, /* where what a label is for begins */
	MOST_LINE = 240,
	MOST_SUBJECT = 60
};

enum {
	FINDINGS_SHOWN = 20,
	COMMIT_DIGITS = 12
};

struct stopping {
	struct ks_pen pen;
	const struct ks_result *result;
	const struct ks_stop_options *options;
	const struct ks_finding *finding;
	const struct ks_occurrence *at;
};

static void begin_row(struct ks_pen *pen, const char *label)
{
	ks_pen_break(pen, INDENT);
	ks_pen_set(pen, KS_PEN_LABEL);
	ks_pen_put(pen, label);
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_pad(pen, VALUES);
}

/* A row of the way out: a command, or words. */
static void more_rows(struct ks_pen *pen)
{
	ks_pen_break(pen, VALUES);
}

static bool is_plain(const char *path)
{
	for (const char *p = path; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("._/-+=@%,", *p))
			return false;
	}
	return path[0] && path[0] != '-';
}

/* A path as a shell takes it. */
static void write_path(struct ks_pen *pen, const char *path)
{
	bool needs_quotes = !is_plain(path);

	if (path[0] == '-')
		ks_pen_put(pen, "-- ");
	if (needs_quotes)
		ks_pen_put(pen, "'");
	ks_pen_str(pen, path, 0);
	if (needs_quotes)
		ks_pen_put(pen, "'");
}

static bool is_tip(const struct stopping *stopping, const char *commit)
{
	for (size_t i = 0; i < stopping->options->tip_count; i++) {
		if (strcmp(stopping->options->tips[i], commit) == 0)
			return true;
	}
	return false;
}

/* What a hit is in that is no file: "commit:", "tag:", "ref:". */
static bool is_in(const struct stopping *stopping, const char *kind)
{
	return strncmp(stopping->at->path, kind, strlen(kind)) == 0;
}

static bool is_file(const struct stopping *stopping)
{
	return !is_in(stopping, "commit:") && !is_in(stopping, "tag:") &&
	       !is_in(stopping, "ref:") && !is_in(stopping, "blob:");
}

static void write_heading(struct stopping *stopping)
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

static void write_place(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;

	ks_pen_break(pen, 0);
	ks_pen_set(pen, KS_PEN_TITLE);
	if (is_in(stopping, "commit:"))
		ks_pen_put(pen, "the message of the commit");
	else if (is_in(stopping, "tag:"))
		ks_pen_put(pen, "the message of a tag");
	else
		ks_pen_str(pen, at->path, 0);
	if (is_file(stopping))
		ks_pen_printf(pen, ":%llu:%llu", (unsigned long long)at->line,
			(unsigned long long)at->column);
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_put(pen, "  ");
	ks_pen_str(pen, stopping->finding->rule_name, 80);
	begin_row(pen, "line");
	ks_pen_str(pen, at->snippet, ks_pen_room(pen, MOST_LINE));
}

static void write_commit(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;
	size_t more = stopping->finding->occurrence_count - 1;

	if (at->commit[0]) {
		begin_row(pen, "commit");
		ks_pen_printf(pen, "%.*s ", COMMIT_DIGITS, at->commit);
		ks_pen_str(pen, at->message, MOST_SUBJECT);
		if (!is_tip(stopping, at->commit))
			ks_pen_put(pen, " (not the last one)");
	}
	if (more) {
		begin_row(pen, "also");
		ks_pen_printf(
			pen, "at %zu more place%s", more, more == 1 ? "" : "s");
	}
}

static void write_why(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_finding *finding = stopping->finding;
	char number[KS_NUMBER_MAX];

	begin_row(pen, "why");
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

/* "git add FILE && git commit --amend --no-edit" */
static void write_amend(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;

	if (is_file(stopping)) {
		ks_pen_put(pen, "git add ");
		write_path(pen, stopping->at->path);
		ks_pen_put(pen, " && git commit --amend --no-edit");
	} else {
		ks_pen_put(pen, "git commit --amend");
	}
}

static void write_rebase(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;

	ks_pen_put(pen, "git rebase -i ");
	if (at->is_root) {
		ks_pen_put(pen, "--root");
	} else {
		ks_pen_printf(pen, "%.*s^", COMMIT_DIGITS, at->commit);
	}
	more_rows(pen);
	ks_pen_printf(pen, "  put 'edit' before %.7s, take it out there, then:",
		at->commit);
	more_rows(pen);
	write_amend(stopping);
	ks_pen_put(pen, " && git rebase --continue");
}

static void write_way_of_tag(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;

	if (is_in(stopping, "tag:"))
		ks_pen_put(pen, "make the tag anew: git tag -f -a NAME");
	else if (is_in(stopping, "ref:"))
		ks_pen_put(pen, "give the branch or tag another name");
	else
		ks_pen_put(pen, "delete the tag that holds it: git tag -d "
				"NAME");
}

/* How to get rid of it, in this very case. */
static void write_way_out(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;

	begin_row(pen, "fix");
	if (stopping->options->what == KS_STOP_COMMIT) {
		ks_pen_put(pen, "take it out, then: git add ");
		write_path(pen, at->path);
		more_rows(pen);
		ks_pen_put(pen, "or leave the file out: git reset -q ");
		write_path(pen, at->path);
	} else if (!at->commit[0]) {
		write_way_of_tag(stopping);
	} else if (is_tip(stopping, at->commit)) {
		ks_pen_put(pen, "take it out, then: ");
		write_amend(stopping);
	} else {
		write_rebase(stopping);
	}
}

static size_t indent_of(const char *text)
{
	return strspn(text, " \t");
}

/* The line to have instead if it is no secret. */
static void write_marker(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;
	const struct ks_occurrence *at = stopping->at;
	const struct ks_comment *comment = ks_comment_of(at->path);

	if (!is_file(stopping))
		return;
	begin_row(pen, "allow");
	if (!comment) {
		ks_pen_put(pen, "no secret? put into .keysieve.yaml:");
		more_rows(pen);
		ks_pen_printf(pen, "allow: [{fingerprint: %.16s, reason: WHY}]",
			stopping->finding->fingerprint);
		return;
	}
	ks_pen_printf(pen,
		"no secret? let line %llu%s be:", (unsigned long long)at->line,
		stopping->options->what == KS_STOP_COMMIT
			? ""
			: " (a new commit will do)");
	more_rows(pen);
	ks_pen_str(pen, at->snippet + indent_of(at->snippet), MOST_LINE);
	ks_pen_printf(
		pen, "  %skeysieve:allow%s", comment->open, comment->close);
}

static void write_rotate(struct stopping *stopping)
{
	struct ks_pen *pen = &stopping->pen;

	begin_row(pen, "rotate");
	ks_pen_put(pen, "it too, if it was ever pushed or shared");
	if (stopping->finding->rotate[0]) {
		ks_pen_put(pen, ": ");
		ks_pen_str(pen, stopping->finding->rotate, 0);
	}
}

static void write_finding(
	struct stopping *stopping, const struct ks_finding *finding)
{
	stopping->finding = finding;
	stopping->at = &finding->occurrences[0];
	write_place(stopping);
	write_commit(stopping);
	write_why(stopping);
	write_way_out(stopping);
	write_marker(stopping);
	write_rotate(stopping);
	ks_pen_break(&stopping->pen, 0);
}

static void write_end(struct stopping *stopping)
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
	struct stopping stopping = {
		.pen = { .file = file,
			.width = options->width,
			.has_colour = options->colour },
		.result = result,
		.options = options,
	};
	int rc;

	write_heading(&stopping);
	for (size_t i = 0; i < result->finding_count && i < FINDINGS_SHOWN; i++)
		write_finding(&stopping, &result->findings[i]);
	write_end(&stopping);
	rc = ks_writer_check(file, err);
	if (rc == KS_OK && stopping.pen.has_failed)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK && fflush(file) != 0)
		rc = ks_fail(err, KS_E_IO, "cannot write the report");
	ks_pen_release(&stopping.pen);
	return rc;
}
