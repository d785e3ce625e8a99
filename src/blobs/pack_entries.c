/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of a pack: sorted by offset, deltas linked to their bases. */
#include "blobs/pack_entries.h"

#include <stdlib.h>

static int by_offset(const void *a, const void *b)
{
	const struct ks_entry *left = a;
	const struct ks_entry *right = b;

	return (left->offset > right->offset) - (left->offset < right->offset);
}

/* ks_pack_entry_at() among the entries [low, high). */
static uint32_t entry_among(const struct ks_pack *pack, uint32_t low,
	uint32_t high, uint64_t offset)
{
	const uint32_t first = low;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (pack->entries[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low > first && pack->entries[low - 1].offset == offset)
		return low - 1;
	return KS_ENTRY_NONE;
}

uint32_t ks_pack_entry_at(const struct ks_pack *pack, uint64_t offset)
{
	return entry_among(pack, 0, pack->count, offset);
}

/*
 * Entries by offset: entry number ${first[offset >> shift]} is the first that
 * lies at or behind the offset's part of the pack. Parts are so small that
 * one has about one entry.
 */
struct parts {
	uint32_t *first; /* one more than there are parts: the last ends all */
	size_t count;
	unsigned shift;
};

/* Offsets of a corrupt index may lie behind the pack: all in the last. */
static size_t part_of(const struct parts *parts, uint64_t offset)
{
	uint64_t part = offset >> parts->shift;

	return part < parts->count ? (size_t)part : parts->count - 1;
}

static int make_parts(struct parts *parts, const struct ks_pack *pack)
{
	uint64_t size = pack->map.bytes.n;

	*parts = (struct parts){ .shift = 0 };
	while (size >> parts->shift > pack->count)
		parts->shift++;
	parts->count = (size_t)(size >> parts->shift) + 1;
	parts->first = calloc(parts->count + 2, sizeof(*parts->first));
	return parts->first ? KS_OK : KS_E_NOMEM;
}

static void sort_part(struct ks_entry *list, size_t n)
{
	enum {
		FEW = 16
	};

	if (n > FEW) {
		qsort(list, n, sizeof(*list), by_offset);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct ks_entry entry = list[i];
		size_t at = i;

		for (; at > 0 && list[at - 1].offset > entry.offset; at--)
			list[at] = list[at - 1];
		list[at] = entry;
	}
}

/*
 * Counted by part, put there, and each part sorted: offsets are spread over
 * the pack, so that this takes linear time. While entries are put, first[]
 * runs one ahead: first[p + 1] is where the next one of part p goes.
 */
static void fill_parts(struct ks_pack *pack, struct parts *parts)
{
	uint32_t *next = parts->first + 1;

	for (uint32_t i = 0; i < pack->count; i++)
		next[part_of(parts, ks_pack_index_offset(&pack->index, i)) +
			1]++;
	for (size_t p = 0; p < parts->count; p++)
		next[p + 1] += next[p];
	for (uint32_t i = 0; i < pack->count; i++) {
		uint64_t offset = ks_pack_index_offset(&pack->index, i);

		pack->entries[next[part_of(parts, offset)]++] =
			(struct ks_entry){
				.offset = offset,
				.index = i,
				.base = KS_ENTRY_NONE,
				.child = KS_ENTRY_NONE,
				.sibling = KS_ENTRY_NONE,
			};
	}
	for (size_t p = 0; p < parts->count; p++)
		sort_part(pack->entries + parts->first[p],
			parts->first[p + 1] - parts->first[p]);
}

static int sort_entries(
	struct ks_pack *pack, struct parts *parts, struct ks_err *err)
{
	size_t count = pack->index.count;

	pack->count = pack->index.count;
	pack->entries = calloc(count ? count : 1, sizeof(*pack->entries));
	pack->repeated = calloc(count / 8 + 1, 1);
	if (!pack->entries || !pack->repeated || make_parts(parts, pack) < 0)
		return ks_fail_nomem(err);
	fill_parts(pack, parts);
	return KS_OK;
}

static uint32_t entry_at(
	const struct ks_pack *pack, const struct parts *parts, uint64_t offset)
{
	const uint32_t *first = parts->first + part_of(parts, offset);

	return entry_among(pack, first[0], first[1], offset);
}

/* The entry that ${head} is a delta against, or KS_ENTRY_NONE. */
static uint32_t base_of(const struct ks_pack *pack, const struct parts *parts,
	const struct ks_entry_head *head)
{
	uint32_t index;

	if (head->type == KS_PACK_OFS_DELTA)
		return entry_at(pack, parts, head->base);
	index = ks_pack_index_find(&pack->index, head->base_id);
	if (index == UINT32_MAX)
		return KS_ENTRY_NONE;
	return entry_at(pack, parts, ks_pack_index_offset(&pack->index, index));
}

/* Backwards, the memory does not guess what comes next. */
static void expect_head(const struct ks_pack *pack, uint32_t at)
{
	if (pack->entries[at].offset < pack->map.bytes.n)
		__builtin_prefetch(
			pack->map.bytes.p + pack->entries[at].offset);
}

/* What is known of an entry while entries are linked. */
struct subtree {
	uint32_t count; /* deltas against it, directly or not */
	uint32_t last;  /* its last delta: of all, the one with most below */
};

/* Put ${at} into the list of ${base}'s deltas. */
static void add_child(
	struct ks_pack *pack, struct subtree *trees, uint32_t base, uint32_t at)
{
	struct ks_entry *entries = pack->entries;
	struct subtree *tree = &trees[base];

	entries[at].base = base;
	tree->count += trees[at].count + 1;
	if (entries[base].child == KS_ENTRY_NONE) {
		entries[base].child = at;
		tree->last = at;
	} else if (trees[at].count > trees[tree->last].count) {
		entries[tree->last].sibling = at;
		tree->last = at;
	} else {
		entries[at].sibling = entries[base].child;
		entries[base].child = at;
	}
}

/*
 * From last to first, so that the lists of children run by offset, and what
 * is below an entry has been counted when it is added itself: but for one
 * that lies before its base, which git's own packs do not have. The child
 * with most below comes last, whatever its offset: see tree_walk.c.
 */
static void link_entries(
	struct ks_pack *pack, const struct parts *parts, struct subtree *trees)
{
	enum {
		AHEAD = 16
	};

	for (uint32_t i = pack->count; i-- > 0;) {
		struct ks_entry_head head;
		uint32_t base;

		if (i >= AHEAD)
			expect_head(pack, i - AHEAD);
		if (ks_pack_head(&head, pack, i, NULL) < 0 ||
			head.type < KS_PACK_OFS_DELTA)
			continue;
		base = base_of(pack, parts, &head);
		if (base != KS_ENTRY_NONE && base != i)
			add_child(pack, trees, base, i);
	}
}

int ks_pack_entries_make(struct ks_pack *pack, struct ks_err *err)
{
	struct parts parts = { .first = NULL };
	struct subtree *trees =
		calloc((size_t)pack->index.count + 1, sizeof(*trees));
	int rc = trees ? sort_entries(pack, &parts, err) : ks_fail_nomem(err);

	if (rc == KS_OK)
		link_entries(pack, &parts, trees);
	free(trees);
	free(parts.first);
	return rc;
}
