/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a saved report: record.c and json.c the other way. */
#include "report/saved_fields.h"

#include "base/base64.h"

#include <string.h>
#include <time.h>

static const char unknown[] = "";

const char *ks_saved_text(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : unknown;
}

/* A copy in the arena; NULL when memory ran out. */
static const char *copy(struct ks_saved *saved, json_t *object, const char *key)
{
	const char *text = ks_saved_text(object, key);

	return text[0] ? ks_arena_copy(saved->arena, ks_span_str(text))
		       : unknown;
}

static uint64_t count_of(json_t *object, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(object, key));

	return value > 0 ? (uint64_t)value : 0;
}

static bool is_set(json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static double share_of(json_t *object, const char *key)
{
	double value = json_number_value(json_object_get(object, key));

	return value >= 0 ? value : 0;
}

/* The bytes that stand in base64 where JSON could not hold them. */
static const char *copy_bytes(struct ks_saved *saved, json_t *object,
	const char *key, const char *key_base64, size_t *length)
{
	const char *text = ks_saved_text(object, key_base64);
	struct ks_buf bytes = { 0 };
	const char *made = NULL;

	if (text[0] && ks_base64_decode(&bytes, ks_span_str(text),
			       KS_BASE64_LENIENT) == KS_OK) {
		*length = bytes.n;
		made = ks_arena_copy(saved->arena, ks_buf_span(&bytes));
	} else {
		made = copy(saved, object, key);
		*length = made ? strlen(made) : 0;
	}
	ks_buf_release(&bytes);
	return made;
}

static int64_t time_of(const char *date)
{
	struct tm utc = { 0 };
	const char *end = strptime(date, "%Y-%m-%dT%H:%M:%S", &utc);

	return end && *end == 'Z' ? (int64_t)timegm(&utc) : 0;
}

static int take_place(
	struct ks_saved *saved, struct ks_occurrence *at, json_t *object)
{
	size_t length;

	at->path = copy_bytes(saved, object, "path", "path_base64", &length);
	at->blob = copy(saved, object, "blob");
	at->encoding = copy(saved, object, "encoding");
	at->snippet = copy(saved, object, "snippet");
	at->commit = copy(saved, object, "commit");
	at->author = copy(saved, object, "author");
	at->email = copy(saved, object, "email");
	at->message = copy(saved, object, "message");
	at->line = count_of(object, "line");
	at->column = count_of(object, "column");
	at->end_line = count_of(object, "end_line");
	at->end_column = count_of(object, "end_column");
	at->time = time_of(ks_saved_text(object, "date"));
	at->in_head = is_set(object, "in_head");
	at->is_reachable = is_set(object, "is_reachable");
	/* What is of files has no object, nor a commit. */
	saved->result->is_repository |= at->blob && at->blob[0];
	if (!at->path || !at->blob || !at->encoding || !at->snippet ||
		!at->commit || !at->author || !at->email || !at->message)
		return ks_fail_nomem(saved->err);
	return KS_OK;
}

static int take_places(
	struct ks_saved *saved, struct ks_finding *finding, json_t *object)
{
	json_t *list = json_object_get(object, "occurrences");
	size_t count = json_array_size(list);
	struct ks_occurrence *places = ks_arena_array(
		saved->arena, count ? count : 1, sizeof(*places));
	int rc = KS_OK;

	if (!places)
		return ks_fail_nomem(saved->err);
	finding->occurrences = places;
	finding->occurrence_count = count ? count : 1;
	finding->place_count = (size_t)count_of(object, "occurrence_count");
	if (count == 0)
		return take_place(saved, &places[0], object);
	for (size_t i = 0; i < count && !rc; i++)
		rc = take_place(saved, &places[i], json_array_get(list, i));
	return rc;
}

static int take_facts(
	struct ks_saved *saved, struct ks_finding *finding, json_t *facts)
{
	struct ks_fact *list = ks_arena_array(
		saved->arena, json_object_size(facts) + 1, sizeof(*list));
	const char *name;
	json_t *value;

	if (!list)
		return ks_fail_nomem(saved->err);
	finding->facts = list;
	json_object_foreach(facts, name, value)
	{
		struct ks_fact *fact = &list[finding->fact_count++];

		fact->name = ks_arena_copy(saved->arena, ks_span_str(name));
		fact->value = copy(saved, facts, name);
		if (!fact->name || !fact->value)
			return ks_fail_nomem(saved->err);
	}
	return KS_OK;
}

static int take_branches(
	struct ks_saved *saved, struct ks_finding *finding, json_t *names)
{
	size_t count = json_array_size(names);
	const char **list =
		ks_arena_array(saved->arena, count + 1, sizeof(*list));

	if (!list)
		return ks_fail_nomem(saved->err);
	finding->branches = list;
	finding->branch_count = count;
	for (size_t i = 0; i < count; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		list[i] = ks_arena_copy(
			saved->arena, ks_span_str(name ? name : unknown));
		if (!list[i])
			return ks_fail_nomem(saved->err);
	}
	return KS_OK;
}

static int take_removal(
	struct ks_saved *saved, struct ks_finding *finding, json_t *object)
{
	struct ks_removal *removed;

	if (!json_is_object(object))
		return KS_OK;
	removed = ks_arena_alloc(saved->arena, sizeof(*removed));
	if (!removed)
		return ks_fail_nomem(saved->err);
	removed->commit = copy(saved, object, "commit");
	removed->author = copy(saved, object, "author");
	removed->email = copy(saved, object, "email");
	removed->message = copy(saved, object, "message");
	removed->time = time_of(ks_saved_text(object, "date"));
	if (!removed->commit || !removed->author || !removed->email ||
		!removed->message)
		return ks_fail_nomem(saved->err);
	finding->removed = removed;
	return KS_OK;
}

static void take_suppression(struct ks_finding *finding, json_t *object)
{
	const char *by = ks_saved_text(object, "suppressed");

	for (int i = 0; i < KS_SUPPRESSION_COUNT; i++) {
		enum ks_suppression each = (enum ks_suppression)i;

		if (strcmp(by, ks_suppression_name(each)) != 0)
			continue;
		finding->is_suppressed = true;
		finding->suppression = each;
	}
}

int ks_saved_finding(
	struct ks_saved *saved, struct ks_finding *finding, json_t *object)
{
	bool is_bytes = json_object_get(object, "secret_base64") != NULL;
	int rc;

	finding->fingerprint = copy(saved, object, "fingerprint");
	finding->rule = copy(saved, object, "rule");
	finding->rule_name = copy(saved, object, "rule_name");
	finding->rotate = copy(saved, object, "rotate");
	finding->pair = copy(saved, object, "pair");
	finding->reason = copy(saved, object, "reason");
	finding->secret = copy_bytes(saved, object, "secret", "secret_base64",
		&finding->secret_length);
	if (!finding->fingerprint || !finding->rule || !finding->rule_name ||
		!finding->rotate || !finding->pair || !finding->reason ||
		!finding->secret)
		return ks_fail_nomem(saved->err);
	if (!finding->rule_name[0])
		finding->rule_name = finding->rule;
	/* SARIF and GitLab never tell more, whatever was saved. */
	finding->redacted = !is_bytes && strstr(finding->secret, "\xe2\x80\xa6")
				    ? finding->secret
				    : "\xe2\x80\xa6";
	finding->confidence = share_of(object, "confidence");
	finding->entropy = share_of(object, "entropy");
	finding->in_head = is_set(object, "in_head");
	take_suppression(finding, object);
	rc = take_places(saved, finding, object);
	if (!rc)
		rc = take_facts(
			saved, finding, json_object_get(object, "facts"));
	if (!rc)
		rc = take_branches(
			saved, finding, json_object_get(object, "branches"));
	if (!rc)
		rc = take_removal(
			saved, finding, json_object_get(object, "removed"));
	return rc;
}

static void take_coverage(struct ks_coverage *coverage, json_t *object)
{
	json_t *stages = json_object_get(object, "stages");
	json_t *skips = json_object_get(object, "skips");

	coverage->refs = count_of(object, "refs");
	coverage->commits = count_of(object, "commits");
	coverage->trees = count_of(object, "trees");
	coverage->blobs = count_of(object, "blobs");
	coverage->tags = count_of(object, "tags");
	coverage->files = count_of(object, "files");
	coverage->bytes = count_of(object, "bytes");
	coverage->bytes_inflated = count_of(object, "bytes_inflated");
	coverage->bytes_matched = count_of(object, "bytes_matched");
	coverage->candidates = count_of(object, "candidates");
	coverage->confirmed = count_of(object, "confirmed");
	coverage->declined = count_of(object, "declined");
	coverage->archives = count_of(object, "archives");
	coverage->entries = count_of(object, "entries");
	coverage->bytes_unpacked = count_of(object, "bytes_unpacked");
	coverage->seconds = share_of(object, "seconds");
	for (int i = 0; i < KS_STAGE_COUNT; i++)
		coverage->stage_seconds[i] =
			share_of(stages, ks_stage_name((enum ks_stage)i));
	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++)
		coverage->skips[i] = count_of(
			skips, ks_skip_reason_name((enum ks_skip_reason)i));
}

