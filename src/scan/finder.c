/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to hits: match, judge, resolve overlaps, pair. */
#include "scan/finder.h"

#include "base/array.h"
#include "filter/context.h"
#include "scan/noting.h"
#include "scan/overlaps.h"

#include <stdlib.h>

enum {
	DENSE = 64 << 10, /* bytes: windows where there is much to find */
	TORN = 8          /* bytes of what is encoded, at its end */
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

/*
 * Near the edges of ${window} it cannot be told what the whole object would
 * say. A match that starts there is the window's before; one that reaches the
 * end goes on. Of what is encoded a few bytes are lost where it is cut.
 */
static bool is_at_start(const struct ks_finder *finder,
	const struct ks_window *window, uint32_t index,
	const struct ks_match *match)
{
	size_t start = match->start;
	size_t end = match->end;

	if (window->is_first)
		return false;
	ks_views_raw(&finder->views, index, &start, &end);
	return start <= finder->rules->list[match->rule].lookbehind +
				(index == KS_VIEW_RAW ? 0 : TORN);
}

static bool is_at_end(const struct ks_finder *finder,
	const struct ks_window *window, uint32_t index,
	const struct ks_match *match)
{
	size_t start = match->start;
	size_t end = match->end;

	if (window->is_last)
		return false;
	ks_views_raw(&finder->views, index, &start, &end);
	return window->bytes.n - end <= (index == KS_VIEW_RAW ? 0 : TORN);
}

static bool is_own(const struct ks_window *window, size_t offset)
{
	return offset >= window->own_start && offset < window->own_end;
}

/* Judge ${match} in ${view}; what is a secret is added to the list. */
static int consider(struct ks_finder *finder, const struct ks_window *window,
	struct ks_span view, uint32_t index, const struct ks_match *match)
{
	const struct ks_rule *rule = &finder->rules->list[match->rule];
	struct ks_verdict verdict;
	struct ks_accepted one = {
		.match = *match,
		.view = view,
		.encodings = ks_views_encodings(&finder->views, index),
		.raw_start = match->secret_start,
		.raw_end = match->secret_end,
	};

