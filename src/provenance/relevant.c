/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trees that lead to wanted objects, and when each came in.
 *
 * An object is in a tree that says so, and in all trees told against that
 * one which do not say it is gone, and so on down: a walk over the trees of
 * deltas, not over entries. A tree may name an object twice, so what is
 * carried down is a count. The trees found are wanted in turn: level by
 * level, until no new one comes. Then each root's rank sinks along the pairs
 * of object and tree found.
 */
#include "provenance/relevant.h"

#include "base/array.h"

#include <stdlib.h>

/* Pairs of object and tree; with more, reading trees is cheaper. */
enum {
	PAIRS_MAX = 24 << 20
};

/* Object (an item) and the tree of the graph that has it. */
struct pairs {
	struct ks_relevant_pair *list;
	size_t count;
	size_t cap;
};

struct visit {
	uint32_t tree;
	uint32_t times; /* that the tree names the object */
};

struct finding {
	struct ks_relevant *relevant;
	const struct ks_graph *graph;
	uint32_t *child;   /* of a tree: the first told against it */
	uint32_t *sibling; /* the next told against the same */
	uint32_t *stamp;   /* of a tree: one more than the item there last */
	uint32_t *item_of; /* of a tree */
	uint64_t *filter;  /* bits, by id, of the items asked for */
	uint64_t filter_mask;
	struct pairs said; /* of one level: trees that say they have it */
	struct pairs all;
	struct visit *stack;
	size_t stack_cap;
	size_t level; /* the first item of this level */
	size_t most;  /* pairs */
};

/* The lowest bit of an entry's word says something else. */
static uint64_t key_of(uint64_t word)
{
	return word & ~(uint64_t)1;
}

/* Where the number of item ${id} is in the table, or is to go. */
static uint32_t *find_slot(const struct ks_relevant *relevant, uint64_t id)
{
	size_t at = (size_t)(id >> 8) & relevant->mask;

	while (relevant->table[at] != KS_GRAPH_NONE &&
		relevant->items[relevant->table[at]].id != id)
		at = (at + 1) & relevant->mask;
	return &relevant->table[at];
}

static int grow_table(struct ks_relevant *relevant)
{
	size_t size = relevant->table ? 2 * (relevant->mask + 1) : 1024;
	uint32_t *table = malloc(size * sizeof(*table));

	if (!table)
		return KS_E_NOMEM;
	memset(table, 0xff, size * sizeof(*table));
	free(relevant->table);
	relevant->table = table;
	relevant->mask = size - 1;
	for (size_t i = 0; i < relevant->count; i++)
		*find_slot(relevant, relevant->items[i].id) = (uint32_t)i;
	return KS_OK;
}

/* The item of ${id}, made if there is none. */
static int add_item(struct ks_relevant *relevant, uint64_t id, uint32_t *out)
{
	uint32_t *slot;

	if (!relevant->table || 2 * (relevant->count + 1) > relevant->mask) {
		if (grow_table(relevant) < 0)
			return KS_E_NOMEM;
	}
	slot = find_slot(relevant, id);
	if (*slot == KS_GRAPH_NONE) {
		if (ks_array_reserve(&relevant->items, &relevant->cap,
			    relevant->count + 1, sizeof(*relevant->items)) < 0)
			return KS_E_NOMEM;
		*slot = (uint32_t)relevant->count;
		relevant->items[relevant->count++] =
			(struct ks_relevant_item){ id, UINT32_MAX,
				KS_GRAPH_NONE };
	}
	*out = *slot;
	return KS_OK;
}

static int add_pair(const struct finding *finding, struct pairs *pairs,
	uint32_t item, uint32_t tree)
{
	if (pairs->count >= finding->most)
		return KS_E_LIMIT;
	if (ks_array_reserve(&pairs->list, &pairs->cap, pairs->count + 1,
		    sizeof(*pairs->list)) < 0)
		return KS_E_NOMEM;
	pairs->list[pairs->count++] = (struct ks_relevant_pair){ item, tree };
	return KS_OK;
}

static uint32_t end_of(const struct ks_graph *graph, uint32_t tree)
{
	return tree + 1 < graph->count ? graph->trees[tree + 1].first
				       : (uint32_t)graph->list_n;
}

