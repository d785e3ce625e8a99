/* SPDX-License-Identifier: Apache-2.0 */
/* From accepted secrets to hits: lines, markers, the other half. */
#include "scan/noting.h"

#include "control/inline.h"

enum {
	LINE_SIDE = 1024, /* bytes */
	SHOWN_SIDE = 256, /* bytes: more than a snippet has */
	SHOWN_SECRET = 8192
};

struct ks_noting ks_noting_of(const struct ks_rules *rules,
	struct ks_hits *hits, const struct ks_where *where)
{
	return (struct ks_noting){
		.rules = rules,
		.hits = hits,
		.where = where,
		.first = hits->count,
		.index = KS_HITS_NONE,
		.place = { 1, 1 },
	};
}

static uint32_t clamp(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* What was found in decoded text may be marked there or in the object. */
static bool is_marked(const struct ks_noting *noting, struct ks_span bytes,
	const struct ks_accepted *one)
{
	const struct ks_rule *rule = &noting->rules->list[one->match.rule];

	return ks_inline_allows(one->view, one->match.secret_start,
		       one->match.secret_end, rule) ||
	       (one->view.p != bytes.p &&
		       ks_inline_allows(
			       bytes, one->raw_start, one->raw_end, rule));
}

/* The line of a secret, or the lines; at most LINE_SIDE bytes beside it. */
static int keep_line(struct ks_noting *noting, const struct ks_accepted *one,
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
		&noting->hits->arena, ks_span_cut(one->view, from, to));
	*out = ks_span_of(copy, to - from);
	return copy ? KS_OK : KS_E_NOMEM;
}

/* What a snippet needs: the object is too large to be read again for that. */
static int keep_shown(struct ks_noting *noting, const struct ks_window *window,
	const struct ks_accepted *one, const struct ks_shown **out)
{
	size_t from =
		one->raw_start > SHOWN_SIDE ? one->raw_start - SHOWN_SIDE : 0;
	size_t to = one->raw_end - one->raw_start > SHOWN_SECRET
			    ? one->raw_start + SHOWN_SECRET
			    : one->raw_end;
	struct ks_shown shown = { .from = window->from + from };

	to = window->bytes.n - to > SHOWN_SIDE ? to + SHOWN_SIDE
					       : window->bytes.n;
	shown.bytes = ks_span_cut(window->bytes, from, to);
	*out = ks_hits_keep_shown(noting->hits, &shown);
	return *out ? KS_OK : KS_E_NOMEM;
}

static int add_hit(struct ks_noting *noting, const struct ks_window *window,
	const struct ks_accepted *one, struct ks_hit *hit)
{
	struct ks_hits *hits = noting->hits;
	struct ks_secret *secret;

	if (ks_hits_add_secret(hits, one->match.rule,
		    ks_span_cut(one->view, one->match.secret_start,
			    one->match.secret_end),
		    &hit->secret) < 0)
		return KS_E_NOMEM;
	secret = &hits->secrets[hit->secret];
	secret->entropy = one->entropy;
	if (secret->confidence < one->confidence)
		secret->confidence = one->confidence;
	hit->is_marked = is_marked(noting, window->bytes, one);
	if (noting->keeps_lines && keep_line(noting, one, &hit->around) < 0)
		return KS_E_NOMEM;
	if (noting->keeps_shown &&
		keep_shown(noting, window, one, &hit->shown) < 0)
		return KS_E_NOMEM;
	return ks_hits_add(hits, hit);
}

/* Go on to byte ${offset} of ${window}. */
static void go_to(
	struct ks_noting *noting, const struct ks_window *window, size_t offset)
{
	noting->place = ks_place_from(window->bytes,
		(size_t)(noting->at - window->from), noting->place, offset);
	noting->at = window->from + offset;
}

int ks_noting_add(struct ks_noting *noting, const struct ks_window *window,
	const struct ks_accepted *list, size_t count)
{
	if (count && noting->index == KS_HITS_NONE &&
		ks_hits_add_where(noting->hits, noting->where, &noting->index) <
			0)
		return KS_E_NOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct ks_accepted *one = &list[i];
		struct ks_place end;
		struct ks_hit hit;

		go_to(noting, window, one->raw_start);
		end = ks_place_from(window->bytes, one->raw_start,
			noting->place, one->raw_end - 1);
		hit = (struct ks_hit){
			.where = noting->index,
			.line = clamp(noting->place.line),
			.column = clamp(noting->place.column),
			.end_line = clamp(end.line),
			.end_column = clamp(end.column),
			.offset = noting->at,
			.encodings = one->encodings,
		};
		if (add_hit(noting, window, one, &hit) < 0)
			return KS_E_NOMEM;
	}
	if (window->own_end <= window->bytes.n)
		go_to(noting, window, window->own_end);
	return KS_OK;
}

/* The nearest hit of ${link} to hit ${i}; lines only grow along the list. */
static uint32_t find_pair(const struct ks_noting *noting, size_t i,
	const struct ks_rule_link *link)
{
	const struct ks_hits *hits = noting->hits;
	const uint32_t line = hits->list[i].line;
	uint32_t best = KS_HITS_NONE;
	uint32_t least = 0;
	size_t j = i;

	while (j > noting->first &&
		line - hits->list[j - 1].line <= link->within_lines)
		j--;
	for (; j < hits->count; j++) {
		const struct ks_hit *other = &hits->list[j];
		uint32_t lines = other->line > line ? other->line - line
						    : line - other->line;

		if (lines > link->within_lines)
			break;
		if (hits->secrets[other->secret].rule != link->rule ||
			(best != KS_HITS_NONE && lines >= least))
			continue;
		best = other->secret;
		least = lines;
	}
	return best;
}

void ks_noting_end(struct ks_noting *noting)
{
	struct ks_hits *hits = noting->hits;

	for (size_t i = noting->first; i < hits->count; i++) {
		uint32_t rule = hits->secrets[hits->list[i].secret].rule;
		const struct ks_rule_link *link =
			&noting->rules->list[rule].pairs_with;
		uint32_t pair = KS_HITS_NONE;

		if (link->rule != KS_RULE_NONE)
			pair = find_pair(noting, i, link);
		if (pair != KS_HITS_NONE)
			ks_hits_pair(hits, hits->list[i].secret, pair);
	}
}
