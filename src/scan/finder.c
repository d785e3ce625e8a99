/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to hits: match, judge, resolve overlaps, pair. */
#include "scan/finder.h"

#include "base/array.h"
#include "control/inline.h"
#include "provenance/lines.h"

#include <stdlib.h>

enum {
	CLUSTER_MAX = 1024, /* secrets */
	LINE_SIDE = 1024    /* bytes */
};

int ks_finder_init(struct ks_finder *finder, struct ks_patterns *patterns,
	bool is_reference, struct ks_err *err)
{
	*finder = (struct ks_finder){ .rules = ks_patterns_rules(patterns) };
	return ks_matcher_new(&finder->matcher, patterns, is_reference, err);
}

static int accept(struct ks_finder *finder, const struct ks_accepted *one)
{
	if (ks_array_reserve(&finder->accepted, &finder->accepted_cap,
		    finder->accepted_count + 1, sizeof(*finder->accepted)) < 0)
		return KS_E_NOMEM;
	finder->accepted[finder->accepted_count++] = *one;
	return KS_OK;
}

/* Match and judge ${subject}, which is view ${index} of the object. */
static int look_at(struct ks_finder *finder, const struct ks_subject *subject,
	uint32_t index, struct ks_err *err)
{
	const struct ks_span view = subject->bytes;
	int scanned = ks_matcher_scan(
		finder->matcher, subject, &finder->matches, err);

	for (size_t i = 0; i < finder->matches.count; i++) {
		const struct ks_match *match = &finder->matches.list[i];
		const struct ks_rule *rule = &finder->rules->list[match->rule];
		struct ks_verdict verdict;
		struct ks_accepted one;

		ks_memo_judge(&finder->memo, &verdict, rule, view, match);
		if (verdict.reject != KS_REJECT_NONE)
			continue;
		one = (struct ks_accepted){
			.match = *match,
			.view = view,
			.encodings = ks_views_encodings(&finder->views, index),
			.raw_start = match->secret_start,
			.raw_end = match->secret_end,
			.confidence = verdict.confidence,
			.entropy = verdict.entropy,
		};
		ks_views_raw(
			&finder->views, index, &one.raw_start, &one.raw_end);
		if (accept(finder, &one) < 0)
			return ks_fail_nomem(err);
	}
	return scanned;
}

