/* SPDX-License-Identifier: Apache-2.0 */
/* Telling the result: the report, then what standard error is to know. */
#include "cli/deliver.h"

#include "base/buf.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/terminal.h"

#include <inttypes.h>
#include <keysieve/report.h>
#include <unistd.h>

enum {
	SKIPS_NAMED = 10 /* the report has more of them */
};

static struct ks_report_options report_options(
	const struct ks_settings *settings)
{
	struct ks_report_options options = {
		.format = (enum ks_format)settings->format,
		.show_secrets = settings->show_secrets,
		.occurrences = settings->occurrences,
		.by_rule = settings->group_by == KS_GROUP_BY_RULE,
		.quiet = settings->quiet,
	};

	if (!ks_output_is_stdout(settings->output)) {
		options.colour = settings->colour == KS_COLOUR_ALWAYS;
	} else {
		options.colour = ks_terminal_is_coloured(
			settings->colour, STDOUT_FILENO);
		options.width = ks_terminal_width(STDOUT_FILENO);
	}
	return options;
}

/* All that a report is made of. */
struct report {
	const struct ks_result *result;
	const struct ks_rules *rules;
	struct ks_report_options options;
};

static int write_report(FILE *file, void *payload, struct ks_err *err)
{
	const struct report *report = payload;

	return ks_report_write(
		file, report->result, report->rules, &report->options, err);
}

int ks_deliver_report(const struct ks_settings *settings,
	const struct ks_result *result, const struct ks_rules *rules,
	struct ks_err *err)
{
	struct report report = { result, rules, report_options(settings) };
	int rc = ks_output_put(settings->output, write_report, &report, err);

	if (rc == KS_E_IO && *ks_signals_cancel())
		return ks_fail(err, KS_E_INTERRUPTED,
			"interrupted while the report was written");
	return rc;
}

static uint64_t count_suppressed(const struct ks_result *result)
{
	uint64_t count = 0;

	for (int i = 0; i < KS_SUPPRESSION_COUNT; i++)
		count += result->suppressed.findings[i];
	return count;
}

static void say_found(const struct ks_result *result)
{
	const struct ks_coverage *coverage = &result->coverage;
	uint64_t allowed = count_suppressed(result);
	size_t in_head = 0;
	char head[64] = "";
	char more[64] = "";

	for (size_t i = 0; i < result->finding_count; i++)
		in_head += result->findings[i].in_head;
	if (result->is_repository && result->finding_count)
		snprintf(head, sizeof(head), ", %zu of them in HEAD", in_head);
	if (allowed)
		snprintf(more, sizeof(more), ", %" PRIu64 " more allowed",
			allowed);
	ks_say("%zu secret%s found%s%s; %" PRIu64 " %s, %.1f MB in %.1f s",
		result->finding_count, result->finding_count == 1 ? "" : "s",
		head, more,
		result->is_repository ? coverage->blobs : coverage->files,
		result->is_repository ? "blobs" : "files",
		(double)coverage->bytes / 1e6, coverage->seconds);
}

static void say_left_out(const struct ks_result *result)
{
	struct ks_buf counts = { 0 };
	const char *text;
	int rc = KS_OK;

	for (int i = 0; rc == KS_OK && i < KS_SKIP_REASON_COUNT; i++) {
		enum ks_skip_reason reason = (enum ks_skip_reason)i;

		if (!result->coverage.skips[i] ||
			!ks_skip_is_incomplete(reason))
			continue;
		rc = ks_buf_printf(&counts, "%s%" PRIu64 " %s",
			counts.n ? ", " : "", result->coverage.skips[i],
			ks_skip_reason_name(reason));
	}
	text = ks_buf_str(&counts);
	ks_say("not all could be scanned: %s",
		text && counts.n ? text : "see the report");
	ks_buf_release(&counts);
}

static void say_skips(const struct ks_result *result)
{
	size_t named = 0;

	for (size_t i = 0; i < result->skip_count; i++) {
		const struct ks_skip *skip = &result->skips[i];

		if (!ks_skip_is_incomplete(skip->reason))
			continue;
		if (++named > SKIPS_NAMED) {
			ks_say("and more: --format json names them");
			return;
		}
		ks_say("%s: %s%s%s", ks_skip_reason_name(skip->reason),
			skip->what, skip->detail[0] ? ": " : "", skip->detail);
	}
}

/* The closing lines of the text format, for a person at the terminal. */
static void summarise(
	const struct ks_settings *settings, const struct ks_result *result)
{
	struct ks_report_options options = {
		.colour = ks_terminal_is_coloured(
			settings->colour, STDERR_FILENO),
		.width = ks_terminal_width(STDERR_FILENO),
	};
	struct ks_err err = { 0 };

	if (ks_report_summarise(stderr, result, &options, &err) < 0)
		ks_say("%s", err.message);
}

static void tell_stderr(
	const struct ks_settings *settings, const struct ks_result *result)
{
	bool has_summary = settings->format == KS_FORMAT_TEXT &&
			   ks_output_is_stdout(settings->output) &&
			   !settings->quiet;

	if (!has_summary && !settings->quiet && isatty(STDERR_FILENO)) {
		summarise(settings, result);
		return;
	}
	if (!has_summary && !settings->quiet)
		say_found(result);
	if (result->is_complete)
		return;
	say_left_out(result);
	if (!has_summary)
		say_skips(result);
}

int ks_deliver(const struct ks_settings *settings,
	const struct ks_result *result, const struct ks_rules *rules)
{
	struct ks_err err = { 0 };

	if (ks_deliver_report(settings, result, rules, &err) < 0) {
		if (err.message[0])
			ks_say("%s", err.message);
		return KS_EXIT_FAILED;
	}
	tell_stderr(settings, result);
	if (result->finding_count > 0)
		return KS_EXIT_FOUND;
	return result->is_complete ? KS_EXIT_CLEAN : KS_EXIT_INCOMPLETE;
}
