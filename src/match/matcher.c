/* SPDX-License-Identifier: Apache-2.0 */
/* All rules over one subject: what a worker calls for each blob. */
#include "match/matcher.h"

#include "base/array.h"
#include "match/near.h"
#include "match/token_run.h"
#include "rules/follow.h"

#include <stdlib.h>

/* 256 MiB of candidates: no blob of this world, but a hostile one. */
enum {
	CANDIDATES_MAX = 32 << 20
};

/* How far a rule's starts have been tried in the subject at hand. */
struct tried {
	uint64_t subject; /* number of that subject */
	size_t upto;
	struct ks_confirm_last last;
};

struct ks_matcher {
	struct ks_confirm confirm;
	const struct ks_rules *rules;
	const uint8_t *wanted;
	const struct ks_literal_search *literals;
	bool is_reference;
	hs_scratch_t *scratch;
	struct ks_carry carry; /* of the subject at hand */
	struct ks_ranges ranges;
	size_t most;         /* candidates to be kept */
	struct ks_span text; /* the range being scanned */
	size_t offset;       /* and where it begins */
	bool is_full;        /* a candidate could not be kept */
	struct tried *tried; /* one a rule */
	bool *leads;         /* by rule: is another looked for near it? */
	uint64_t subject;
	struct ks_match_counts counts;
};

/* One for both databases: Hyperscan widens what it made for the first. */
static bool alloc_scratch(struct ks_matcher *matcher)
{
	const hs_database_t *const databases[] = { matcher->rules->database,
		matcher->rules->token_database };

	for (size_t i = 0; i < 2; i++) {
		if (databases[i] && hs_alloc_scratch(databases[i],
					    &matcher->scratch) != HS_SUCCESS)
			return false;
	}
	return true;
}

int ks_matcher_new(struct ks_matcher **out, struct ks_patterns *patterns,
	bool is_reference, struct ks_err *err)
{
	struct ks_matcher *matcher = calloc(1, sizeof(*matcher));
	const struct ks_rules *rules = ks_patterns_rules(patterns);
	int rc;

	*out = NULL;
	if (!matcher)
		return ks_fail_nomem(err);
	matcher->rules = rules;
	matcher->wanted = ks_patterns_wanted(patterns);
	matcher->literals = ks_patterns_literals(patterns);
	matcher->is_reference = is_reference;
	matcher->most = CANDIDATES_MAX;
	matcher->tried = calloc(rules->count + 1u, sizeof(*matcher->tried));
	matcher->leads = calloc(rules->count + 1u, sizeof(*matcher->leads));
	rc = ks_confirm_init(&matcher->confirm, patterns, err);
	if (rc == KS_OK && !is_reference && !alloc_scratch(matcher))
		rc = ks_fail_nomem(err);
	if (rc == KS_OK && (!matcher->tried || !matcher->leads))
		rc = ks_fail_nomem(err);
	for (uint32_t i = 0; rc == KS_OK && i < rules->count; i++) {
		if (rules->list[i].near.rule != KS_RULE_NONE)
			matcher->leads[rules->list[i].near.rule] = true;
	}
	if (rc < 0) {
		ks_matcher_free(matcher);
		return rc;
	}
	matcher->confirm.gave_up_rule = KS_RULE_NONE;
	*out = matcher;
	return KS_OK;
}

/* What follows beyond the range that is scanned is another one's. */
static bool is_followed(
	const struct ks_matcher *matcher, unsigned rule, size_t end)
{
	const struct ks_follow *follow = matcher->rules->list[rule].follow;

	return !follow ||
	       ks_follow_begins(follow,
		       ks_span_cut(matcher->text, end, matcher->text.n));
}

/* ${end}: in the range that is scanned. False: there is no room for it. */
static bool keep(struct ks_matcher *matcher, uint32_t rule, size_t end)
{
	const struct ks_candidate candidate = { .rule = rule & 0x3fffffff,
		.end = (uint32_t)(matcher->offset + end) };

	matcher->is_full = matcher->carry.count >= matcher->most ||
			   ks_carry_add(&matcher->carry, &candidate) < 0;
	return !matcher->is_full;
}

