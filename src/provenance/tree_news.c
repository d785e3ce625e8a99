/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entries of a tree that the base of its delta has not.
 *
 * A commit changes a few entries of a tree, and its delta says which: the
 * rest is copied. Where the reading stands at the start of an entry within a
 * copied piece, and the base has an entry starting at the place it was
 * copied from, both go on alike to the end of the piece: the entries that
 * end before it are the base's own. What crosses a seam is read. Pieces are
 * followed through the base in ascending order only, as git writes them for
 * sorted trees: so what was passed by is what is gone.
 */
#include "provenance/tree_news.h"

#include "base/array.h"

#include <stdlib.h>

struct reading {
	struct ks_tree_starts *out;
	struct ks_span raw;
	size_t hash_bytes;
	size_t at;   /* start of the next entry */
	size_t left; /* the base's first entry not accounted for */
	const struct ks_tree_base *base;
	ks_tree_entry_fn fn;
	void *payload;
	struct ks_err *err;
};

static int add_starts(struct reading *reading, const uint32_t *from,
	size_t count, size_t shift)
{
	struct ks_tree_starts *out = reading->out;
	uint32_t *to;

	if (!out)
		return KS_OK;
	if (ks_array_reserve(&out->list, &out->cap, out->count + count,
		    sizeof(*out->list)) < 0)
		return ks_fail_nomem(reading->err);
	to = out->list + out->count;
	for (size_t i = 0; i < count; i++)
		to[i] = from[i] + (uint32_t)shift; /* modulo 2^32 */
	out->count += count;
	return KS_OK;
}

/* Read entries until one starts at ${end} or behind. */
static int read_until(struct reading *reading, size_t end, size_t most)
{
	struct ks_tree_iter iter = ks_tree_iter_of(
		ks_span_cut(reading->raw, reading->at, reading->raw.n),
		reading->hash_bytes);
	int rc = KS_OK;

	while (rc == KS_OK && reading->at < end && most-- > 0) {
		const uint32_t start = (uint32_t)reading->at;
		struct ks_tree_entry entry;

		if (ks_tree_next(&iter, &entry) <= 0)
			return ks_fail(reading->err, KS_E_CORRUPT,
				"it is not a proper tree");
		reading->at = (size_t)(iter.p - reading->raw.p);
		rc = add_starts(reading, &start, 1, 0);
		if (rc == KS_OK)
			rc = reading->fn(reading->payload, &entry, false);
	}
	return rc;
}

/* The first of ${starts} that is not before ${offset}. */
static size_t first_from(const struct ks_tree_starts *starts, size_t offset)
{
	size_t low = 0;
	size_t high = starts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (starts->list[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The base's entries from reading->left up to ${until} are gone. */
static int tell_gone(struct reading *reading, size_t until)
{
	const struct ks_tree_starts *starts = reading->base->starts;
	const struct ks_span raw = reading->base->raw;
	int rc = KS_OK;

	for (; rc == KS_OK && reading->left < until; reading->left++) {
		struct ks_tree_iter iter = ks_tree_iter_of(
			ks_span_cut(raw, starts->list[reading->left], raw.n),
			reading->hash_bytes);
		struct ks_tree_entry entry;

		if (ks_tree_next(&iter, &entry) > 0)
			rc = reading->fn(reading->payload, &entry, true);
	}
	return rc;
}

/*
 * Pass over the entries that ${piece} copies whole; false if there are none.
 * The last one that starts in it may end behind it: it is left to be read.
 */
static bool pass_copied(
	struct reading *reading, const struct ks_delta_piece *piece, int *rc)
{
	const struct ks_tree_starts *base = reading->base->starts;
	size_t from = piece->base_start + (reading->at - piece->start);
	size_t end = piece->base_start + piece->n;
	size_t first = first_from(base, from);
	size_t last;

	if (first == base->count || base->list[first] != from ||
		first < reading->left)
		return false;
	last = first_from(base, end);
	if (last == base->count ? end != reading->base->raw.n
				: base->list[last] != end)
		last--;
	if (last <= first)
		return false;
	*rc = tell_gone(reading, first);
	if (*rc == KS_OK)
		*rc = add_starts(reading, base->list + first, last - first,
			reading->at - from);
	reading->left = last;
	from = last < base->count ? base->list[last] : end;
	reading->at = piece->start + (from - piece->base_start);
	return true;
}

static int read_delta(struct reading *reading)
{
	const struct ks_delta *delta = reading->base->delta;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < delta->count; i++) {
		const struct ks_delta_piece *piece = &delta->pieces[i];
		size_t end = piece->start + piece->n;

		if (piece->base_start == KS_DELTA_NEW) {
			rc = read_until(reading, end, SIZE_MAX);
			continue;
		}
		while (rc == KS_OK && reading->at < end) {
			if (!pass_copied(reading, piece, &rc))
				rc = read_until(reading, end, 1);
		}
	}
	if (rc == KS_OK)
		rc = tell_gone(reading, reading->base->starts->count);
	return rc;
}

int ks_tree_news(struct ks_tree_starts *out, struct ks_span raw,
	size_t hash_bytes, const struct ks_tree_base *base, ks_tree_entry_fn fn,
	void *payload, struct ks_err *err)
{
	struct reading reading = {
		.out = out,
		.raw = raw,
		.hash_bytes = hash_bytes,
		.base = base,
		.fn = fn,
		.payload = payload,
		.err = err,
	};
	int rc;

	if (out) {
		out->count = 0;
		out->is_whole = false;
	}
	if (raw.n > UINT32_MAX)
		return ks_fail(err, KS_E_LIMIT, "a tree over 4 GiB");
	if (base->delta && base->starts && base->starts->is_whole)
		rc = read_delta(&reading);
	else
		rc = read_until(&reading, raw.n, SIZE_MAX);
	if (rc == KS_OK && out)
		out->is_whole = true;
	return rc;
}

void ks_tree_starts_release(struct ks_tree_starts *starts)
{
	free(starts->list);
	*starts = (struct ks_tree_starts){ 0 };
}
