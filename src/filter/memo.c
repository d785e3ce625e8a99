/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts remembered: a line is judged once, not in each version. */
#include "filter/memo.h"

#include "base/hash.h"
#include "filter/context.h"

#include <stdlib.h>

enum {
	SECRET_MAX = 256, /* bytes; longer ones are judged anew */
	WINDOW_MAX = SECRET_MAX + 2 * KS_CONTEXT_REACH,
	ENTRIES = 4096 /* one place for each hash: the last one stays */
};

/* The bytes are kept, not only their hash: a collision could hide a secret. */
struct ks_memo_entry {
	const struct ks_rule *rule; /* NULL: empty */
	struct ks_verdict verdict;
	uint16_t start; /* of the secret in the window */
	uint16_t length;
	uint16_t n;
	uint8_t window[WINDOW_MAX];
};

static bool is_same(const struct ks_memo_entry *entry,
	const struct ks_rule *rule, struct ks_span window, size_t start,
	size_t length)
{
	return entry->rule == rule && entry->n == window.n &&
	       entry->start == start && entry->length == length &&
	       memcmp(entry->window, window.p, window.n) == 0;
}

void ks_memo_judge(struct ks_memo *memo, struct ks_verdict *out,
	const struct ks_rule *rule, struct ks_span subject,
	const struct ks_match *match)
{
	size_t length = match->secret_end - match->secret_start;
	struct ks_span window = ks_context_window(
		subject, match->secret_start, match->secret_end);
	size_t start = (size_t)(subject.p + match->secret_start - window.p);
	struct ks_memo_entry *entry;

	if (!memo->entries)
		memo->entries = calloc(ENTRIES, sizeof(*memo->entries));
	/* A checksum may allocate, and memory may be there the next time. */
	if (!memo->entries || length > SECRET_MAX ||
		rule->kind < KS_RULE_PASSWORD) {
		ks_filter_judge(out, rule, subject, match);
		return;
	}
	entry = &memo->entries[ks_hash64(window, start) % ENTRIES];
	if (!is_same(entry, rule, window, start, length)) {
		ks_filter_judge(&entry->verdict, rule, subject, match);
		entry->rule = rule;
		entry->start = (uint16_t)start;
		entry->length = (uint16_t)length;
		entry->n = (uint16_t)window.n;
		memcpy(entry->window, window.p, window.n);
	}
	*out = entry->verdict;
}

void ks_memo_release(struct ks_memo *memo)
{
	free(memo->entries);
	*memo = (struct ks_memo){ 0 };
}
