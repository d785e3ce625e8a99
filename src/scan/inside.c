/* SPDX-License-Identifier: Apache-2.0 */
/* What is in an archive, and in the archives in it. */
#include "scan/inside.h"

#include "scan/hold.h"
#include "scan/way.h"
#include "unpack/archive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	/* Unpacked bytes of which there may be any number of times as many. */
	RATIO_FREE = 16 << 20,
	/* Of a window, what of an archive in an archive is held in memory. */
	HOLD_SHARE = 8,
	/* Bytes of a dictionary that an archive says it needs. */
	KEPT_MAX = 256 << 20
};

/* An archive, with all that is in it. */
struct inside {
	const struct ks_search *search;
	const struct ks_where *outer;
	struct ks_buf way; /* to what is at hand */
	unsigned depth;    /* archives around it */
	uint64_t bytes_left;
	uint64_t entries_left;
	bool is_by_ratio; /* why no more bytes are left */
	bool is_over;     /* a limit was reached, and that is noted */
};

/* One of the archives. */
struct level {
	struct inside *inside;
	struct ks_archive *archive;
	bool is_solid;   /* its entries are compressed together */
	uint64_t kept;   /* bytes that a dictionary may hold */
	uint64_t copied; /* bytes that are no more than it has itself */
	bool is_noted;   /* that it cannot be read on */
};

/* The entry at hand, as a stream. */
struct entry {
	struct level *level;
	struct ks_span ahead; /* read before: these come first */
	bool is_cut;          /* no more bytes are left */
	bool is_full;         /* the dictionary would be too large */
};

static int here(struct inside *inside, struct ks_where *out)
{
	*out = *inside->outer;
	out->inside = ks_buf_str(&inside->way);
	return out->inside ? KS_OK : KS_E_NOMEM;
}

static int note(struct inside *inside, enum ks_skip_reason reason,
	const char *detail, struct ks_err *err)
{
	struct ks_where where;

	if (here(inside, &where) < 0)
		return ks_fail_nomem(err);
	return ks_search_skip(inside->search, reason, &where, detail, err);
}

static int note_over(
	struct inside *inside, const char *detail, struct ks_err *err)
{
	inside->is_over = true;
	return note(inside, KS_SKIP_LIMIT, detail, err);
}

static int note_cut(
	struct inside *inside, const struct entry *entry, struct ks_err *err)
{
	const struct ks_unpacking *limits = inside->search->limits;
	char detail[128];

	if (entry->is_full)
		return note_over(inside,
			"to unpack more of it may take too much memory", err);
	if (inside->is_by_ratio)
		snprintf(detail, sizeof(detail),
			"unpacked it is over %" PRIu64
			" times as long (--archive-ratio)",
			limits->ratio);
	else
		snprintf(detail, sizeof(detail),
			"unpacked it is over %" PRIu64
			" bytes (--archive-bytes)",
			limits->bytes);
	return note_over(inside, detail, err);
}

/* What keeps ${level} from being read on. */
static int note_why(
	struct level *level, const struct ks_err *why, struct ks_err *err)
{
	if (why->code == KS_E_NOMEM) {
		*err = *why;
		return why->code;
	}
	level->is_noted = true;
	if (why->code == KS_E_LIMIT)
		return note(level->inside, KS_SKIP_LIMIT, why->message, err);
	if (why->code == KS_E_UNSUPPORTED)
		return note(
			level->inside, KS_SKIP_UNREADABLE, why->message, err);
	return note(level->inside, KS_SKIP_NOT_UNPACKED,
		level->archive && ks_archive_is_encrypted(level->archive)
			? "it is encrypted"
			: why->message,
		err);
}

/* Pay for ${n} bytes that were read; false: so many were not left. */
static bool pay(struct level *level, size_t *n)
{
	struct inside *inside = level->inside;
	uint64_t copied = *n < level->copied ? *n : level->copied;
	uint64_t more = *n - copied;
	bool is_enough = more <= inside->bytes_left;

	if (!is_enough)
		more = inside->bytes_left;
	level->copied -= copied;
	inside->bytes_left -= more;
	*n = (size_t)(copied + more);
	inside->search->unpacked->bytes += *n;
	return is_enough;
}

/* False: the dictionary may have grown too large. */
static bool keep(struct level *level, size_t n)
{
	if (ks_archive_keeps_all(level->archive))
		level->kept += n;
	return level->kept <= KEPT_MAX;
}

