/* SPDX-License-Identifier: Apache-2.0 */
/* What was found and is not reported, as the summary and JSON tell it. */
#include "report/allowed.h"

#include "report/fields.h"
#include "report/number.h"
#include "report/place.h"
#include "report/row.h"

#include <inttypes.h>

enum {
	NOTICES_SHOWN = 5,
	LINE_MAX_SHOWN = 240 /* columns */
};

static const char *const phrases[KS_SUPPRESSION_COUNT] = {
	[KS_SUPPRESSED_CONFIG] = "by configuration",
	[KS_SUPPRESSED_INLINE] = "by markers beside them",
	[KS_SUPPRESSED_BASELINE] = "in the baseline",
};

const char *ks_suppression_name(enum ks_suppression suppression)
{
	static const char *const names[KS_SUPPRESSION_COUNT] = {
		[KS_SUPPRESSED_CONFIG] = "config",
		[KS_SUPPRESSED_INLINE] = "inline",
		[KS_SUPPRESSED_BASELINE] = "baseline",
	};

	return (unsigned)suppression < KS_SUPPRESSION_COUNT ? names[suppression]
							    : "unknown";
}

const char *ks_notice_name(enum ks_notice_kind kind)
{
	static const char *const names[KS_NOTICE_KIND_COUNT] = {
		[KS_NOTICE_ALLOW_EXPIRED] = "allow_expired",
		[KS_NOTICE_ALLOW_UNUSED] = "allow_unused",
		[KS_NOTICE_ALLOW_UNKNOWN_RULE] = "allow_unknown_rule",
		[KS_NOTICE_BASELINE_EXPIRED] = "baseline_expired",
		[KS_NOTICE_BASELINE_STALE] = "baseline_stale",
	};

	return (unsigned)kind < KS_NOTICE_KIND_COUNT ? names[kind] : "unknown";
}

/* "a.env:3  github-pat  gh…  by a marker: why" */
static void write_finding(struct ks_pen *pen, const struct ks_finding *finding)
{
	static const char *const by[KS_SUPPRESSION_COUNT] = {
		[KS_SUPPRESSED_CONFIG] = "configuration",
		[KS_SUPPRESSED_INLINE] = "a marker beside it",
		[KS_SUPPRESSED_BASELINE] = "the baseline",
	};
	const struct ks_occurrence *at = ks_place_to_show(finding);

	ks_pen_str(pen, at->path, ks_pen_room(pen, 120));
	ks_pen_printf(pen, ":%" PRIu64 "  %s  ", at->line, finding->rule);
	ks_pen_set(pen, KS_PEN_SECRET);
	ks_pen_str(pen, finding->redacted, ks_pen_room(pen, 80));
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_printf(pen, "  by %s", by[finding->suppression]);
	if (finding->reason[0]) {
		ks_pen_put(pen, ": ");
		ks_pen_str(pen, finding->reason, ks_pen_room(pen, 240));
	}
	ks_pen_break(pen, 0);
}

void ks_allowed_list(struct ks_pen *pen, const struct ks_result *result)
{
	if (result->suppressed_count == 0)
		return;
	ks_pen_set(pen, KS_PEN_LABEL);
	ks_pen_put(pen, "== ");
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_put(pen, "Allowed");
	ks_pen_break(pen, 0);
	ks_pen_break(pen, 0);
	for (size_t i = 0; i < result->suppressed_count; i++)
		write_finding(pen, &result->suppressed_findings[i]);
}

static void put_count(struct ks_pen *pen, uint64_t count, const char *noun)
{
	char text[KS_NUMBER_MAX];

	ks_number_count(text, count);
	ks_pen_put(pen, text);
	ks_pen_printf(pen, " %s%s", noun, count == 1 ? "" : "s");
}

/* "3 secrets: 2 by markers beside them, 1 by configuration" */
static void write_findings(
	struct ks_pen *pen, const struct ks_suppressed *suppressed)
{
	const char *separator = ": ";
	uint64_t all = 0;

	for (int i = 0; i < KS_SUPPRESSION_COUNT; i++)
		all += suppressed->findings[i];
	if (all == 0)
		return;
	put_count(pen, all, "secret");
	for (int i = 0; i < KS_SUPPRESSION_COUNT; i++) {
		char text[KS_NUMBER_MAX];

		if (suppressed->findings[i] == 0)
			continue;
		ks_number_count(text, suppressed->findings[i]);
		ks_pen_put(pen, separator);
		ks_pen_put(pen, text);
		ks_pen_put(pen, " ");
		ks_pen_put(pen, phrases[i]);
		separator = ", ";
	}
}

static void write_allowed(struct ks_pen *pen, const struct ks_result *result)
{
	const struct ks_suppressed *suppressed = &result->suppressed;
	uint64_t all = suppressed->occurrences;

	for (int i = 0; i < KS_SUPPRESSION_COUNT; i++)
		all += suppressed->findings[i];
	if (all == 0)
		return;
	ks_row_begin(pen, "Allowed");
	write_findings(pen, suppressed);
	if (all > suppressed->occurrences && suppressed->occurrences)
		ks_pen_break(pen, KS_ROW_VALUES);
	if (suppressed->occurrences) {
		put_count(pen, suppressed->occurrences, "place");
		ks_pen_put(pen, " of secrets that stand elsewhere too");
	}
	if (all > suppressed->occurrences && !result->suppressed_findings) {
		ks_pen_break(pen, KS_ROW_VALUES);
		ks_pen_put(pen, "--show-suppressed lists them");
	}
}