static int prepare(struct finding *finding)
{
	const struct ks_graph *graph = finding->graph;
	size_t n = graph->count + 1;

	finding->child = malloc(n * sizeof(*finding->child));
	finding->sibling = malloc(n * sizeof(*finding->sibling));
	finding->stamp = calloc(n, sizeof(*finding->stamp));
	finding->item_of = malloc(n * sizeof(*finding->item_of));
	if (!finding->child || !finding->sibling || !finding->stamp ||
		!finding->item_of)
		return KS_E_NOMEM;
	memset(finding->child, 0xff, n * sizeof(*finding->child));
	memset(finding->item_of, 0xff, n * sizeof(*finding->item_of));
	for (size_t i = graph->count; i-- > 0;) {
		uint32_t base = graph->trees[i].base;

		if (base == KS_GRAPH_NONE)
			continue;
		finding->sibling[i] = finding->child[base];
		finding->child[base] = (uint32_t)i;
	}
	return KS_OK;
}

/* A bit for each item of the level: most entries are none of them. */
static int make_filter(struct finding *finding)
{
	const struct ks_relevant *relevant = finding->relevant;
	size_t items = relevant->count - finding->level;
	size_t words = 1024;

	while (words < items)
		words *= 2;
	free(finding->filter);
	finding->filter = calloc(words, sizeof(*finding->filter));
	if (!finding->filter)
		return KS_E_NOMEM;
	finding->filter_mask = words - 1;
	for (size_t i = finding->level; i < relevant->count; i++) {
		uint64_t id = relevant->items[i].id;

		finding->filter[id >> 16 & finding->filter_mask] |=
			UINT64_C(1) << (id >> 8 & 63);
	}
	return KS_OK;
}

/* Which trees say that they have an item of the level? */
static int ask_all(struct finding *finding)
{
	const struct ks_graph *graph = finding->graph;
	uint32_t tree = 0;
	int rc = KS_OK;

	finding->said.count = 0;
	for (uint32_t i = 0; rc == KS_OK && i < graph->list_n; i++) {
		uint64_t id = graph->list[i];
		uint32_t item;

		if (!(finding->filter[id >> 16 & finding->filter_mask] >>
				    (id >> 8 & 63) &
			    1) ||
			(id & 1))
			continue;
		item = *find_slot(finding->relevant, id);
		if (item == KS_GRAPH_NONE || item < finding->level)
			continue;
		while (end_of(graph, tree) <= i)
			tree++;
		rc = add_pair(finding, &finding->said, item, tree);
	}
	return rc;
}

static int by_item_and_tree(const void *a, const void *b)
{
	const struct ks_relevant_pair *left = a;
	const struct ks_relevant_pair *right = b;

	if (left->item != right->item)
		return left->item < right->item ? -1 : 1;
	return (left->tree > right->tree) - (left->tree < right->tree);
}

/* How often ${tree} names ${id}, its base doing so ${times}. */
static uint32_t count_in(const struct ks_graph *graph, uint32_t tree,
	uint64_t id, uint32_t times)
{
	for (uint32_t i = graph->trees[tree].first; i < end_of(graph, tree);
		i++) {
		if (key_of(graph->list[i]) != id)
			continue;
		if (!(graph->list[i] & 1))
			times++;
		else if (times)
			times--;
	}
	return times;
}

static int push(
	struct finding *finding, size_t *depth, uint32_t tree, uint32_t times)
{
	if (ks_array_reserve(&finding->stack, &finding->stack_cap, *depth + 1,
		    sizeof(*finding->stack)) < 0)
		return KS_E_NOMEM;
	finding->stack[(*depth)++] = (struct visit){ tree, times };
	return KS_OK;
}

/* ${item} is in ${top}; go down to where it is gone. */
static int spread(struct finding *finding, uint32_t item, uint32_t top)
{
	const struct ks_graph *graph = finding->graph;
	uint64_t id = finding->relevant->items[item].id;
	size_t depth = 0;
	int rc = push(finding, &depth, top, count_in(graph, top, id, 0));

	while (rc == KS_OK && depth > 0) {
		struct visit at = finding->stack[--depth];

		if (at.times == 0)
			continue;
		finding->stamp[at.tree] = item + 1;
		rc = add_pair(finding, &finding->all, item, at.tree);
		for (uint32_t child = finding->child[at.tree];
			rc == KS_OK && child != KS_GRAPH_NONE;
			child = finding->sibling[child])
			rc = push(finding, &depth, child,
				count_in(graph, child, id, at.times));
	}
	return rc;
}

/*
 * One level: a tree is told after the one it is told against, so the first
 * of those that say so is no other's descendant.
 */
