/* SPDX-License-Identifier: Apache-2.0 */
/* Of secrets that overlap one is kept. */
#include "scan/overlaps.h"

#include <stdlib.h>

enum {
	CLUSTER_MAX = 1024 /* secrets */
};

static int by_place(const void *a, const void *b)
{
	const struct ks_accepted *left = a;
	const struct ks_accepted *right = b;

	if (left->raw_start != right->raw_start)
		return left->raw_start < right->raw_start ? -1 : 1;
	if (left->raw_end != right->raw_end)
		return left->raw_end > right->raw_end ? -1 : 1;
	return (left->match.rule > right->match.rule) -
	       (left->match.rule < right->match.rule);
}

/*
 * Of two secrets that overlap the more specific kind wins, then the longer,
 * then the surer, then the rule that comes first.
 */
static bool beats(const struct ks_rules *rules, const struct ks_accepted *a,
	const struct ks_accepted *b)
{
	enum ks_rule_kind kind_a = rules->list[a->match.rule].kind;
	enum ks_rule_kind kind_b = rules->list[b->match.rule].kind;
	size_t n_a = a->raw_end - a->raw_start;
	size_t n_b = b->raw_end - b->raw_start;

	if (kind_a != kind_b)
		return kind_a < kind_b;
	if (n_a != n_b)
		return n_a > n_b;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	if (a->match.rule != b->match.rule)
		return a->match.rule < b->match.rule;
	if (a->encodings != b->encodings)
		return a->encodings < b->encodings;
	return a->raw_start < b->raw_start;
}

static bool overlap(const struct ks_accepted *a, const struct ks_accepted *b)
{
	return a->raw_start < b->raw_end && b->raw_start < a->raw_end;
}

/* Keep the best, drop what overlaps it, and so on with the rest. */
static void resolve_cluster(
	const struct ks_rules *rules, struct ks_accepted *list, size_t count)
{
	for (;;) {
		struct ks_accepted *best = NULL;

		for (size_t i = 0; i < count; i++) {
			if (list[i].state == KS_UNDECIDED &&
				(!best || beats(rules, &list[i], best)))
				best = &list[i];
		}
		if (!best)
			return;
		best->state = KS_KEPT;
		for (size_t i = 0; i < count; i++) {
			if (list[i].state == KS_UNDECIDED &&
				overlap(&list[i], best))
				list[i].state = KS_DROPPED;
		}
	}
}

/*
 * Sorted by start, those that overlap one another, directly or not, stand
 * side by side. A cluster has a limit: resolving it takes quadratic time.
 */
static void resolve(
	const struct ks_rules *rules, struct ks_accepted *list, size_t count)
{
	for (size_t from = 0, to; from < count; from = to) {
		size_t end = list[from].raw_end;

		for (to = from + 1; to < count && list[to].raw_start < end &&
				    to - from < CLUSTER_MAX;
			to++) {
			if (list[to].raw_end > end)
				end = list[to].raw_end;
		}
		resolve_cluster(rules, list + from, to - from);
	}
}

size_t ks_overlaps_resolve(
	const struct ks_rules *rules, struct ks_accepted *list, size_t count)
{
	size_t kept = 0;

	if (count > 1)
		qsort(list, count, sizeof(*list), by_place);
	resolve(rules, list, count);
	for (size_t i = 0; i < count; i++) {
		if (list[i].state == KS_KEPT)
			list[kept++] = list[i];
	}
	return kept;
}