/* Hyperscan's callback. */
static int on_anchor(unsigned id, unsigned long long from,
	unsigned long long to, unsigned flags, void *payload)
{
	struct ks_matcher *matcher = payload;

	(void)from;
	(void)flags;
	if (!matcher->wanted[id] || !is_followed(matcher, id, to))
		return 0;
	return !keep(matcher, id, to);
}

static bool on_literal(void *payload, uint32_t rule, size_t start)
{
	struct ks_matcher *matcher = payload;

	return keep(
		matcher, rule, start + matcher->rules->list[rule].anchor_min);
}

static int too_many(const struct ks_matcher *matcher, struct ks_err *err)
{
	return ks_fail(err, KS_E_LIMIT,
		"more than %zu places that might hold a secret", matcher->most);
}

/* ${database} and ${literals}: NULL where there are none. */
static int scan_range(struct ks_matcher *matcher, const hs_database_t *database,
	const struct ks_literal_search *literals, struct ks_span bytes,
	struct ks_range range, struct ks_err *err)
{
	size_t before = matcher->carry.count;
	size_t n = range.end - range.start;
	hs_error_t rc = HS_SUCCESS;

	if (range.start >= range.end)
		return KS_OK;
	matcher->text = ks_span_cut(bytes, range.start, range.end);
	matcher->offset = range.start;
	matcher->counts.bytes += n;
	if (database)
		rc = hs_scan(database, (const char *)matcher->text.p,
			(unsigned)n, 0, matcher->scratch, on_anchor, matcher);
	if (literals && rc == HS_SUCCESS)
		ks_literal_search_run(
			literals, matcher->text, on_literal, matcher);
	matcher->counts.candidates += matcher->carry.count - before;
	if (matcher->is_full)
		return too_many(matcher, err);
	if (rc != HS_SUCCESS)
		return ks_fail(
			err, KS_E_RULE, "Hyperscan failed: error %d", rc);
	return KS_OK;
}

/* Scan ${range} for the anchors that mean something anywhere. */
static int scan_anywhere(struct ks_matcher *matcher, struct ks_span bytes,
	struct ks_range range, struct ks_err *err)
{
	return scan_range(matcher, matcher->rules->database, matcher->literals,
		bytes, range, err);
}

/*
 * What of ${range} can hold the start of a match around ${run}, or behind
 * its start: a match begins before the end of its token run.
 */
static struct ks_range around(const struct ks_rules *rules,
	const struct ks_token_run *run, struct ks_range range)
{
	struct ks_range out = range;

	if (run->start > range.start + rules->token_reach_max)
		out.start = run->start - rules->token_reach_max;
	if (range.end - run->end > rules->token_anchor_max)
		out.end = run->end + rules->token_anchor_max;
	return out;
}

/* Scan ${range} for anchors that mean something near a token run only. */
static int scan_near_tokens(struct ks_matcher *matcher, struct ks_span bytes,
	struct ks_range range, struct ks_err *err)
{
	const hs_database_t *database = matcher->rules->token_database;
	struct ks_range part = { 0, 0 };
	struct ks_token_run run = { .end = range.start };
	int rc = KS_OK;

	bytes.n = range.end;
	while (rc == KS_OK && ks_token_run_next(&run, bytes, run.end)) {
		struct ks_range next = around(matcher->rules, &run, range);

		if (next.start > part.end) {
			rc = scan_range(
				matcher, database, NULL, bytes, part, err);
			part = next;
		}
		part.end = next.end;
	}
	if (rc == KS_OK)
		rc = scan_range(matcher, database, NULL, bytes, part, err);
	return rc;
}

/* How much of what a delta brings is to be searched, and for what. */
static int find_news(struct ks_matcher *matcher,
	const struct ks_subject *subject, uint32_t width, bool is_near_tokens,
	struct ks_err *err)
{
	int rc = ks_ranges_of(&matcher->ranges, subject->delta,
		subject->bytes.n, width ? width : 1);

	if (rc < 0)
		return ks_fail_nomem(err);
	for (size_t i = 0; rc == KS_OK && i < matcher->ranges.count; i++) {
		struct ks_range range = matcher->ranges.list[i];

		if (is_near_tokens)
			rc = scan_near_tokens(
				matcher, subject->bytes, range, err);
		else
			rc = scan_anywhere(matcher, subject->bytes, range, err);
	}
	return rc;
}