static int find_level(struct finding *finding)
{
	struct ks_relevant *relevant = finding->relevant;
	size_t first = finding->all.count;
	int rc = make_filter(finding);

	if (rc == KS_OK)
		rc = ask_all(finding);
	if (finding->said.count)
		qsort(finding->said.list, finding->said.count,
			sizeof(*finding->said.list), by_item_and_tree);
	for (size_t i = 0; rc == KS_OK && i < finding->said.count; i++) {
		struct ks_relevant_pair pair = finding->said.list[i];

		if (finding->stamp[pair.tree] != pair.item + 1)
			rc = spread(finding, pair.item, pair.tree);
	}
	finding->level = relevant->count;
	for (size_t i = first; rc == KS_OK && i < finding->all.count; i++) {
		uint32_t tree = finding->all.list[i].tree;

		if (finding->item_of[tree] == KS_GRAPH_NONE)
			rc = add_item(relevant,
				key_of(finding->graph->trees[tree].id),
				&finding->item_of[tree]);
	}
	return rc;
}

/* Pairs of later levels are higher up: backwards, few rounds do. */
static void sink_ranks(struct finding *finding,
	const struct ks_relevant_root *roots, size_t root_n)
{
	struct ks_relevant_item *items = finding->relevant->items;
	bool changed = finding->relevant->count > 0;

	for (size_t i = 0; changed && i < root_n; i++) {
		uint64_t id;
		uint32_t item;

		memcpy(&id, roots[i].oid.id, sizeof(id));
		item = *find_slot(finding->relevant, key_of(id));
		if (item != KS_GRAPH_NONE && roots[i].rank < items[item].first)
			items[item].first = roots[i].rank;
	}
	while (changed) {
		changed = false;
		for (size_t i = finding->all.count; i-- > 0;) {
			struct ks_relevant_pair pair = finding->all.list[i];
			uint32_t first =
				items[finding->item_of[pair.tree]].first;

			if (first >= items[pair.item].first)
				continue;
			items[pair.item].first = first;
			changed = true;
		}
	}
}

/* The pairs of an item were found one after the other. */
static void keep_pairs(struct finding *finding)
{
	struct ks_relevant *relevant = finding->relevant;

	relevant->pairs = finding->all.list;
	relevant->pair_count = finding->all.count;
	finding->all = (struct pairs){ 0 };
	for (size_t i = relevant->pair_count; i-- > 0;) {
		struct ks_relevant_pair *pair = &relevant->pairs[i];

		pair->tree = finding->item_of[pair->tree];
		relevant->items[pair->item].pairs = (uint32_t)i;
	}
}

int ks_relevant_find(struct ks_relevant *relevant, const struct ks_graph *graph,
	const struct ks_oid *wanted, size_t wanted_n,
	const struct ks_relevant_root *roots, size_t root_n,
	const volatile int *cancel)
{
	struct finding finding = { .relevant = relevant,
		.graph = graph,
		.most = relevant->most ? relevant->most : PAIRS_MAX };
	int rc = prepare(&finding);

	for (size_t i = 0; rc == KS_OK && i < wanted_n; i++) {
		uint64_t id;
		uint32_t item;

		memcpy(&id, wanted[i].id, sizeof(id));
		rc = add_item(relevant, key_of(id), &item);
	}
	while (rc == KS_OK && finding.level < relevant->count) {
		if (cancel && *cancel)
			rc = KS_E_INTERRUPTED;
		else
			rc = find_level(&finding);
	}
	if (rc == KS_OK) {
		sink_ranks(&finding, roots, root_n);
		keep_pairs(&finding);
	}
	free(finding.child);
	free(finding.sibling);
	free(finding.stamp);
	free(finding.item_of);
	free(finding.filter);
	free(finding.said.list);
	free(finding.all.list);
	free(finding.stack);
	return rc;
}

uint32_t ks_relevant_item(const struct ks_relevant *relevant, const uint8_t *id)
{
	uint64_t word;

	if (!relevant->table)
		return KS_GRAPH_NONE;
	memcpy(&word, id, sizeof(word));
	return *find_slot(relevant, key_of(word));
}

bool ks_relevant_rank(
	const struct ks_relevant *relevant, const uint8_t *id, uint32_t *rank)
{
	uint32_t item = ks_relevant_item(relevant, id);

	if (item == KS_GRAPH_NONE)
		return false;
	*rank = relevant->items[item].first;
	return true;
}

void ks_relevant_release(struct ks_relevant *relevant)
{
	free(relevant->items);
	free(relevant->table);
	free(relevant->pairs);
	*relevant = (struct ks_relevant){ 0 };
}
