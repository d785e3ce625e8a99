/* SPDX-License-Identifier: Apache-2.0 */
/* Baselines: findings that are known. */
#include "control/baseline.h"

#include "base/array.h"
#include "base/yaml.h"

#include <ctype.h>
#include <stdlib.h>
#include <time.h>

enum {
	PRINT_DIGITS = 64
};

int ks_baseline_new(struct ks_baseline **out, struct ks_err *err)
{
	*out = calloc(1, sizeof(**out));
	return *out ? KS_OK : ks_fail_nomem(err);
}

void ks_baseline_free(struct ks_baseline *baseline)
{
	if (!baseline)
		return;
	ks_arena_release(&baseline->arena);
	free(baseline->list);
	free(baseline);
}

/* Days, of which "" is never. */
static int compare_days(const char *a, const char *b)
{
	if (!a[0] || !b[0])
		return !a[0] - !b[0];
	return strcmp(a, b);
}

/* Of one fingerprint the one to keep comes first: what says more, sooner. */
static int by_fingerprint(const void *a, const void *b)
{
	const struct ks_baseline_entry *left = a;
	const struct ks_baseline_entry *right = b;
	int order = strcmp(left->fingerprint, right->fingerprint);

	if (!order)
		order = compare_days(left->until, right->until);
	if (!order)
		order = !left->who[0] - !right->who[0];
	if (!order)
		order = !left->why[0] - !right->why[0];
	if (!order)
		order = strcmp(left->who, right->who);
	return order ? order : strcmp(left->why, right->why);
}

void ks_baseline_sort(struct ks_baseline *baseline)
{
	struct ks_baseline_entry *list = baseline->list;
	size_t kept = 0;

	if (baseline->is_sorted || baseline->count == 0)
		return;
	qsort(list, baseline->count, sizeof(*list), by_fingerprint);
	for (size_t i = 0; i < baseline->count; i++) {
		if (kept && strcmp(list[kept - 1].fingerprint,
				    list[i].fingerprint) == 0)
			continue;
		list[kept++] = list[i];
	}
	baseline->count = kept;
	baseline->is_sorted = true;
}

static int compare_key(const void *key, const void *entry)
{
	return strcmp(
		key, ((const struct ks_baseline_entry *)entry)->fingerprint);
}

const struct ks_baseline_entry *ks_baseline_find(
	struct ks_baseline *baseline, const char *fingerprint)
{
	ks_baseline_sort(baseline);
	if (baseline->count == 0)
		return NULL;
	return bsearch(fingerprint, baseline->list, baseline->count,
		sizeof(*baseline->list), compare_key);
}

const struct ks_baseline_entry *ks_baseline_list(
	struct ks_baseline *baseline, size_t *count)
{
	ks_baseline_sort(baseline);
	*count = baseline->count;
	return baseline->list;
}

bool ks_baseline_is_date(const char *text)
{
	return ks_yaml_is_date(text);
}

bool ks_baseline_is_expired(
	const struct ks_baseline_entry *entry, const char *today)
{
	return entry->until[0] && strcmp(entry->until, today) < 0;
}

void ks_baseline_today(char out[11])
{
	time_t now = time(NULL);
	struct tm utc;

	if (!gmtime_r(&now, &utc) || strftime(out, 11, "%Y-%m-%d", &utc) == 0)
		memcpy(out, "9999-12-31", 11);
}

/*
 * ${text} as the format can hold it: no control characters, and no blanks if
 * it is a word; at the ends none at all. NULL when memory ran out.
 */
static const char *clean(struct ks_arena *arena, const char *text, bool is_word)
{
	char *copy;
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	copy = ks_arena_copy(arena, ks_span_str(text));
	if (!copy)
		return NULL;
	for (n = 0; copy[n]; n++) {
		unsigned char byte = (unsigned char)copy[n];

		if (byte == ' ' && is_word)
			copy[n] = '_';
		else if (byte < ' ' || byte == 0x7f)
			copy[n] = is_word ? '_' : ' ';
	}
	while (n > 0 && copy[n - 1] == ' ')
		copy[--n] = '\0';
	return strcmp(copy, "-") == 0 ? "" : copy;
}

static bool is_fingerprint(const char *text)
{
	return strlen(text) == PRINT_DIGITS &&
	       strspn(text, "0123456789abcdef") == PRINT_DIGITS;
}

int ks_baseline_add(struct ks_baseline *baseline,
	const struct ks_baseline_entry *entry, struct ks_err *err)
{
	struct ks_baseline_entry one;

	if (!is_fingerprint(entry->fingerprint))
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' is no fingerprint: 64 hex digits, lower-case",
			entry->fingerprint);
	if (entry->until[0] && !ks_yaml_is_date(entry->until))
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' is no date: YYYY-MM-DD", entry->until);
	one = (struct ks_baseline_entry){
		.fingerprint =
			clean(&baseline->arena, entry->fingerprint, true),
		.rule = clean(&baseline->arena, entry->rule, true),
		.until = clean(&baseline->arena, entry->until, true),
		.who = clean(&baseline->arena, entry->who, true),
		.why = clean(&baseline->arena, entry->why, false),
	};
	if (!one.fingerprint || !one.rule || !one.until || !one.who || !one.why)
		return ks_fail_nomem(err);
	if (ks_array_reserve(&baseline->list, &baseline->cap,
		    baseline->count + 1, sizeof(*baseline->list)) < 0)
		return ks_fail_nomem(err);
	baseline->list[baseline->count++] = one;
	baseline->is_sorted = false;
	return KS_OK;
}
