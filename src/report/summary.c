/* SPDX-License-Identifier: Apache-2.0 */
/* The closing lines: what was found, covered, left out, and what to do. */
#include "report/summary.h"

#include "report/allowed.h"
#include "report/number.h"
#include "report/row.h"
#include "report/tally.h"

enum {
	VALUES = KS_ROW_VALUES,
	INSIDE = KS_ROW_INSIDE,
	MOST_LINE = 240, /* columns */

	RULES_SHOWN = 20,
	SKIPS_SHOWN = 5
};

/* How a count of skips reads: of one, of many. */
static const char *const skip_phrases[KS_SKIP_REASON_COUNT][2] = {
	[KS_SKIP_UNREADABLE] = { "unreadable", "unreadable" },
	[KS_SKIP_MISSING] = { "missing object, though others name it",
		"missing objects, though others name them" },
	[KS_SKIP_TOO_LARGE] = { "over the size limit (--max-blob-size)",
		"over the size limit (--max-blob-size)" },
	[KS_SKIP_LIMIT] = { "only in part: a limit was reached",
		"only in part: a limit was reached" },
	[KS_SKIP_SHALLOW] = { "commit without its parents: a shallow clone",
		"commits without their parents: a shallow clone" },
	[KS_SKIP_PARTIAL] = { "object left at the remote: a partial clone",
		"objects left at the remote: a partial clone" },
	[KS_SKIP_DANGLING] = { "ref that names an object not there",
		"refs that name objects not there" },
	[KS_SKIP_SPECIAL] = { "neither file nor folder",
		"neither files nor folders" },
	[KS_SKIP_GITLINK] = { "submodule: a repository of its own",
		"submodules: repositories of their own" },
	[KS_SKIP_LFS] = { "LFS pointer: the content is stored elsewhere",
		"LFS pointers: the content is stored elsewhere" },
	[KS_SKIP_TEMPORARY] = { "folder with files git had not finished",
		"folders with files git had not finished" },
	[KS_SKIP_NOT_UNPACKED] = { "not unpacked: damaged or encrypted",
		"not unpacked: damaged or encrypted" },
};

static void write_rules(struct ks_pen *pen, const struct ks_tally *tally)
{
	size_t shown = tally->count;

	if (shown > RULES_SHOWN + 1)
		shown = RULES_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		const struct ks_tally_rule *rule = &tally->rules[i];
		char count[KS_NUMBER_MAX];

		ks_number_count(count, rule->count);
		ks_pen_break(pen, VALUES);
		ks_pen_printf(pen, "%5s  ", count);
		ks_pen_str(pen, rule->first->rule_name, ks_pen_room(pen, 80));
		ks_pen_printf(pen, " (%s)", rule->first->rule);
	}
	if (shown < tally->count) {
		ks_pen_break(pen, VALUES);
		ks_pen_printf(
			pen, "       and %zu more rules", tally->count - shown);
	}
}

static int write_found(
	struct ks_pen *pen, const struct ks_result *result, struct ks_err *err)
{
	struct ks_tally tally = { 0 };
	char all[KS_NUMBER_MAX];
	char in_head[KS_NUMBER_MAX];
	char text[3 * KS_NUMBER_MAX];
	int rc = ks_tally_count(
		&tally, result->findings, result->finding_count, err);

	if (!rc) {
		ks_tally_sort(&tally);
		ks_number_count(all, result->finding_count);
		ks_number_count(in_head, tally.in_head);
		ks_row_begin(pen, "Found");
		snprintf(text, sizeof(text), "%s secret%s", all,
			result->finding_count == 1 ? "" : "s");
		ks_pen_put(pen, text);
		if (result->is_repository)
			ks_pen_printf(pen, ", %s of them in HEAD",
				tally.in_head ? in_head : "none");
		write_rules(pen, &tally);
	}
	ks_tally_release(&tally);
	return rc;
}

static void write_clean(struct ks_pen *pen, const struct ks_result *result)
{
	ks_pen_set(pen, result->is_complete ? KS_PEN_GOOD : KS_PEN_URGENT);
	ks_pen_put(pen, "No secrets found");
	ks_pen_put(pen,
		result->is_complete ? "." : ", but not all could be scanned.");
	ks_pen_set(pen, KS_PEN_PLAIN);
}