static void write_ignored(struct ks_pen *pen, const struct ks_result *result)
{
	const struct ks_suppressed *suppressed = &result->suppressed;

	if (!suppressed->markers_ignored && !suppressed->config_ignored[0])
		return;
	ks_row_begin(pen, "Ignored");
	if (suppressed->config_ignored[0]) {
		ks_pen_put(pen, "the repository's own ");
		ks_pen_str(pen, suppressed->config_ignored, 80);
		if (suppressed->markers_ignored)
			ks_pen_break(pen, KS_ROW_VALUES);
	}
	if (suppressed->markers_ignored) {
		put_count(pen, suppressed->markers_ignored, "place");
		ks_pen_put(pen, " with a marker beside the secret");
	}
	ks_pen_break(pen, KS_ROW_VALUES);
	ks_pen_words(pen,
		"It is not trusted to say what may stand; "
		"--trust-repo-config does.",
		KS_ROW_VALUES);
}

static const char *const notice_phrases[KS_NOTICE_KIND_COUNT][2] = {
	[KS_NOTICE_ALLOW_EXPIRED] = { "entry of a configuration has run out",
		"entries of a configuration have run out" },
	[KS_NOTICE_ALLOW_UNUSED] = { "entry for a fingerprint that is not "
				     "found any more",
		"entries for fingerprints that are not found any more" },
	[KS_NOTICE_ALLOW_UNKNOWN_RULE] = { "entry for a rule that is not "
					   "there",
		"entries for rules that are not there" },
	[KS_NOTICE_BASELINE_EXPIRED] = { "entry of the baseline has run out",
		"entries of the baseline have run out" },
	[KS_NOTICE_BASELINE_STALE] = { "entry of the baseline is not found "
				       "any more: 'keysieve baseline prune'",
		"entries of the baseline are not found any more: "
		"'keysieve baseline prune'" },
};

/* The ${count} notices ${list}, of one kind: the first of them by name. */
static void write_kind(
	struct ks_pen *pen, const struct ks_notice *list, size_t count)
{
	char text[KS_NUMBER_MAX];

	ks_number_count(text, count);
	ks_pen_put(pen, text);
	ks_pen_put(pen, " ");
	ks_pen_words(
		pen, notice_phrases[list->kind][count != 1], KS_ROW_INSIDE);
	for (size_t i = 0; i < count && i < NOTICES_SHOWN; i++) {
		ks_pen_break(pen, KS_ROW_INSIDE);
		ks_pen_str(pen, list[i].what, ks_pen_room(pen, LINE_MAX_SHOWN));
		if (!list[i].detail[0])
			continue;
		ks_pen_put(pen, "  ");
		ks_pen_str(
			pen, list[i].detail, ks_pen_room(pen, LINE_MAX_SHOWN));
	}
	if (count <= NOTICES_SHOWN)
		return;
	ks_number_count(text, count - NOTICES_SHOWN);
	ks_pen_break(pen, KS_ROW_INSIDE);
	ks_pen_printf(pen, "and %s more", text);
}

static void write_notices(struct ks_pen *pen, const struct ks_result *result)
{
	for (size_t from = 0, to; from < result->notice_count; from = to) {
		const struct ks_notice *list = &result->notices[from];

		for (to = from + 1; to < result->notice_count &&
				    result->notices[to].kind == list->kind;
			to++)
			;
		if (from == 0)
			ks_row_begin(pen, "Review");
		else
			ks_pen_break(pen, KS_ROW_VALUES);
		write_kind(pen, list, to - from);
	}
}

void ks_allowed_write(struct ks_pen *pen, const struct ks_result *result)
{
	write_allowed(pen, result);
	write_ignored(pen, result);
	write_notices(pen, result);
}

static json_t *notices_of(const struct ks_result *result)
{
	json_t *array = json_array();

	for (size_t i = 0; i < result->notice_count; i++) {
		const struct ks_notice *notice = &result->notices[i];
		struct ks_fields fields = ks_fields_begin();

		ks_fields_str(&fields, "kind", ks_notice_name(notice->kind));
		ks_fields_str(&fields, "what", notice->what);
		ks_fields_str(&fields, "detail", notice->detail);
		if (json_array_append_new(array, ks_fields_end(&fields))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *ks_allowed_record(const struct ks_result *result)
{
	const struct ks_suppressed *suppressed = &result->suppressed;
	struct ks_fields fields = ks_fields_begin();

	for (int i = 0; i < KS_SUPPRESSION_COUNT; i++)
		ks_fields_count(&fields,
			ks_suppression_name((enum ks_suppression)i),
			suppressed->findings[i]);
	ks_fields_count(&fields, "occurrences", suppressed->occurrences);
	ks_fields_count(
		&fields, "markers_ignored", suppressed->markers_ignored);
	ks_fields_str(&fields, "config_ignored", suppressed->config_ignored);
	ks_fields_set(&fields, "notices", notices_of(result));
	return ks_fields_end(&fields);
}
