/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Candidates carried from a base to its deltas.
 *
 * A child is a list of pieces: copies of ranges of its base, and new bytes.
 *
 *     base   |--------A--------|----|---------B---------|
 *     child  |--------A--------|new|---------B---------|
 *                          [== scanned ==]
 *
 * An anchor of the child, at most W bytes long, either touches new bytes or
 * crosses a seam, or lies in one copied piece. Of the first kind each lies
 * within the new bytes and seams widened by W - 1: those ranges are
 * scanned. Of the second kind each is an anchor of the base at the place
 * the piece was copied from, so the base's candidates have it. Stage one
 * does not report where an anchor starts; so a candidate counts as carried
 * only if the rule's longest anchor with that end lies in the piece, as it
 * does in one copied from the base's start. Those that this leaves out end
 * less than W behind the piece's start, and there the seam's range has them:
 * the start of the child is a seam if the base starts otherwise. Anchors look
 * at nothing but their own bytes: both sets hold true anchors only. Hence
 * together they are just what a scan of the whole child reports.
 */
#include "match/carry.h"

#include "base/array.h"

#include <stdlib.h>

static int add_range(struct ks_ranges *out, size_t start, size_t end)
{
	struct ks_range *last = out->count ? &out->list[out->count - 1] : NULL;

	if (last && start <= last->end) {
		if (end > last->end)
			last->end = end;
		return KS_OK;
	}
	if (ks_array_reserve(&out->list, &out->cap, out->count + 1,
		    sizeof(*out->list)) < 0)
		return KS_E_NOMEM;
	out->list[out->count++] = (struct ks_range){ start, end };
	return KS_OK;
}

int ks_ranges_of(struct ks_ranges *out, const struct ks_delta *delta, size_t n,
	size_t width)
{
	const size_t margin = width - 1;

	out->count = 0;
	for (size_t i = 0; i < delta->count; i++) {
		const struct ks_delta_piece *piece = &delta->pieces[i];
		size_t from = piece->start > margin ? piece->start - margin : 0;
		size_t end = piece->start;

		if (piece->base_start == KS_DELTA_NEW)
			end += piece->n;
		else if (i == 0 && piece->base_start == 0)
			continue; /* the base begins so too */
		end = n - end > margin ? end + margin : n;
		if (add_range(out, from, end) < 0)
			return KS_E_NOMEM;
	}
	return KS_OK;
}

/* The first candidate of ${base} that ends behind ${offset}. */
static size_t first_behind(const struct ks_carry *base, size_t offset)
{
	size_t low = 0;
	size_t high = base->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (base->list[middle].end <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Is all that the death of ${candidate} depends on within the copied bytes
 * [from, to) of the base? Its last possible start is end - anchor_min; the
 * base's own ends are no ends in the child, so they do not count as inside.
 */
static bool stays_dead(const struct ks_candidate *candidate,
	const struct ks_rule *rule, uint32_t reach, size_t from, size_t to)
{
	size_t around = candidate->is_judged ? reach : 0;
	size_t behind = rule->lookbehind > around ? rule->lookbehind : around;
	size_t before = rule->anchor_max + behind + 1;
	size_t last = candidate->end - rule->anchor_min;

	return candidate->is_dead && rule->extent != UINT32_MAX &&
	       candidate->end >= from + before &&
	       to - last > rule->extent + around + 1;
}

/*
 * An anchor that ends so far behind a piece's start, or behind the start of
 * the base, which nothing lies before, counts as one within it. Near token
 * runs, the seam's range may not have it: there each that can lie within
 * the piece is a candidate.
 */
static uint32_t surely_within(const struct ks_rule *rule)
{
	return rule->token_reach ? rule->anchor_min : rule->anchor_max;
}

int ks_carry_over(struct ks_carry *out, const struct ks_carry *base,
	const struct ks_delta *delta, const struct ks_rules *rules,
	uint32_t reach, size_t most)
{
	for (size_t i = 0; i < delta->count && base->count; i++) {
		const struct ks_delta_piece *piece = &delta->pieces[i];
		size_t from = piece->base_start;
		size_t to = from + piece->n;

		if (from == KS_DELTA_NEW)
			continue;
		for (size_t c = first_behind(base, from);
			c < base->count && base->list[c].end <= to; c++) {
			struct ks_candidate candidate = base->list[c];
			const struct ks_rule *rule =
				&rules->list[candidate.rule];

			if (from > 0 &&
				candidate.end < from + surely_within(rule))
				continue;
			candidate.is_dead =
				stays_dead(&candidate, rule, reach, from, to);
			candidate.end =
				(uint32_t)(candidate.end - from + piece->start);
			if (out->count >= most)
				return KS_E_LIMIT;
			if (ks_carry_add(out, &candidate) < 0)
				return KS_E_NOMEM;
		}
	}
	return KS_OK;
}

bool ks_carry_may_have_nul(struct ks_span bytes, const struct ks_delta *delta,
	const struct ks_carry *base)
{
	if (!delta || !base)
		return bytes.n && memchr(bytes.p, 0, bytes.n);
	if (base->may_have_nul)
		return true;
	for (size_t i = 0; i < delta->count; i++) {
		const struct ks_delta_piece *piece = &delta->pieces[i];

		if (piece->base_start == KS_DELTA_NEW &&
			memchr(bytes.p + piece->start, 0, piece->n))
			return true;
	}
	return false;
}

int ks_carry_add(struct ks_carry *carry, const struct ks_candidate *candidate)
{
	if (carry->count == carry->cap &&
		ks_array_reserve(&carry->list, &carry->cap, carry->count + 1,
			sizeof(*carry->list)) < 0)
		return KS_E_NOMEM;
	carry->list[carry->count++] = *candidate;
	return KS_OK;
}

/* A dead one before its equal that is not known to be dead. */
static uint64_t key_of(const struct ks_candidate *candidate)
{
	return (uint64_t)candidate->end << 32 | (uint64_t)candidate->rule << 1 |
	       !candidate->is_dead;
}

static int by_key(const void *a, const void *b)
{
	uint64_t left = key_of(a);
	uint64_t right = key_of(b);

	return (left > right) - (left < right);
}

void ks_carry_tidy(struct ks_carry *carry)
{
	size_t kept = 0;
	bool is_sorted = true;

	for (size_t i = 1; i < carry->count && is_sorted; i++)
		is_sorted = by_key(&carry->list[i - 1], &carry->list[i]) <= 0;
	if (!is_sorted)
		qsort(carry->list, carry->count, sizeof(*carry->list), by_key);
	for (size_t i = 0; i < carry->count; i++) {
		if (kept && carry->list[kept - 1].end == carry->list[i].end &&
			carry->list[kept - 1].rule == carry->list[i].rule)
			continue;
		carry->list[kept++] = carry->list[i];
	}
	carry->count = kept;
}

void ks_carry_release(struct ks_carry *carry)
{
	free(carry->list);
	free(carry->runs.list);
	*carry = (struct ks_carry){ 0 };
}

void ks_ranges_release(struct ks_ranges *ranges)
{
	free(ranges->list);
	*ranges = (struct ks_ranges){ 0 };
}