/* The candidates of a delta: those of its base, and those in what is new. */
static int find_in_delta(struct ks_matcher *matcher,
	const struct ks_subject *subject, struct ks_err *err)
{
	const struct ks_rules *rules = matcher->rules;
	int rc = ks_carry_over(&matcher->carry, subject->base, subject->delta,
		rules, subject->judge ? subject->judge->reach : 0,
		matcher->most);

	if (rc == KS_E_LIMIT)
		return too_many(matcher, err);
	if (rc < 0)
		return ks_fail_nomem(err);
	if (rules->database || matcher->literals)
		rc = find_news(
			matcher, subject, rules->anchor_max_width, false, err);
	if (rc == KS_OK && rules->token_database)
		rc = find_news(
			matcher, subject, ks_rules_width(rules), true, err);
	return rc;
}

static int find_candidates(struct ks_matcher *matcher,
	const struct ks_subject *subject, struct ks_err *err)
{
	const struct ks_range all = { subject->head, subject->bytes.n };
	int rc = KS_OK;

	matcher->carry.count = 0;
	matcher->is_full = false;
	if (subject->delta && subject->base && subject->base->is_whole)
		return find_in_delta(matcher, subject, err);
	ks_delta_fill(subject->rest);
	if (matcher->rules->database || matcher->literals)
		rc = scan_anywhere(matcher, subject->bytes, all, err);
	if (rc == KS_OK && matcher->rules->token_database)
		rc = scan_near_tokens(matcher, subject->bytes, all, err);
	return rc;
}

/*
 * Try the starts that the anchor of ${candidate} can belong to, those of
 * them that the rule's candidate before has not tried. It is dead if none
 * of them all has a match.
 */
static int confirm(struct ks_matcher *matcher, struct ks_candidate *candidate,
	const struct ks_subject *subject, struct ks_matches *out,
	struct ks_err *err)
{
	const struct ks_rule *rule = &matcher->rules->list[candidate->rule];
	const struct ks_judge *judge =
		matcher->leads[candidate->rule] ? NULL : subject->judge;
	struct tried *tried = &matcher->tried[candidate->rule];
	size_t from = candidate->end > rule->anchor_max
			      ? candidate->end - rule->anchor_max
			      : 0;
	size_t first;
	size_t to;
	int rc;

	if (candidate->is_dead || candidate->end < rule->anchor_min)
		return KS_OK;
	to = candidate->end - rule->anchor_min;
	if (from < subject->head)
		from = subject->head;
	first = from;
	if (tried->subject != matcher->subject)
		*tried = (struct tried){ .subject = matcher->subject };
	if (tried->upto > from)
		from = tried->upto;
	if (from <= to) {
		tried->upto = to + 1;
		ks_delta_fill(subject->rest);
		rc = ks_confirm_at(&matcher->confirm, candidate->rule,
			subject->bytes, from, to, judge, out, &tried->last,
			err);
		if (rc < 0)
			return rc;
	}
	candidate->is_dead = tried->last.kept <= first;
	candidate->is_judged = tried->last.rejected > first;
	return KS_OK;
}

/*
 * Where there are more candidates than in any text, a child may as well be
 * scanned in full: each base that waits would hold them.
 */
static bool is_worth_keeping(const struct ks_matcher *matcher,
	const struct ks_carry *carry, const struct ks_subject *subject)
{
	enum {
		FEW = 16384,
		SPREAD = 64 /* bytes a candidate */
	};

	return carry->count <= FEW ||
	       (carry->count <= subject->bytes.n / SPREAD &&
		       carry->count <= matcher->most / 16);
}

static int scan_fast(struct ks_matcher *matcher,
	const struct ks_subject *subject, struct ks_matches *out,
	struct ks_err *err)
{
	int rc = find_candidates(matcher, subject, err);
	struct ks_carry *carry = subject->carry;

