/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which commit took objects out of HEAD's history.
 *
 * Sixty-four things at a time, one bit each: the bits of the objects rise
 * along the pairs of object and tree to the trees of commits. From then on
 * the commits alone are looked at, and no tree is read.
 */
#include "provenance/removed.h"

#include <stdlib.h>

enum {
	BATCH = 64
};

struct looking {
	const struct ks_removed_input *input;
	struct ks_arena arena;
	uint32_t *rank;       /* of a commit: its place in the order */
	uint32_t *roots;      /* of a commit: the item of its tree */
	uint32_t *parents;    /* as commits->parents: indexes of commits */
	uint8_t *is_ancestor; /* of a commit: HEAD, or it led there */
	uint64_t *has;        /* of an item: a bit for each thing below */
	uint8_t *is_queued;   /* of an item */
	uint32_t *queue;      /* a ring of as many as there are items */
	size_t queue_at;
	size_t queued;
};

/* The ${i}th parent of ${commit}, or UINT32_MAX if it is not there. */
static uint32_t parent_of(
	const struct looking *looking, uint32_t commit, uint32_t i)
{
	const struct ks_commit *one = &looking->input->commits->list[commit];

	return i < one->parent_count ? looking->parents[one->first_parent + i]
				     : UINT32_MAX;
}

static uint64_t in_commit(const struct looking *looking, uint32_t commit)
{
	uint32_t root = looking->roots[commit];

	return root == KS_GRAPH_NONE ? 0 : looking->has[root];
}

/* A parent is older: no circle of made-up ids can be walked for ever. */
static void find_parents(struct looking *looking, uint32_t commit)
{
	const struct ks_commits *commits = looking->input->commits;
	const struct ks_commit *one = &commits->list[commit];

	for (uint32_t i = 0; i < one->parent_count; i++) {
		uint32_t at = one->first_parent + i;
		uint32_t parent = ks_oidmap_get(
			&looking->input->order->index, &commits->parents[at]);

		if (parent != KS_OIDMAP_NONE &&
			looking->rank[parent] < looking->rank[commit])
			looking->parents[at] = parent;
	}
}

static void mark_ancestors(struct looking *looking)
{
	const struct ks_order *order = looking->input->order;
	uint32_t parent;

	looking->is_ancestor[looking->input->head] = 1;
	for (size_t i = order->count; i-- > 0;) {
		uint32_t commit = order->list[i];

		if (!looking->is_ancestor[commit])
			continue;
		for (uint32_t k = 0;
			k < looking->input->commits->list[commit].parent_count;
			k++) {
			parent = parent_of(looking, commit, k);
			if (parent != UINT32_MAX)
				looking->is_ancestor[parent] = 1;
		}
	}
}

static int prepare(struct looking *looking)
{
	const struct ks_removed_input *input = looking->input;
	const struct ks_commits *commits = input->commits;
	struct ks_arena *arena = &looking->arena;
	size_t items = input->relevant->count + 1;

	looking->rank =
		ks_arena_array(arena, commits->count, sizeof(*looking->rank));
	looking->roots =
		ks_arena_array(arena, commits->count, sizeof(*looking->roots));
	looking->parents = ks_arena_array(
		arena, commits->parent_count + 1, sizeof(*looking->parents));
	looking->is_ancestor = ks_arena_alloc(arena, commits->count);
	looking->has = ks_arena_array(arena, items, sizeof(*looking->has));
	looking->is_queued = ks_arena_alloc(arena, items);
	looking->queue = ks_arena_array(arena, items, sizeof(*looking->queue));
	if (!looking->rank || !looking->roots || !looking->parents ||
		!looking->is_ancestor || !looking->has || !looking->is_queued ||
		!looking->queue)
		return KS_E_NOMEM;
	memset(looking->rank, 0xff, commits->count * sizeof(*looking->rank));
	memset(looking->parents, 0xff,
		commits->parent_count * sizeof(*looking->parents));
	for (size_t i = 0; i < input->order->count; i++)
		looking->rank[input->order->list[i]] = (uint32_t)i;
	for (size_t i = 0; i < commits->count; i++) {
		looking->roots[i] = ks_relevant_item(
			input->relevant, commits->list[i].tree.id);
		find_parents(looking, (uint32_t)i);
	}
	mark_ancestors(looking);
	return KS_OK;
}

/* Add ${bits} to ${item}; what is new will have to rise. */
static void give(struct looking *looking, uint32_t item, uint64_t bits)
{
	size_t size = looking->input->relevant->count;

	if (!(bits & ~looking->has[item]))
		return;
	looking->has[item] |= bits;
	if (looking->is_queued[item])
		return;
	looking->is_queued[item] = 1;
	looking->queue[(looking->queue_at + looking->queued++) % size] = item;
}

