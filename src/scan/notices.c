/* SPDX-License-Identifier: Apache-2.0 */
/* What is worth a look in what says that something may stand. */
#include "scan/notices.h"

#include <stdlib.h>

/* The list in the making. */
struct notices {
	const struct ks_suppress *suppress;
	struct ks_arena *arena;
	struct ks_notice *list;
	size_t count;
	struct ks_buf text; /* scratch */
	bool is_whole;      /* what was not found is not there */
};

/* ${rc}: of printing the detail to notices->text. */
static int add(struct notices *notices, enum ks_notice_kind kind,
	const char *what, int rc)
{
	const char *detail =
		ks_arena_copy(notices->arena, ks_buf_span(&notices->text));

	ks_buf_reset(&notices->text);
	if (rc < 0 || !detail || !what)
		return KS_E_NOMEM;
	notices->list[notices->count++] = (struct ks_notice){
		.kind = kind, .what = what, .detail = detail
	};
	return KS_OK;
}

static int add_about_entry(struct notices *notices, enum ks_notice_kind kind,
	const struct ks_allow *allow, const char *before, const char *detail)
{
	const char *what;
	int rc = ks_buf_printf(
		&notices->text, "%s:%u", allow->file, allow->line);

	what = ks_arena_copy(notices->arena, ks_buf_span(&notices->text));
	ks_buf_reset(&notices->text);
	if (rc == KS_OK)
		rc = ks_buf_printf(&notices->text, "%s%s%s", before,
			before[0] && detail[0] ? ": " : "", detail);
	return add(notices, kind, what, rc);
}

/* The first rule that ${allow} names and that is not there, or NULL. */
static const char *unknown_rule(
	const struct ks_rules *rules, const struct ks_allow *allow)
{
	for (uint32_t i = 0; i < allow->rules.count; i++) {
		if (ks_rule_find(rules, allow->rules.list[i]) == KS_RULE_NONE)
			return allow->rules.list[i];
	}
	return NULL;
}

static int add_entry(struct notices *notices, size_t index)
{
	const struct ks_suppress *suppress = notices->suppress;
	const struct ks_control *control = suppress->control;
	const struct ks_allow *allow = &control->config.allows.list[index];
	const char *rule =
		unknown_rule(suppress->gather->options->rules, allow);

	if (ks_allow_is_expired(allow, control->today))
		return add_about_entry(notices, KS_NOTICE_ALLOW_EXPIRED, allow,
			allow->until, allow->reason);
	if (rule)
		return add_about_entry(
			notices, KS_NOTICE_ALLOW_UNKNOWN_RULE, allow, rule, "");
	/* Others, as for tests/, may well be waiting for what is to come. */
	if (notices->is_whole && allow->fingerprints.count &&
		!suppress->allow_used[index])
		return add_about_entry(notices, KS_NOTICE_ALLOW_UNUSED, allow,
			"", allow->reason);
	return KS_OK;
}

static int add_known(struct notices *notices, size_t index)
{
	const struct ks_suppress *suppress = notices->suppress;
	const struct ks_control *control = suppress->control;
	const struct ks_baseline_entry *entry = &control->baseline->list[index];
	bool is_used = suppress->baseline_used[index];
	bool is_over = is_used && ks_baseline_is_expired(entry, control->today);
	int rc;

	if (!is_over && (is_used || !notices->is_whole))
		return KS_OK;
	rc = ks_buf_printf(&notices->text, "%s%s%s%s%s%s%s", entry->rule,
		is_over ? " until " : "", is_over ? entry->until : "",
		entry->who[0] ? ", " : "", entry->who,
		entry->why[0] ? ": " : "", entry->why);
	return add(notices,
		is_over ? KS_NOTICE_BASELINE_EXPIRED : KS_NOTICE_BASELINE_STALE,
		ks_arena_copy(notices->arena, ks_span_str(entry->fingerprint)),
		rc);
}

static int by_kind(const void *a, const void *b)
{
	const struct ks_notice *left = a;
	const struct ks_notice *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return strcmp(left->what, right->what);
}

static bool is_whole(
	const struct ks_result *result, const struct ks_gather *gather)
{
	const struct ks_scan_options *options = gather->options;

	return gather->is_whole && result->is_complete &&
	       options->only_count == 0 && options->skip_count == 0 &&
	       options->min_confidence <= KS_CONFIDENCE_DEFAULT;
}

int ks_notices_add(struct ks_result *result, const struct ks_suppress *suppress,
	struct ks_arena *arena)
{
	const struct ks_control *control = suppress->control;
	struct notices notices = { .suppress = suppress, .arena = arena };
	size_t allows = control ? control->config.allows.count : 0;
	size_t known =
		control && control->baseline ? control->baseline->count : 0;
	int rc = KS_OK;

	notices.is_whole = is_whole(result, suppress->gather);
	notices.list = ks_arena_array(
		arena, allows + known + 1, sizeof(*notices.list));
	if (!notices.list)
		return KS_E_NOMEM;
	for (size_t i = 0; rc == KS_OK && i < allows; i++)
		rc = add_entry(&notices, i);
	for (size_t i = 0; rc == KS_OK && i < known; i++)
		rc = add_known(&notices, i);
	ks_buf_release(&notices.text);
	if (notices.count)
		qsort(notices.list, notices.count, sizeof(*notices.list),
			by_kind);
	result->notices = notices.list;
	result->notice_count = notices.count;
	return rc;
}
