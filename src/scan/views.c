/* SPDX-License-Identifier: Apache-2.0 */
/* What else a subject can be read as: UTF-16, and text that is encoded. */
#include "scan/views.h"

#include "base/array.h"

#include <stdlib.h>

enum {
	DEPTH_MAX = 4,
	/* Decoded bytes may be so much more than those of the subject. */
	GROWTH_MAX = 8,
	GROWTH_FREE = 1 << 20
};

/* The next free view. It is not in the list before count is raised. */
static struct ks_view *next_view(struct ks_views *views)
{
	if (views->count < views->made)
		return &views->list[views->count];
	if (ks_array_reserve(&views->list, &views->cap, views->count + 1,
		    sizeof(*views->list)) < 0)
		return NULL;
	views->list[views->made++] = (struct ks_view){ .depth = 0 };
	return &views->list[views->count];
}

static int too_much(struct ks_err *err)
{
	return ks_fail(err, KS_E_LIMIT,
		"what is encoded in it, decoded, is more than %d times as long",
		(int)GROWTH_MAX);
}

static size_t memory_of(const struct ks_view *view)
{
	return view->decoded.bytes.cap +
	       view->decoded.part_cap * sizeof(*view->decoded.parts);
}

/* ${before}: bytes that the view held before it was made. */
static int take(struct ks_views *views, struct ks_view *view, uint32_t outer,
	size_t before, struct ks_err *err)
{
	view->outer = outer;
	view->depth = outer == KS_VIEW_RAW ? 1 : views->list[outer].depth + 1;
	view->has_secret = false;
	views->bytes += view->decoded.bytes.n;
	views->held += memory_of(view) - before;
	views->count++;
	return views->bytes > views->limit ? too_much(err) : KS_OK;
}

static int add_runs(struct ks_views *views, struct ks_span text, uint32_t outer,
	struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < views->runs.count; i++) {
		struct ks_view *view = next_view(views);
		size_t before;

		if (!view)
			return ks_fail_nomem(err);
		before = memory_of(view);
		view->run = views->runs.list[i];
		rc = ks_decoded_make(&view->decoded, text, &view->run);
		if (rc == KS_E_NOMEM)
			return ks_fail_nomem(err);
		if (rc == KS_E_LIMIT) {
			views->held += memory_of(view) - before;
			return too_much(err);
		}
		if (rc == KS_OK) {
			rc = take(views, view, outer, before, err);
		} else {
			views->held += memory_of(view) - before;
			rc = KS_OK;
		}
	}
	return rc;
}

/*
 * Both orders are asked for: where text begins and ends with NULs it cannot
 * be told which it is.
 */
static int add_utf16(struct ks_views *views,
	const struct ks_utf16_source *source, uint32_t outer,
	struct ks_err *err)
{
	struct ks_utf16_run run;
	int rc = KS_OK;

	for (int big = 0; big < 2; big++) {
		for (size_t at = 0;
			rc == KS_OK && ks_utf16_next(&run, source, at, big);
			at = run.start + 2 * run.units) {
			struct ks_view *view = next_view(views);
			size_t before = view ? memory_of(view) : 0;

			if (!view || ks_decoded_make_utf16(&view->decoded,
					     source->raw, &run) < 0)
				return ks_fail_nomem(err);
			view->run = (struct ks_encoded_run){ .start = 0 };
			rc = take(views, view, outer, before, err);
		}
	}
	return rc;
}

static int find_runs(struct ks_views *views, const struct ks_subject *subject,
	struct ks_err *err)
{
	int rc = ks_runs_find(&views->runs, subject);

	if (rc == KS_E_LIMIT)
		return too_much(err);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static void free_list(struct ks_views *views)
{
	for (size_t i = 0; i < views->made; i++)
		ks_decoded_release(&views->list[i].decoded);
	views->made = 0;
	views->held = 0;
}

int ks_views_open(struct ks_views *views, const struct ks_subject *subject,
	const struct ks_utf16_source *wide, struct ks_err *err)
{
	int rc = find_runs(views, subject, err);

	if (views->most && views->held > views->most)
		free_list(views);
	views->count = 0;
	views->bytes = 0;
	views->limit = subject->bytes.n / 2 > SIZE_MAX / (2 * GROWTH_MAX)
			       ? SIZE_MAX
			       : subject->bytes.n * GROWTH_MAX + GROWTH_FREE;
	if (views->most && views->limit > views->most)
		views->limit = views->most;
	if (rc == KS_OK)
		rc = add_runs(views, subject->bytes, KS_VIEW_RAW, err);
	if (rc == KS_OK && wide) {
		ks_delta_fill(subject->rest);
		rc = add_utf16(views, wide, KS_VIEW_RAW, err);
	}
	return rc;
}

int ks_views_open_inner(
	struct ks_views *views, size_t index, struct ks_err *err)
{
	/* By value: the list moves, the bytes do not. */
	struct ks_span text = ks_buf_span(&views->list[index].decoded.bytes);
	const struct ks_utf16_source wide = { text, ks_utf16_mark(text), true };
	struct ks_subject subject = { .bytes = text };
	int rc;

	if (views->list[index].depth >= DEPTH_MAX || text.n == 0)
		return KS_OK;
	rc = find_runs(views, &subject, err);
	if (rc == KS_OK)
		rc = add_runs(views, text, (uint32_t)index, err);
	if (rc == KS_OK && memchr(text.p, 0, text.n))
		rc = add_utf16(views, &wide, (uint32_t)index, err);
	return rc;
}

void ks_views_mark(struct ks_views *views, size_t index)
{
	uint32_t at = (uint32_t)index;

	for (; at != KS_VIEW_RAW; at = views->list[at].outer)
		views->list[at].has_secret = true;
}

int ks_views_leave(const struct ks_views *views, struct ks_carry *carry)
{
	int rc = KS_OK;

	carry->runs.count = 0;
	for (size_t i = 0; rc == KS_OK && i < views->count; i++) {
		const struct ks_view *view = &views->list[i];

		if (view->has_secret && view->outer == KS_VIEW_RAW &&
			view->decoded.encoding != KS_ENCODING_UTF16)
			rc = ks_runs_add(&carry->runs, &view->run);
	}
	return rc;
}

void ks_views_raw(const struct ks_views *views, uint32_t index, size_t *start,
	size_t *end)
{
	while (index != KS_VIEW_RAW) {
		const struct ks_view *view = &views->list[index];

		*end = ks_decoded_end(&view->decoded, *end - 1);
		*start = ks_decoded_start(&view->decoded, *start);
		index = view->outer;
	}
}

uint32_t ks_views_encodings(const struct ks_views *views, uint32_t index)
{
	uint32_t encodings = 0;

	for (; index != KS_VIEW_RAW; index = views->list[index].outer)
		encodings =
			encodings << 4 | views->list[index].decoded.encoding;
	return encodings;
}

void ks_views_release(struct ks_views *views)
{
	free_list(views);
	free(views->list);
	ks_runs_release(&views->runs);
	*views = (struct ks_views){ 0 };
}