/* One "1,234 commits" of a list; ${list} begins empty. */
static void add_count(struct ks_buf *list, struct ks_pen *pen, uint64_t value,
	const char *noun)
{
	char count[KS_NUMBER_MAX];

	ks_number_count(count, value);
	if (ks_buf_printf(list, "%s%s %s%s", list->n ? ", " : "", count, noun,
		    value == 1 ? "" : "s"))
		pen->has_failed = true;
}

static void write_covered(struct ks_pen *pen, const struct ks_result *result)
{
	const struct ks_coverage *coverage = &result->coverage;
	char bytes[KS_NUMBER_MAX];
	char time[KS_NUMBER_MAX];
	char speed[KS_NUMBER_MAX];
	struct ks_buf list = { 0 };
	const char *text;

	if (result->is_repository) {
		add_count(&list, pen, coverage->refs, "ref");
		add_count(&list, pen, coverage->commits, "commit");
		add_count(&list, pen, coverage->trees, "tree");
		add_count(&list, pen, coverage->blobs, "blob");
		add_count(&list, pen, coverage->tags, "tag");
	} else {
		add_count(&list, pen, coverage->files, "file");
	}
	if (coverage->archives)
		add_count(&list, pen, coverage->archives, "archive");
	if (coverage->archives)
		add_count(&list, pen, coverage->entries, "packed file");
	text = ks_buf_str(&list);
	if (!text)
		pen->has_failed = true;
	ks_row_begin(pen, "Covered");
	ks_pen_words(pen, text ? text : "", VALUES);
	ks_buf_release(&list);

	ks_number_bytes(bytes, coverage->bytes);
	ks_number_seconds(time, coverage->seconds);
	ks_pen_break(pen, VALUES);
	ks_pen_printf(pen, "%s in %s", bytes, time);
	/* Of a moment too short to be measured no speed can be told. */
	if (coverage->seconds < 0.001 || coverage->bytes < 1000000)
		return;
	ks_number_bytes(
		speed, (uint64_t)((double)coverage->bytes / coverage->seconds));
	ks_pen_printf(pen, " (%s/s)", speed);
}

/* ": ${part}", on a line of its own where it does not fit behind. */
static void write_part(struct ks_pen *pen, struct ks_span part)
{
	ks_pen_put(pen, ":");
	if (pen->width > 0 && pen->column + 1 + part.n > pen->width)
		ks_pen_break(pen, INSIDE + 2);
	else
		ks_pen_put(pen, " ");
	ks_pen_span(pen, part, ks_pen_room(pen, MOST_LINE) - 1);
}

static void write_skip(struct ks_pen *pen, const struct ks_skip *skip)
{
	const char *detail = skip->detail;
	const char *why = strstr(detail, ": ");

	ks_pen_break(pen, INSIDE);
	ks_pen_str(pen, skip->what, ks_pen_room(pen, MOST_LINE) - 1);
	if (!detail[0])
		return;
	/* An object's name is long: the reason must not be cut for it. */
	if (why && strncmp(detail, "object ", 7) == 0) {
		write_part(pen, ks_span_of(detail, (size_t)(why - detail)));
		detail = why + 2;
	}
	write_part(pen, ks_span_of(detail, strlen(detail)));
}

/* The skips of one reason: how many, the first ones, how many more. */
static void write_reason(struct ks_pen *pen, const struct ks_result *result,
	enum ks_skip_reason reason)
{
	uint64_t count = result->coverage.skips[reason];
	char text[KS_NUMBER_MAX];
	size_t shown = 0;

	ks_number_count(text, count);
	ks_pen_put(pen, text);
	ks_pen_put(pen, " ");
	ks_pen_words(pen, skip_phrases[reason][count != 1], INSIDE);
	for (size_t i = 0; i < result->skip_count; i++) {
		if (result->skips[i].reason != reason)
			continue;
		if (shown == SKIPS_SHOWN)
			break;
		write_skip(pen, &result->skips[i]);
		shown++;
	}
	if (shown > 0 && shown < count) {
		ks_number_count(text, count - shown);
		ks_pen_break(pen, INSIDE);
		ks_pen_printf(pen, "and %s more", text);
	}
}