	ks_carry_tidy(&matcher->carry);
	matcher->subject++;
	for (size_t i = 0; rc == KS_OK && i < matcher->carry.count; i++) {
		rc = confirm(
			matcher, &matcher->carry.list[i], subject, out, err);
		if (rc == KS_OK && out->count > matcher->most / 8)
			rc = too_many(matcher, err);
	}
	if (carry)
		carry->is_whole = false;
	if (carry && is_worth_keeping(matcher, &matcher->carry, subject)) {
		struct ks_carry old = *carry;

		carry->list = matcher->carry.list;
		carry->count = matcher->carry.count;
		carry->cap = matcher->carry.cap;
		carry->is_whole = rc == KS_OK;
		matcher->carry.list = old.list;
		matcher->carry.cap = old.cap;
	}
	return rc;
}

static int scan_reference(struct ks_matcher *matcher,
	const struct ks_subject *subject, struct ks_matches *out,
	struct ks_err *err)
{
	const struct ks_span bytes = subject->bytes;
	int rc = KS_OK;

	matcher->counts.bytes += bytes.n;
	for (uint32_t i = 0; rc == KS_OK && i < matcher->rules->count; i++) {
		if (!matcher->wanted[i] ||
			matcher->rules->list[i].near.rule != KS_RULE_NONE)
			continue;
		rc = ks_confirm_search(&matcher->confirm, i, bytes,
			subject->head, bytes.n, out, err);
	}
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct ks_match *left = a;
	const struct ks_match *right = b;

	if (left->secret_start != right->secret_start)
		return left->secret_start < right->secret_start ? -1 : 1;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	if (left->secret_end != right->secret_end)
		return left->secret_end < right->secret_end ? -1 : 1;
	return (left->start > right->start) - (left->start < right->start);
}

/* Sort, and keep one match of those with one rule and one secret. */
static void tidy(struct ks_matches *out)
{
	size_t kept = 0;

	if (out->count)
		qsort(out->list, out->count, sizeof(*out->list), by_place);
	for (size_t i = 0; i < out->count; i++) {
		const struct ks_match *last =
			kept ? &out->list[kept - 1] : NULL;

		if (last && last->rule == out->list[i].rule &&
			last->secret_start == out->list[i].secret_start &&
			last->secret_end == out->list[i].secret_end)
			continue;
		out->list[kept++] = out->list[i];
	}
	out->count = kept;
}

int ks_matcher_scan(struct ks_matcher *matcher,
	const struct ks_subject *subject, struct ks_matches *out,
	struct ks_err *err)
{
	int rc;

	out->count = 0;
	if (subject->bytes.n > KS_SUBJECT_MAX)
		return ks_fail(err, KS_E_LIMIT, "longer than 4 GiB");
	if (matcher->is_reference)
		ks_delta_fill(subject->rest);
	if (matcher->is_reference)
		rc = scan_reference(matcher, subject, out, err);
	else
		rc = scan_fast(matcher, subject, out, err);
	if (rc == KS_OK && out->count)
		rc = ks_near_find(&matcher->confirm, subject->bytes, out, err);
	if (out->count > 1)
		tidy(out);
	matcher->counts.confirmed += out->count;
	matcher->counts.gave_up = matcher->confirm.gave_up;
	return rc;
}

void ks_matcher_limit(struct ks_matcher *matcher, size_t candidates)
{
	matcher->most = candidates && candidates < CANDIDATES_MAX
				? candidates
				: CANDIDATES_MAX;
}

const struct ks_match_counts *ks_matcher_counts(
	const struct ks_matcher *matcher)
{
	return &matcher->counts;
}

uint32_t ks_matcher_gave_up(const struct ks_matcher *matcher)
{
	return matcher->confirm.gave_up_rule;
}

void ks_matcher_free(struct ks_matcher *matcher)
{
	if (!matcher)
		return;
	hs_free_scratch(matcher->scratch);
	ks_confirm_release(&matcher->confirm);
	ks_carry_release(&matcher->carry);
	ks_ranges_release(&matcher->ranges);
	free(matcher->tried);
	free(matcher->leads);
	free(matcher);
}

void ks_matches_release(struct ks_matches *matches)
{
	free(matches->list);
	*matches = (struct ks_matches){ 0 };
}
