/* SPDX-License-Identifier: Apache-2.0 */
/* The encoded runs of a subject: all, or those that its base has not. */
#include "match/runs.h"

#include "base/array.h"

#include <stdlib.h>

/* 24 MiB of runs: a delta can copy the same ones again and again. */
enum {
	RUNS_MAX = 1 << 20
};

int ks_runs_add(struct ks_runs *runs, const struct ks_encoded_run *run)
{
	if (runs->count >= RUNS_MAX)
		return KS_E_LIMIT;
	if (ks_array_reserve(&runs->list, &runs->cap, runs->count + 1,
		    sizeof(*runs->list)) < 0)
		return KS_E_NOMEM;
	runs->list[runs->count++] = *run;
	return KS_OK;
}

static int search(struct ks_runs *out, struct ks_encoded_search *search,
	size_t from, size_t to)
{
	struct ks_encoded_run run;
	int rc = KS_OK;

	ks_encoded_search(search, from, to);
	while (rc == KS_OK && ks_encoded_next(search, &run))
		rc = ks_runs_add(out, &run);
	return rc;
}

/* The end of the line before the one with byte ${at}, or far enough back. */
static size_t line_before(struct ks_span text, size_t at)
{
	size_t least =
		at > KS_ENCODED_STRETCH_MAX ? at - KS_ENCODED_STRETCH_MAX : 0;
	const uint8_t *newline =
		at > least ? memrchr(text.p + least, '\n', at - least) : NULL;

	return newline ? (size_t)(newline - text.p) : least;
}

/* Behind the end of the line with byte ${at}, or far enough on. */
static size_t line_behind(struct ks_span text, size_t at)
{
	size_t most = text.n - at > KS_ENCODED_STRETCH_MAX
			      ? at + KS_ENCODED_STRETCH_MAX
			      : text.n;
	const uint8_t *newline =
		most > at ? memchr(text.p + at, '\n', most - at) : NULL;

	return newline ? (size_t)(newline - text.p) + 1 : most;
}

/* How far from a seam lines are as they should be. */
static size_t near_seam(const struct ks_delta_rest *rest)
{
	size_t more = KS_ENCODED_BLANKS_MAX + 2;

	return rest->seam > more ? rest->seam - more : 0;
}

/* Search the lines with bytes [from, to) and the bytes on either side. */
static int search_around(struct ks_runs *out, struct ks_encoded_search *at,
	struct ks_delta_rest *rest, size_t from, size_t to)
{
	struct ks_span text = at->text;
	size_t start = line_before(text, from ? from - 1 : 0);
	size_t end = line_behind(text, to);

	/* What was taken for a line's end may not be made yet: look again. */
	if (rest && rest->result &&
		(from - start > near_seam(rest) ||
			end - to > near_seam(rest))) {
		ks_delta_fill(rest);
		start = line_before(text, from ? from - 1 : 0);
		end = line_behind(text, to);
	}
	if (start < at->to)
		start = at->to;
	return start < end ? search(out, at, start, end) : KS_OK;
}

/* To begin to search costs as much as to search so many bytes. */
static size_t near_enough(const struct ks_delta_rest *rest)
{
	enum {
		NEAR = 256
	};

	/* Between two seams that are so near all bytes are made. */
	return rest && rest->result && rest->seam < NEAR ? rest->seam : NEAR;
}

static int search_news(struct ks_runs *out, const struct ks_subject *subject)
{
	const struct ks_delta *delta = subject->delta;
	struct ks_encoded_search at = { .text = subject->bytes,
		.rest = subject->rest };
	const size_t near = near_enough(subject->rest);
	size_t from = SIZE_MAX; /* of what is to be searched; none yet */
	size_t to = 0;
	int rc = KS_OK;

	/* Behind the last piece is a seam too: the base may go on there. */
	for (size_t i = 0; rc == KS_OK && i <= delta->count; i++) {
		const struct ks_delta_piece *piece = &delta->pieces[i];
		bool is_end = i == delta->count;
		size_t start = is_end ? subject->bytes.n : piece->start;

		if (!is_end && i == 0 && piece->base_start == 0)
			continue; /* the base begins so too */
		if (from != SIZE_MAX && start - to > near) {
			rc = search_around(out, &at, subject->rest, from, to);
			from = SIZE_MAX;
		}
		if (from == SIZE_MAX)
			from = start;
		to = start;
		if (!is_end && piece->base_start == KS_DELTA_NEW)
			to += piece->n;
	}
	if (rc == KS_OK)
		rc = search_around(out, &at, subject->rest, from, to);
	return rc;
}

static size_t first_from(const struct ks_runs *runs, size_t start)
{
	size_t low = 0;
	size_t high = runs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (runs->list[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The runs of the base that were copied with the bytes beside them. */
static int carry_over(struct ks_runs *out, const struct ks_delta *delta,
	const struct ks_runs *base)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < delta->count; i++) {
		const struct ks_delta_piece *piece = &delta->pieces[i];
		size_t from = piece->base_start;
		size_t to = from + piece->n;
		bool is_first = i == 0 && from == 0;

		if (from == KS_DELTA_NEW)
			continue;
		for (size_t r = first_from(base, from + !is_first);
			rc == KS_OK && r < base->count &&
			base->list[r].start < to;
			r++) {
			struct ks_encoded_run run = base->list[r];

			if (run.end >= to)
				continue;
			run.start = run.start - from + piece->start;
			run.end = run.end - from + piece->start;
			rc = ks_runs_add(out, &run);
		}
	}
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct ks_encoded_run *left = a;
	const struct ks_encoded_run *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (left->form > right->form) - (left->form < right->form);
}

static void tidy(struct ks_runs *runs)
{
	size_t kept = 0;

	if (runs->count)
		qsort(runs->list, runs->count, sizeof(*runs->list), by_place);
	for (size_t i = 0; i < runs->count; i++) {
		if (kept &&
			by_place(&runs->list[kept - 1], &runs->list[i]) == 0)
			continue;
		runs->list[kept++] = runs->list[i];
	}
	runs->count = kept;
}

int ks_runs_find(struct ks_runs *out, const struct ks_subject *subject)
{
	struct ks_encoded_search all = { .text = subject->bytes };
	int rc;

	out->count = 0;
	if (subject->delta && subject->base && subject->base->is_whole) {
		rc = carry_over(out, subject->delta, &subject->base->runs);
		if (out->count)
			ks_delta_fill(subject->rest);
		if (rc == KS_OK)
			rc = search_news(out, subject);
	} else {
		ks_delta_fill(subject->rest);
		rc = search(out, &all, subject->head, subject->bytes.n);
	}
	tidy(out);
	return rc;
}

void ks_runs_release(struct ks_runs *runs)
{
	free(runs->list);
	*runs = (struct ks_runs){ 0 };
}