static void write_skips(struct ks_pen *pen, const struct ks_result *result,
	const char *label, bool is_incomplete)
{
	bool has_label = false;

	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++) {
		enum ks_skip_reason reason = (enum ks_skip_reason)i;

		if (ks_skip_is_incomplete(reason) != is_incomplete ||
			result->coverage.skips[i] == 0)
			continue;
		if (has_label)
			ks_pen_break(pen, VALUES);
		else
			ks_row_begin(pen, label);
		has_label = true;
		write_reason(pen, result, reason);
	}
}

/* ${path} as one word of a shell's command line. */
static void write_word(struct ks_pen *pen, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+@%:,";

	if (path[strspn(path, plain)] == '\0') {
		ks_pen_put(pen, path);
		return;
	}
	ks_pen_put(pen, "'");
	while (*path) {
		size_t n = strcspn(path, "'");

		ks_pen_span(pen, ks_span_of(path, n), 0);
		path += n;
		if (*path) {
			ks_pen_put(pen, "'\\''");
			path++;
		}
	}
	ks_pen_put(pen, "'");
}

static void write_fetch(struct ks_pen *pen, const struct ks_result *result,
	const char *label, const char *words, const char *command)
{
	ks_row_begin(pen, label);
	ks_pen_words(pen, words, VALUES);
	ks_pen_break(pen, INSIDE);
	ks_pen_put(pen, "git ");
	if (result->source[0] && strcmp(result->source, ".") != 0) {
		ks_pen_put(pen, "-C ");
		write_word(pen, result->source);
		ks_pen_put(pen, " ");
	}
	ks_pen_put(pen, command);
}

static void write_clone(struct ks_pen *pen, const struct ks_result *result)
{
	if (result->is_shallow)
		write_fetch(pen, result, "Shallow",
			"Older history is not in this clone, so it was not "
			"scanned. Get it, then scan again:",
			"fetch --unshallow");
	/* A partial clone may have fetched all that it had left out. */
	if (result->is_partial && result->coverage.skips[KS_SKIP_PARTIAL] > 0)
		write_fetch(pen, result, "Partial",
			"Objects were left at the remote, so they were not "
			"scanned. Get them, then scan again:",
			"fetch --refetch --no-filter");
}

static void write_step(struct ks_pen *pen, const char *words)
{
	if (pen->column > VALUES)
		ks_pen_break(pen, VALUES);
	ks_pen_words(pen, words, VALUES + 3);
}

static void write_next(struct ks_pen *pen, const struct ks_result *result)
{
	ks_row_begin(pen, "Next");
	write_step(pen, "1. Rotate each secret first: whoever has a copy of "
			"this has it.");
	write_step(pen,
		result->is_repository
			? "2. Then remove it from history: git filter-repo "
			  "--replace-text FILE."
			: "2. Then take it out of the file.");
	write_step(pen, "3. Not a secret? keysieve:allow in a comment behind "
			"it lets it stand.");
	ks_pen_break(pen, VALUES);
	ks_pen_words(pen, "Everything as data: --format json --occurrences.",
		VALUES);
}

int ks_summary_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	struct ks_pen pen = {
		.file = report->file,
		.width = report->options->width,
		.has_colour = report->options->colour,
	};
	int rc = 0;

	if (result->finding_count == 0)
		write_clean(&pen, result);
	ks_row_begin(&pen, "Scanned");
	ks_pen_str(&pen, result->source, 0);
	if (result->finding_count > 0)
		rc = write_found(&pen, result, err);
	if (!rc) {
		ks_allowed_write(&pen, result);
		write_covered(&pen, result);
		write_skips(&pen, result, "Left out", true);
		write_skips(&pen, result, "Outside", false);
		write_clone(&pen, result);
		if (result->finding_count > 0)
			write_next(&pen, result);
		ks_pen_break(&pen, 0);
	}
	if (!rc && pen.has_failed)
		rc = ks_fail_nomem(err);
	ks_pen_release(&pen);
	return rc;
}