	if (is_at_start(finder, window, index, match))
		return KS_OK;
	ks_views_raw(&finder->views, index, &one.raw_start, &one.raw_end);
	if (is_at_end(finder, window, index, match)) {
		if (is_own(window, one.raw_start))
			finder->cut = match->rule;
		return KS_OK;
	}
	ks_memo_judge(&finder->memo, &verdict, rule, view, match);
	if (verdict.reject != KS_REJECT_NONE)
		return KS_OK;
	one.confidence = verdict.confidence;
	one.entropy = verdict.entropy;
	return accept(finder, &one);
}

/* Match and judge ${subject}, which is view ${index} of ${window}. */
static int look_at(struct ks_finder *finder, const struct ks_window *window,
	const struct ks_subject *subject, uint32_t index, struct ks_err *err)
{
	int scanned = ks_matcher_scan(
		finder->matcher, subject, &finder->matches, err);

	for (size_t i = 0; i < finder->matches.count; i++) {
		if (consider(finder, window, subject->bytes, index,
			    &finder->matches.list[i]) < 0)
			return ks_fail_nomem(err);
	}
	return scanned;
}

/* Look at the views of the window, and at those of each view. */
static int look_at_views(struct ks_finder *finder,
	const struct ks_window *window, const struct ks_subject *subject,
	bool has_nul, struct ks_err *err)
{
	const struct ks_utf16_source wide = { window->bytes, window->utf16_mark,
		window->is_first };
	struct ks_views *views = &finder->views;
	int rc = ks_views_open(views, subject, has_nul ? &wide : NULL, err);

	for (size_t i = 0; rc == KS_OK && i < views->count; i++) {
		struct ks_subject view = {
			.bytes = ks_buf_span(&views->list[i].decoded.bytes),
		};
		size_t before = finder->accepted_count;

		rc = look_at(finder, window, &view, (uint32_t)i, err);
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

/* UTF-16 text needs NULs: most blobs have none and are done at once. */
static bool has_nul(const struct ks_subject *subject)
{
	bool has = ks_carry_may_have_nul(
		subject->bytes, subject->delta, subject->base);

	if (subject->carry)
		subject->carry->may_have_nul = has;
	return has;
}

/* Look at ${window}, the bytes of ${subject}. */
static int look(struct ks_finder *finder, const struct ks_window *window,
	const struct ks_subject *subject, struct ks_err *err)
{
	bool is_wide;
	int rc;

	finder->accepted_count = 0;
	finder->cut = KS_RULE_NONE;
	rc = look_at(finder, window, subject, KS_VIEW_RAW, err);
	is_wide = has_nul(subject);
	if (rc == KS_OK)
		rc = look_at_views(finder, window, subject, is_wide, err);
	finder->accepted_count = ks_overlaps_resolve(
		finder->rules, finder->accepted, finder->accepted_count);
	return rc;
}

/* Does what consider() does not accept, whatever else there is. */
static bool is_rejected(
	void *payload, struct ks_span subject, const struct ks_match *match)
{
	struct ks_finder *finder = payload;
	struct ks_verdict verdict;

	ks_memo_judge(&finder->memo, &verdict,
		&finder->rules->list[match->rule], subject, match);
	return verdict.reject != KS_REJECT_NONE;
}

/*
 * Look at ${subject} whole. What is no secret here is none in a delta that
 * copies it and what is around it: so the matcher is told at once.
 */
static int look_at_whole(struct ks_finder *finder,
	const struct ks_window *whole, const struct ks_subject *subject,
	struct ks_err *err)
{
	const struct ks_judge judge = { is_rejected, finder, KS_CONTEXT_REACH };
	struct ks_subject judged = *subject;

	judged.judge = &judge;
	return look(finder, whole, &judged, err);
}

int ks_finder_look(struct ks_finder *finder, const struct ks_subject *subject,
	struct ks_err *err)
{
	const struct ks_window whole = ks_window_whole(subject->bytes);

	return look_at_whole(finder, &whole, subject, err);
}

/*
 * Keep what is ${window}'s own. A match that the window cuts off is not told,
 * for it is longer; KS_E_LIMIT names its rule.
 */
static int keep_own(struct ks_finder *finder, const struct ks_window *window,
	struct ks_err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < finder->accepted_count; i++) {
		if (is_own(window, finder->accepted[i].raw_start))
			finder->accepted[kept++] = finder->accepted[i];
	}
	finder->accepted_count = kept;
	if (finder->cut == KS_RULE_NONE)
		return KS_OK;
	return ks_fail(err, KS_E_LIMIT,
		"a match of rule '%s' is longer than a window of it",
		finder->rules->list[finder->cut].id);
}

/* Each window by itself; lines and pairs go on from one to the next. */
static int find_in_windows(struct ks_finder *finder, struct ks_windows *windows,
	const struct ks_where *where, size_t *found, struct ks_err *err)
{
	struct ks_noting noting =
		ks_noting_of(finder->rules, &finder->hits, where);
	struct ks_window window;
	int rc = KS_OK;
	int next;

	noting.keeps_lines = finder->keeps_lines;
	noting.keeps_shown = true;
	while ((next = ks_windows_next(windows, &window, err)) > 0) {
		struct ks_subject subject = { .bytes = window.bytes };
		int scanned = look(finder, &window, &subject, err);
		int kept = keep_own(finder, &window, err);

		if (scanned == KS_OK)
			scanned = kept;
		if (scanned < 0 && scanned != KS_E_LIMIT)
			return scanned;
		if (scanned < 0)
			rc = scanned;
		*found += finder->accepted_count;
		if (ks_noting_add(&noting, &window, finder->accepted,
			    finder->accepted_count) < 0)
			return ks_fail_nomem(err);
	}
	ks_noting_end(&noting);
	return next < 0 ? next : rc;
}

int ks_finder_flow(struct ks_finder *finder, struct ks_stream *stream,
	const struct ks_where *where, size_t *found, struct ks_err *err)
{
	struct ks_windows windows = {
		.size = finder->window,
		.stream = stream,
		.buf = &finder->passing,
	};

	*found = 0;
	return find_in_windows(finder, &windows, where, found, err);
}

static int find_in_parts(struct ks_finder *finder, struct ks_span bytes,
	const struct ks_window_size *size, const struct ks_where *where,
	size_t *found, struct ks_err *err)
{
	struct ks_windows windows = { .size = *size, .whole = bytes };

	*found = 0;
	return find_in_windows(finder, &windows, where, found, err);
}

/* What was accepted is all there is in ${whole}. */
static int note_whole(struct ks_finder *finder, const struct ks_window *whole,
	const struct ks_where *where)
{
	struct ks_noting noting =
		ks_noting_of(finder->rules, &finder->hits, where);

	noting.keeps_lines = finder->keeps_lines;
	noting.keeps_shown = where->inside != NULL;
	if (ks_noting_add(&noting, whole, finder->accepted,
		    finder->accepted_count) < 0)
		return KS_E_NOMEM;
	ks_noting_end(&noting);
	return KS_OK;
}

int ks_finder_run(struct ks_finder *finder, const struct ks_subject *subject,
	const struct ks_where *where, size_t *found, struct ks_err *err)
{
	const struct ks_window whole = ks_window_whole(subject->bytes);
	const struct ks_window_size dense = { DENSE, DENSE };
	const struct ks_window_size *size = &finder->window;
	int rc = look_at_whole(finder, &whole, subject, err);

	if (rc != KS_E_LIMIT || !size->own || subject->bytes.n <= DENSE) {
		*found = finder->accepted_count;
		return note_whole(finder, &whole, where) < 0
			       ? ks_fail_nomem(err)
			       : rc;
	}
	if (subject->bytes.n <= size->own + 2 * size->margin)
		size = &dense;
	ks_delta_fill(subject->rest);
	return find_in_parts(finder, subject->bytes, size, where, found, err);
}

void ks_finder_release(struct ks_finder *finder)
{
	ks_matcher_free(finder->matcher);
	ks_memo_release(&finder->memo);
	ks_matches_release(&finder->matches);
	ks_views_release(&finder->views);
	ks_buf_release(&finder->passing);
	ks_hits_release(&finder->hits);
	free(finder->accepted);
	*finder = (struct ks_finder){ 0 };
}