static enum ks_skip_reason reason_of(const char *name)
{
	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++) {
		if (strcmp(name, ks_skip_reason_name((enum ks_skip_reason)i)) ==
			0)
			return (enum ks_skip_reason)i;
	}
	return KS_SKIP_UNREADABLE;
}

static int take_skips(struct ks_saved *saved, json_t *list)
{
	size_t count = json_array_size(list);
	struct ks_skip *skips =
		ks_arena_array(saved->arena, count + 1, sizeof(*skips));

	if (!skips)
		return ks_fail_nomem(saved->err);
	for (size_t i = 0; i < count; i++) {
		json_t *object = json_array_get(list, i);

		skips[i].reason = reason_of(ks_saved_text(object, "reason"));
		skips[i].what = copy(saved, object, "what");
		skips[i].detail = copy(saved, object, "detail");
		if (!skips[i].what || !skips[i].detail)
			return ks_fail_nomem(saved->err);
	}
	saved->result->skips = skips;
	saved->result->skip_count = count;
	return KS_OK;
}

int ks_saved_result(struct ks_saved *saved, json_t *whole)
{
	struct ks_result *result = saved->result;
	json_t *suppressed = json_object_get(whole, "suppressed");

	result->source = copy(saved, whole, "source");
	if (!result->source)
		return ks_fail_nomem(saved->err);
	take_coverage(&result->coverage, json_object_get(whole, "coverage"));
	result->is_repository |= result->coverage.commits > 0 ||
				 result->coverage.trees > 0 ||
				 result->coverage.blobs > 0;
	result->is_complete = is_set(whole, "complete");
	result->is_shallow = is_set(whole, "shallow");
	result->is_partial = is_set(whole, "partial");
	for (int i = 0; i < KS_SUPPRESSION_COUNT; i++)
		result->suppressed.findings[i] = count_of(suppressed,
			ks_suppression_name((enum ks_suppression)i));
	result->suppressed.occurrences = count_of(suppressed, "occurrences");
	result->suppressed.markers_ignored =
		count_of(suppressed, "markers_ignored");
	result->suppressed.config_ignored =
		copy(saved, suppressed, "config_ignored");
	if (!result->suppressed.config_ignored)
		return ks_fail_nomem(saved->err);
	return take_skips(saved, json_object_get(whole, "skipped"));
}