static int read_entry(
	void *payload, uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	enum {
		STEP = 1 << 20
	};
	struct entry *entry = payload;
	struct ks_stream stream = ks_archive_stream(entry->level->archive);
	const volatile int *cancel =
		entry->level->inside->search->limits->cancel;

	*got = ks_span_take(&entry->ahead, to, n);
	while (*got < n && !entry->is_cut) {
		size_t wanted = n - *got < STEP ? n - *got : STEP;
		size_t more;
		int rc;

		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		rc = ks_stream_read(&stream, to + *got, wanted, &more, err);
		if (rc < 0)
			return rc;
		entry->is_full = !keep(entry->level, more);
		entry->is_cut = entry->is_full;
		if (entry->is_full)
			return KS_OK;
		entry->is_cut = !pay(entry->level, &more);
		*got += more;
		if (more < wanted)
			break;
	}
	return KS_OK;
}

/* All that comes: the reference engine has everything in hand. */
static int search_whole(struct inside *inside, struct ks_stream *stream,
	const struct ks_where *where, struct ks_err *err)
{
	struct ks_hold hold = { .most = SIZE_MAX };
	struct ks_subject subject;
	int rc = ks_hold_fill(&hold, stream, err);

	if (rc == KS_OK) {
		subject = (struct ks_subject){ .bytes = ks_hold_span(&hold) };
		rc = ks_search_text(inside->search, &subject, where, NULL, err);
	}
	ks_hold_release(&hold);
	return rc;
}

static int search_plain(
	struct inside *inside, struct ks_stream *stream, struct ks_err *err)
{
	struct ks_where where;

	if (here(inside, &where) < 0)
		return ks_fail_nomem(err);
	if (!inside->search->finder->window.own)
		return search_whole(inside, stream, &where, err);
	return ks_search_flow(inside->search, stream, &where, err);
}

static int walk(struct inside *inside, struct ks_span bytes,
	enum ks_archive_kind kind, struct ks_err *err);

/* An archive as it is, then what is in it; NONE: it is not whole. */
static int search_held(struct inside *inside, struct ks_span bytes,
	enum ks_archive_kind kind, struct ks_err *err)
{
	struct ks_hits *hits = &inside->search->finder->hits;
	struct ks_subject subject = { .bytes = bytes };
	size_t first = hits->count;
	size_t middle;
	struct ks_where where;
	int rc;

	if (here(inside, &where) < 0)
		return ks_fail_nomem(err);
	rc = ks_search_text(inside->search, &subject, &where, NULL, err);
	middle = hits->count;
	if (rc == KS_OK && kind != KS_ARCHIVE_NONE)
		rc = walk(inside, bytes, kind, err);
	if (rc == KS_OK && ks_inside_drop_repeated(hits, first, middle) < 0)
		rc = ks_fail_nomem(err);
	return rc;
}

static int search_packed(
	struct entry *entry, enum ks_archive_kind kind, struct ks_err *err)
{
	struct inside *inside = entry->level->inside;
	struct ks_stream stream = { read_entry, entry };
	size_t window = inside->search->finder->window.own;
	struct ks_hold hold = { .most = window ? window / HOLD_SHARE
					       : SIZE_MAX };
	struct ks_err why = { 0 };
	char detail[128];
	int rc;

	if (inside->depth >= inside->search->limits->depth) {
		snprintf(detail, sizeof(detail),
			"archives are nested deeper than %u (--archive-depth)",
			inside->search->limits->depth);
		rc = note(inside, KS_SKIP_LIMIT, detail, err);
		return rc < 0 ? rc : search_plain(inside, &stream, err);
	}
	rc = ks_hold_fill(&hold, &stream, &why);
	if (rc == KS_E_IO)
		rc = note(inside, KS_SKIP_LIMIT, why.message, err);
	else if (rc < 0)
		*err = why;
	else
		rc = search_held(inside, ks_hold_span(&hold),
			entry->is_cut ? KS_ARCHIVE_NONE : kind, err);
	ks_hold_release(&hold);
	return rc;
}

/* The way of a file that is compressed and has no name in there. */
static int peel(struct inside *inside)
{
	return inside->way.n ? ks_way_peel(&inside->way)
			     : ks_buf_add_str(&inside->way, "!");
}

/* ${is_raw}: it is what is compressed in ${level}, and has no name. */
static int search_file(struct level *level, bool is_raw, struct ks_err *err)
{
	struct inside *inside = level->inside;
	struct entry entry = { .level = level };
	struct ks_stream stream = { read_entry, &entry };
	uint8_t head[KS_ARCHIVE_HEAD];
	enum ks_archive_kind kind;
	struct ks_err why = { 0 };
	size_t n;
	int rc = read_entry(&entry, head, sizeof(head), &n, err);

	if (rc < 0)
		return rc;
	entry.ahead = ks_span_of(head, n);
	kind = ks_archive_kind_of(entry.ahead);
	if (is_raw && kind == KS_ARCHIVE_NONE && peel(inside) < 0)
		return ks_fail_nomem(err);
	inside->search->unpacked->entries += n > 0;
	if (n && kind != KS_ARCHIVE_NONE)
		rc = search_packed(&entry, kind, err);
	else if (n)
		rc = search_plain(inside, &stream, err);
	if (rc == KS_OK && entry.is_cut && !inside->is_over)
		rc = note_cut(inside, &entry, err);
	if (rc == KS_OK && ks_archive_why(level->archive, &why) < 0)
		rc = note_why(level, &why, err);
	return rc;
}