/* Look at the views of the object, and at those of each view. */
static int look_at_views(struct ks_finder *finder,
	const struct ks_subject *subject, bool has_nul, struct ks_err *err)
{
	struct ks_views *views = &finder->views;
	int rc = ks_views_open(views, subject, has_nul, err);

	for (size_t i = 0; rc == KS_OK && i < views->count; i++) {
		struct ks_subject view = {
			.bytes = ks_buf_span(&views->list[i].decoded.bytes),
		};
		size_t before = finder->accepted_count;

		rc = look_at(finder, &view, (uint32_t)i, err);
		if (finder->accepted_count > before)
			ks_views_mark(views, i);
		if (rc == KS_OK)
			rc = ks_views_open_inner(views, i, err);
	}
	if (!subject->carry)
		return rc;
	subject->carry->is_whole &= rc == KS_OK;
	if (ks_views_leave(views, subject->carry) < 0)
		return ks_fail_nomem(err);
	return rc;
}

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
static bool beats(const struct ks_finder *finder, const struct ks_accepted *a,
	const struct ks_accepted *b)
{
	enum ks_rule_kind kind_a = finder->rules->list[a->match.rule].kind;
	enum ks_rule_kind kind_b = finder->rules->list[b->match.rule].kind;
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
	const struct ks_finder *finder, struct ks_accepted *list, size_t count)
{
	for (;;) {
		struct ks_accepted *best = NULL;

		for (size_t i = 0; i < count; i++) {
			if (list[i].state == KS_UNDECIDED &&
				(!best || beats(finder, &list[i], best)))
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
static void resolve_overlaps(struct ks_finder *finder)
{
	struct ks_accepted *list = finder->accepted;
	size_t count = finder->accepted_count;

	for (size_t from = 0, to; from < count; from = to) {
		size_t end = list[from].raw_end;

		for (to = from + 1; to < count && list[to].raw_start < end &&
				    to - from < CLUSTER_MAX;
			to++) {
			if (list[to].raw_end > end)
				end = list[to].raw_end;
		}
		resolve_cluster(finder, list + from, to - from);
	}
}

/* UTF-16 text needs NULs: most blobs have none and are done at once. */
static bool has_nul(const struct ks_subject *subject)
{
	bool has = ks_carry_may_have_nul(
		subject->bytes, subject->delta, subject->base);

	if (subject->carry)
		subject->carry->may_have_nul = has;
	return has;
}

int ks_finder_look(struct ks_finder *finder, const struct ks_subject *subject,
	struct ks_err *err)
{
	size_t kept = 0;
	bool is_wide;
	int rc;

	finder->accepted_count = 0;
	rc = look_at(finder, subject, KS_VIEW_RAW, err);
	is_wide = has_nul(subject);
	if (rc == KS_OK)
		rc = look_at_views(finder, subject, is_wide, err);
	if (finder->accepted_count > 1)
		qsort(finder->accepted, finder->accepted_count,
			sizeof(*finder->accepted), by_place);
	resolve_overlaps(finder);
	for (size_t i = 0; i < finder->accepted_count; i++) {
		if (finder->accepted[i].state == KS_KEPT)
			finder->accepted[kept++] = finder->accepted[i];
	}
	finder->accepted_count = kept;
	return rc;
}

static uint32_t clamp(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* What was found in decoded text may be marked there or in the object. */
static bool is_marked(const struct ks_finder *finder, struct ks_span bytes,
	const struct ks_accepted *one)
{
	const struct ks_rule *rule = &finder->rules->list[one->match.rule];

	return ks_inline_allows(one->view, one->match.secret_start,
		       one->match.secret_end, rule) ||
	       (one->view.p != bytes.p &&
		       ks_inline_allows(
			       bytes, one->raw_start, one->raw_end, rule));
}

/* The line of a secret, or the lines; at most LINE_SIDE bytes beside it. */
static int keep_line(struct ks_finder *finder, const struct ks_accepted *one,
	struct ks_span *out)
{
	size_t from = one->match.secret_start;
	size_t to = one->match.secret_end;
	size_t n = 0;
	const char *copy;

	while (from > 0 && n++ < LINE_SIDE && one->view.p[from - 1] != '\n')
		from--;
	for (n = 0;
		to < one->view.n && n < LINE_SIDE && one->view.p[to] != '\n';
		n++)
		to++;
	copy = ks_arena_copy(
		&finder->hits.arena, ks_span_cut(one->view, from, to));
	*out = ks_span_of(copy, to - from);
	return copy ? KS_OK : KS_E_NOMEM;
}

static int add_hits(
	struct ks_finder *finder, struct ks_span bytes, uint32_t where)
{
	struct ks_place start = { 1, 1 };
	size_t at = 0;

	for (size_t i = 0; i < finder->accepted_count; i++) {
		const struct ks_accepted *one = &finder->accepted[i];
		struct ks_secret *secret;
		struct ks_place end;
		struct ks_hit hit;
		uint32_t index;

		if (ks_hits_add_secret(&finder->hits, one->match.rule,
			    ks_span_cut(one->view, one->match.secret_start,
				    one->match.secret_end),
			    &index) < 0)
			return KS_E_NOMEM;
		secret = &finder->hits.secrets[index];
		secret->entropy = one->entropy;
		if (secret->confidence < one->confidence)
			secret->confidence = one->confidence;
		start = ks_place_from(bytes, at, start, one->raw_start);
		at = one->raw_start;
		end = ks_place_from(bytes, at, start, one->raw_end - 1);
		hit = (struct ks_hit){
			.secret = index,
			.where = where,
			.line = clamp(start.line),
			.column = clamp(start.column),
			.end_line = clamp(end.line),
			.end_column = clamp(end.column),
			.offset = one->raw_start,
			.encodings = one->encodings,
			.is_marked = is_marked(finder, bytes, one),
		};
		if (finder->keeps_lines &&
			keep_line(finder, one, &hit.around) < 0)
			return KS_E_NOMEM;
		if (ks_hits_add(&finder->hits, &hit) < 0)
			return KS_E_NOMEM;
	}
	return KS_OK;
}

/* Note the nearest other half of each hit from ${first} on. */
static void pair_hits(struct ks_finder *finder, size_t first)
{
	struct ks_hits *hits = &finder->hits;

	for (size_t i = first; i < hits->count; i++) {
		uint32_t rule = hits->secrets[hits->list[i].secret].rule;
		const struct ks_rule_link *link =
			&finder->rules->list[rule].pairs_with;
		uint32_t best = KS_HITS_NONE;
		uint32_t least = 0;

		if (link->rule == KS_RULE_NONE)
			continue;
		for (size_t j = first; j < hits->count; j++) {
			const struct ks_hit *other = &hits->list[j];
			uint32_t a = other->line;
			uint32_t b = hits->list[i].line;
			uint32_t lines = a > b ? a - b : b - a;

			if (hits->secrets[other->secret].rule != link->rule ||
				lines > link->within_lines ||
				(best != KS_HITS_NONE && lines >= least))
				continue;
			best = other->secret;
			least = lines;
		}
		if (best != KS_HITS_NONE)
			ks_hits_pair(hits, hits->list[i].secret, best);
	}
}

int ks_finder_run(struct ks_finder *finder, const struct ks_subject *subject,
	const struct ks_where *where, size_t *found, struct ks_err *err)
{
	int scanned = ks_finder_look(finder, subject, err);
	size_t first = finder->hits.count;
	uint32_t index;
	int rc;

	if (found)
		*found = finder->accepted_count;
	if (finder->accepted_count == 0)
		return scanned;
	rc = ks_hits_add_where(&finder->hits, where, &index);
	if (rc == KS_OK)
		rc = add_hits(finder, subject->bytes, index);
	if (rc < 0)
		return ks_fail_nomem(err);
	pair_hits(finder, first);
	return scanned;
}

void ks_finder_release(struct ks_finder *finder)
{
	ks_matcher_free(finder->matcher);
	ks_memo_release(&finder->memo);
	ks_matches_release(&finder->matches);
	ks_views_release(&finder->views);
	ks_hits_release(&finder->hits);
	free(finder->accepted);
	*finder = (struct ks_finder){ 0 };
}
