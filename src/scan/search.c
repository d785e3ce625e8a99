/* SPDX-License-Identifier: Apache-2.0 */
/* Searching something, and what is packed in it, with its skips noted. */
#include "scan/search.h"

#include "scan/hold.h"
#include "scan/inside.h"

#include <stdio.h>

int ks_search_skip(const struct ks_search *search, enum ks_skip_reason reason,
	const struct ks_where *where, const char *detail, struct ks_err *err)
{
	const struct ks_skip_place place = { where->name, where->inside,
		&where->oid };

	if (!search->skips)
		return KS_OK;
	return ks_skips_add_at(search->skips, reason, &place, detail, err);
}

/* What the finder gave up is noted, not lost. */
static int conclude(const struct ks_search *search,
	const struct ks_where *where, uint64_t gave_up,
	const struct ks_err *why, struct ks_err *err)
{
	const struct ks_matcher *matcher = search->finder->matcher;
	char detail[256];

	if (why->code == KS_E_LIMIT)
		return ks_search_skip(
			search, KS_SKIP_LIMIT, where, why->message, err);
	if (why->code < 0) {
		*err = *why;
		return why->code;
	}
	if (ks_matcher_counts(matcher)->gave_up == gave_up)
		return KS_OK;
	snprintf(detail, sizeof(detail),
		"rule '%s' needs too many steps somewhere in it",
		search->finder->rules->list[ks_matcher_gave_up(matcher)].id);
	return ks_search_skip(search, KS_SKIP_LIMIT, where, detail, err);
}

static uint64_t gave_up(const struct ks_search *search)
{
	return ks_matcher_counts(search->finder->matcher)->gave_up;
}

int ks_search_text(const struct ks_search *search,
	const struct ks_subject *subject, const struct ks_where *where,
	size_t *found, struct ks_err *err)
{
	uint64_t before = gave_up(search);
	struct ks_err why = { 0 };
	size_t count;

	if (ks_finder_run(search->finder, subject, where,
		    found ? found : &count, &why) == KS_OK)
		why.code = KS_OK;
	return conclude(search, where, before, &why, err);
}

int ks_search_flow(const struct ks_search *search, struct ks_stream *stream,
	const struct ks_where *where, struct ks_err *err)
{
	uint64_t before = gave_up(search);
	struct ks_err why = { 0 };
	size_t found;

	if (ks_finder_flow(search->finder, stream, where, &found, &why) ==
		KS_OK)
		why.code = KS_OK;
	return conclude(search, where, before, &why, err);
}

/* Of a delta its head is made only where it might be one of an archive. */
static enum ks_archive_kind kind_of(
	const struct ks_search *search, const struct ks_subject *subject)
{
	struct ks_span head = subject->bytes;

	if (!search->limits->depth)
		return KS_ARCHIVE_NONE;
	if (subject->rest && subject->rest->seam < KS_ARCHIVE_GLANCE)
		ks_delta_head(subject->rest, KS_ARCHIVE_HEAD);
	if (!ks_archive_is_maybe(head))
		return KS_ARCHIVE_NONE;
	ks_delta_head(subject->rest, KS_ARCHIVE_HEAD);
	if (head.n > KS_ARCHIVE_HEAD)
		head.n = KS_ARCHIVE_HEAD;
	return ks_archive_kind_of(head);
}

/* The hits from ${first} on are of the archive as it is. */
static int search_inside(const struct ks_search *search, struct ks_span bytes,
	enum ks_archive_kind kind, const struct ks_where *where, size_t first,
	struct ks_err *err)
{
	struct ks_hits *hits = &search->finder->hits;
	size_t inside = hits->count;
	int rc = ks_inside_search(search, bytes, kind, where, err);

	if (rc == KS_OK && ks_inside_drop_repeated(hits, first, inside) < 0)
		rc = ks_fail_nomem(err);
	return rc;
}

int ks_search_file(const struct ks_search *search,
	const struct ks_subject *subject, const struct ks_where *where,
	struct ks_err *err)
{
	enum ks_archive_kind kind = kind_of(search, subject);
	size_t first = search->finder->hits.count;
	int rc = ks_search_text(search, subject, where, NULL, err);

	if (rc < 0 || kind == KS_ARCHIVE_NONE)
		return rc;
	ks_delta_fill(subject->rest);
	return search_inside(search, subject->bytes, kind, where, first, err);
}

/* A stream that is kept, if it is an archive, while it is searched. */
struct tee {
	const struct ks_search *search;
	struct ks_stream *from;
	bool has_begun;
	enum ks_archive_kind kind;
	struct ks_hold hold;
	struct ks_err why; /* it could not be kept */
};

static int read_tee(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	struct tee *tee = payload;
	struct ks_subject head;
	int rc = ks_stream_read(tee->from, to, n, got, err);

	if (rc < 0)
		return rc;
	head = (struct ks_subject){ .bytes = ks_span_of(to, *got) };
	if (!tee->has_begun)
		tee->kind = kind_of(tee->search, &head);
	tee->has_begun = true;
	if (tee->kind != KS_ARCHIVE_NONE && !tee->why.code)
		rc = ks_hold_add(&tee->hold, head.bytes, &tee->why);
	if (rc == KS_E_NOMEM)
		*err = tee->why;
	return rc == KS_E_NOMEM ? rc : KS_OK;
}

int ks_search_stream(const struct ks_search *search, struct ks_stream *stream,
	const struct ks_where *where, struct ks_err *err)
{
	struct tee tee = { .search = search, .from = stream };
	struct ks_stream through = { read_tee, &tee };
	size_t first = search->finder->hits.count;
	int rc = ks_search_flow(search, &through, where, err);

	if (rc == KS_OK && tee.why.code)
		rc = ks_search_skip(
			search, KS_SKIP_LIMIT, where, tee.why.message, err);
	else if (rc == KS_OK && tee.kind != KS_ARCHIVE_NONE)
		rc = search_inside(search, ks_hold_span(&tee.hold), tee.kind,
			where, first, err);
	ks_hold_release(&tee.hold);
	return rc;
}