static int search_link(
	struct inside *inside, struct ks_span target, struct ks_err *err)
{
	struct ks_subject subject = { .bytes = target };
	struct ks_where where;

	if (here(inside, &where) < 0)
		return ks_fail_nomem(err);
	return ks_search_text(inside->search, &subject, &where, NULL, err);
}

static int search_entry(struct level *level,
	const struct ks_archive_entry *entry, struct ks_err *err)
{
	struct inside *inside = level->inside;
	const size_t way = inside->way.n;
	int rc = KS_OK;

	if (entry->name.n && ks_way_enter(&inside->way, entry->name) < 0)
		return ks_fail_nomem(err);
	if (entry->type == KS_ENTRY_LINK)
		rc = search_link(inside, entry->target, err);
	else if (entry->type == KS_ENTRY_ENCRYPTED)
		rc = note(inside, KS_SKIP_NOT_UNPACKED, "it is encrypted", err);
	else
		rc = search_file(level, entry->name.n == 0, err);
	inside->way.n = way;
	return rc;
}

static int walk_entries(struct level *level, struct ks_err *err)
{
	struct inside *inside = level->inside;
	const volatile int *cancel = inside->search->limits->cancel;
	struct ks_archive_entry entry;
	struct ks_err why = { 0 };
	char detail[128];
	int next;
	int rc = KS_OK;

	while (rc == KS_OK && !inside->is_over) {
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		next = ks_archive_next(level->archive, &entry, &why);
		if (next == 0 || (next < 0 && level->is_noted))
			return KS_OK;
		if (next < 0)
			return note_why(level, &why, err);
		if (inside->entries_left == 0) {
			snprintf(detail, sizeof(detail),
				"it has more than %" PRIu64
				" entries (--archive-entries)",
				inside->search->limits->entries);
			return note_over(inside, detail, err);
		}
		inside->entries_left--;
		if (!level->is_solid)
			level->kept = 0;
		rc = search_entry(level, &entry, err);
	}
	return rc;
}

static int walk(struct inside *inside, struct ks_span bytes,
	enum ks_archive_kind kind, struct ks_err *err)
{
	struct level level = {
		.inside = inside,
		.is_solid = kind == KS_ARCHIVE_7ZIP,
		.copied = ks_archive_is_plain(kind) ? bytes.n : 0,
	};
	struct ks_err why = { 0 };
	int rc;

	inside->depth++;
	inside->search->unpacked->archives++;
	rc = ks_archive_open(&level.archive, bytes, kind, &why);
	if (rc == KS_OK)
		rc = walk_entries(&level, err);
	else
		rc = note_why(&level, &why, err);
	ks_archive_free(level.archive);
	inside->depth--;
	return rc;
}

int ks_inside_search(const struct ks_search *search, struct ks_span bytes,
	enum ks_archive_kind kind, const struct ks_where *where,
	struct ks_err *err)
{
	const struct ks_unpacking *limits = search->limits;
	struct inside inside = {
		.search = search,
		.outer = where,
		.bytes_left = limits->bytes,
		.entries_left = limits->entries,
	};
	uint64_t most = RATIO_FREE;
	int rc;

	if (bytes.n > UINT64_MAX / limits->ratio)
		most = UINT64_MAX;
	else if (bytes.n * limits->ratio > most)
		most = bytes.n * limits->ratio;
	if (most < inside.bytes_left) {
		inside.bytes_left = most;
		inside.is_by_ratio = true;
	}
	rc = walk(&inside, bytes, kind, err);
	ks_buf_release(&inside.way);
	return rc;
}

int ks_inside_drop_repeated(struct ks_hits *hits, size_t first, size_t inside)
{
	size_t kept = first;
	uint8_t *is_inside;

	if (first == inside || inside == hits->count)
		return KS_OK;
	is_inside = calloc(hits->secret_count, 1);
	if (!is_inside)
		return KS_E_NOMEM;
	for (size_t i = inside; i < hits->count; i++)
		is_inside[hits->list[i].secret] = 1;
	for (size_t i = first; i < hits->count; i++) {
		if (i >= inside || !is_inside[hits->list[i].secret])
			hits->list[kept++] = hits->list[i];
	}
	hits->count = kept;
	free(is_inside);
	return KS_OK;
}
