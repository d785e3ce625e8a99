/* SPDX-License-Identifier: Apache-2.0 */
/* What was found and is not reported, as the summary and JSON tell it. */
#include "report/allowed.h"

#include "report/fields.h"
#include "report/number.h"
#include "report/row.h"

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

void ks_allowed_write(struct ks_pen *pen, const struct ks_result *result)
{
	write_allowed(pen, result);
	write_ignored(pen, result);
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
	return ks_fields_end(&fields);
}
