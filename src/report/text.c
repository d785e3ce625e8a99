/* SPDX-License-Identifier: Apache-2.0 */
/* The format text: findings in groups, then the summary. */
#include "report/allowed.h"
#include "report/paragraph.h"
#include "report/place.h"
#include "report/summary.h"
#include "report/writer.h"

#include <stdlib.h>

/* A finding on its way to its place in the report. */
struct item {
	const struct ks_finding *finding;
	const char *key; /* what it is grouped by */
	size_t index;    /* in the result: how urgent it is */
	size_t group;    /* the lowest index of its group */
};

static int compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_keys(const void *left, const void *right)
{
	const struct item *a = left;
	const struct item *b = right;
	int order = strcmp(a->key, b->key);

	return order ? order : compare_numbers(a->index, b->index);
}

static int compare_groups(const void *left, const void *right)
{
	const struct item *a = left;
	const struct item *b = right;
	int order = compare_numbers(a->group, b->group);

	return order ? order : compare_numbers(a->index, b->index);
}

static int compare_fingerprints(const void *left, const void *right)
{
	const struct ks_finding *const *a = left;
	const struct ks_finding *const *b = right;

	return strcmp((*a)->fingerprint, (*b)->fingerprint);
}

/*
 * Bring findings of one file, or of one rule, together; a group stands
 * where its most urgent finding does.
 */
static void arrange(
	struct item *items, const struct ks_result *result, bool by_rule)
{
	size_t count = result->finding_count;

	for (size_t i = 0; i < count; i++) {
		const struct ks_finding *finding = &result->findings[i];

		items[i].finding = finding;
		items[i].index = i;
		items[i].key = by_rule ? finding->rule
				       : ks_place_to_show(finding)->path;
	}
	qsort(items, count, sizeof(*items), compare_keys);
	for (size_t i = 0; i < count; i++) {
		bool is_new =
			i == 0 || strcmp(items[i].key, items[i - 1].key) != 0;

		items[i].group = is_new ? items[i].index : items[i - 1].group;
	}
	qsort(items, count, sizeof(*items), compare_groups);
}

/* All findings by fingerprint, so that pairs are found fast. */
static void index_findings(
	const struct ks_finding **list, const struct ks_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++)
		list[i] = &result->findings[i];
	qsort(list, result->finding_count, sizeof(*list), compare_fingerprints);
}

static const struct ks_finding *find_pair(const struct ks_finding *finding,
	const struct ks_finding **list, size_t count)
{
	struct ks_finding wanted = { .fingerprint = finding->pair };
	const struct ks_finding *key = &wanted;
	const struct ks_finding **hit;

	if (!finding->pair[0])
		return NULL;
	hit = bsearch(&key, list, count, sizeof(*list), compare_fingerprints);
	return hit ? *hit : NULL;
}

static void write_heading(
	struct ks_pen *pen, const struct item *items, size_t left)
{
	size_t n = 1;

	while (n < left && items[n].group == items[0].group)
		n++;
	ks_pen_set(pen, KS_PEN_LABEL);
	ks_pen_put(pen, "== ");
	ks_pen_set(pen, KS_PEN_PLAIN);
	ks_pen_str(pen, items[0].finding->rule_name, 80);
	ks_pen_printf(
		pen, " (%s): %zu secret%s", items[0].key, n, n == 1 ? "" : "s");
	ks_pen_break(pen, 0);
	ks_pen_break(pen, 0);
}

static int write_items(const struct ks_report *report, struct ks_pen *pen,
	const struct item *items, const struct ks_finding **list,
	struct ks_err *err)
{
	size_t count = report->result->finding_count;
	bool by_rule = report->options->by_rule;
	int rc = 0;

	for (size_t i = 0; i < count && !rc; i++) {
		struct ks_paragraph paragraph = {
			.finding = items[i].finding,
			.pair = find_pair(items[i].finding, list, count),
			.options = report->options,
			.is_repository = report->result->is_repository,
			.has_heading = by_rule,
		};

		if (i > 0)
			ks_pen_break(pen, 0);
		if (by_rule && (i == 0 || items[i].group != items[i - 1].group))
			write_heading(pen, &items[i], count - i);
		ks_paragraph_write(pen, &paragraph);
		rc = ks_writer_check(report->file, err);
	}
	return rc;
}

static int write_findings(const struct ks_report *report, struct ks_err *err)
{
	size_t count = report->result->finding_count;
	struct item *items = calloc(count, sizeof(*items));
	const struct ks_finding **list = calloc(count, sizeof(*list));
	struct ks_pen pen = {
		.file = report->file,
		.width = report->options->width,
		.has_colour = report->options->colour,
	};
	int rc = 0;

	if (!items || !list) {
		rc = ks_fail_nomem(err);
	} else {
		arrange(items, report->result, report->options->by_rule);
		index_findings(list, report->result);
		rc = write_items(report, &pen, items, list, err);
	}
	if (!rc && pen.has_failed)
		rc = ks_fail_nomem(err);
	ks_pen_release(&pen);
	free(list);
	free(items);
	return rc;
}

static int write_allowed(const struct ks_report *report, struct ks_err *err)
{
	struct ks_pen pen = {
		.file = report->file,
		.width = report->options->width,
		.has_colour = report->options->colour,
	};
	int rc = 0;

	if (report->result->finding_count > 0)
		fputc('\n', report->file);
	ks_allowed_list(&pen, report->result);
	if (pen.has_failed)
		rc = ks_fail_nomem(err);
	ks_pen_release(&pen);
	return rc;
}

int ks_text_write(const struct ks_report *report, struct ks_err *err)
{
	const struct ks_result *result = report->result;
	int rc = 0;

	if (result->finding_count > 0)
		rc = write_findings(report, err);
	if (!rc && result->suppressed_count > 0)
		rc = write_allowed(report, err);
	if (rc || report->options->quiet)
		return rc;
	if (result->finding_count > 0 || result->suppressed_count > 0)
		fputc('\n', report->file);
	return ks_summary_write(report, err);
}