/* Which trees have which of the ${count} ${things} below? */
static void rise(
	struct looking *looking, const struct ks_removed *things, size_t count)
{
	const struct ks_relevant *relevant = looking->input->relevant;

	memset(looking->has, 0, relevant->count * sizeof(*looking->has));
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < things[i].count; k++) {
			uint32_t item = ks_relevant_item(
				relevant, things[i].objects[k].id);

			if (item != KS_GRAPH_NONE)
				give(looking, item, UINT64_C(1) << i);
		}
	}
	while (looking->queued) {
		uint32_t item = looking->queue[looking->queue_at];
		size_t at = relevant->items[item].pairs;

		looking->queue_at = (looking->queue_at + 1) % relevant->count;
		looking->queued--;
		looking->is_queued[item] = 0;
		for (; at < relevant->pair_count &&
			relevant->pairs[at].item == item;
			at++)
			give(looking, relevant->pairs[at].tree,
				looking->has[item]);
	}
}

/* Note ${commit} for each of ${bits}. */
static void note(struct ks_removed *things, uint64_t bits, uint32_t commit)
{
	for (; bits; bits &= bits - 1)
		things[__builtin_ctzll(bits)].commit = commit;
}

/*
 * Go back from ${commit}, which has none of ${bits}, along first parents;
 * the bits that no commit there has are returned.
 */
static uint64_t follow_line(const struct looking *looking,
	struct ks_removed *things, uint64_t bits, uint32_t commit)
{
	uint32_t child = commit;

	while (bits) {
		uint32_t parent = parent_of(looking, child, 0);
		uint64_t found;

		if (parent == UINT32_MAX)
			break;
		found = in_commit(looking, parent) & bits;
		note(things, found, child);
		bits &= ~found;
		child = parent;
	}
	return bits;
}

/* Go back over all that led to HEAD. */
static void look_everywhere(
	const struct looking *looking, struct ks_removed *things, uint64_t bits)
{
	const struct ks_order *order = looking->input->order;

	for (size_t i = order->count; bits && i-- > 0;) {
		uint32_t commit = order->list[i];
		uint64_t before = 0;
		uint32_t parent;

		if (!looking->is_ancestor[commit])
			continue;
		for (uint32_t k = 0;
			k < looking->input->commits->list[commit].parent_count;
			k++) {
			parent = parent_of(looking, commit, k);
			if (parent != UINT32_MAX)
				before |= in_commit(looking, parent);
		}
		before &= bits & ~in_commit(looking, commit);
		note(things, before, commit);
		bits &= ~before;
	}
}

/* Of a merge: a branch that was merged may have removed it before. */
static void enter_merges(const struct looking *looking,
	struct ks_removed *things, uint64_t bit, struct ks_removed *thing)
{
	bool is_deeper = thing->commit != UINT32_MAX;

	while (is_deeper) {
		uint32_t merge = thing->commit;
		uint32_t count =
			looking->input->commits->list[merge].parent_count;

		is_deeper = false;
		for (uint32_t i = 0; count > 1 && i < count && !is_deeper;
			i++) {
			uint32_t parent = parent_of(looking, merge, i);

			if (parent != UINT32_MAX &&
				!(in_commit(looking, parent) & bit))
				is_deeper = !follow_line(
					looking, things, bit, parent);
		}
	}
}

static void look_for(
	struct looking *looking, struct ks_removed *things, size_t count)
{
	uint32_t head = looking->input->head;
	uint64_t bits = count < BATCH ? (UINT64_C(1) << count) - 1 : UINT64_MAX;

	rise(looking, things, count);
	bits &= ~in_commit(looking, head);
	bits = follow_line(looking, things, bits, head);
	look_everywhere(looking, things, bits);
	for (size_t i = 0; i < count; i++)
		enter_merges(looking, things, UINT64_C(1) << i, &things[i]);
}

int ks_removed_find(struct ks_removed *things, size_t count,
	const struct ks_removed_input *input, struct ks_err *err)
{
	struct looking looking = { .input = input };
	int rc = KS_OK;

	for (size_t i = 0; i < count; i++)
		things[i].commit = UINT32_MAX;
	if (count == 0 || input->relevant->count == 0)
		return KS_OK;
	if (prepare(&looking) < 0)
		rc = ks_fail_nomem(err);
	for (size_t i = 0; rc == KS_OK && i < count; i += BATCH) {
		if (input->cancel && *input->cancel)
			rc = ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		else
			look_for(&looking, things + i,
				count - i < BATCH ? count - i : BATCH);
	}
	ks_arena_release(&looking.arena);
	return rc;
}
