/* SPDX-License-Identifier: Apache-2.0 */
/* Some objects in an order in which deltas follow what they are made of. */
#include "blobs/families.h"

#include "base/array.h"
#include "base/oidmap.h"
#include "blobs/reader.h"

#include <stdlib.h>

enum {
	/* Bases looked at for each member: a crafted pack has no end of them */
	BASES_MAX = 64
};

#define NO_NODE KS_OIDMAP_NONE

/* A member, or what one is made of. */
struct node {
	uint64_t place;
	uint32_t base;
	uint32_t child;   /* the first of its deltas */
	uint32_t sibling; /* the next delta of the same base */
	uint32_t rank;
	uint32_t family;       /* its root */
	uint32_t member_count; /* that are deltas of it */
};

struct forest {
	const struct ks_store *store;
	struct node *list;
	size_t count;
	size_t cap;
	struct ks_oidmap index; /* by place */
	uint32_t *sorted;       /* nodes, by place */
};

/* Neighbours get places that are far apart, as the map asks for. */
static struct ks_oid key_of(uint64_t place)
{
	uint64_t spread = place * 0x9e3779b97f4a7c15;

	return ks_oid_of((const uint8_t *)&spread, sizeof(spread));
}

static int add_node(struct forest *forest, uint64_t place, uint32_t *at)
{
	const struct ks_oid key = key_of(place);
	size_t before = forest->index.count;

	if (ks_oidmap_add(&forest->index, &key, (uint32_t)forest->count, at) <
		0)
		return KS_E_NOMEM;
	if (forest->index.count == before)
		return KS_OK;
	if (ks_array_reserve(&forest->list, &forest->cap, forest->count + 1,
		    sizeof(*forest->list)) < 0)
		return KS_E_NOMEM;
	forest->list[forest->count++] = (struct node){ .place = place,
		.base = NO_NODE,
		.child = NO_NODE,
		.sibling = NO_NODE,
		.rank = NO_NODE,
		.family = NO_NODE };
	return KS_OK;
}

/* The members' nodes, and above each what it is made of. */
static int find_nodes(
	struct forest *forest, struct ks_member *list, size_t count)
{
	size_t members;
	uint32_t at;

	for (size_t i = 0; i < count; i++) {
		list[i].place = ks_reader_place(forest->store, list[i].oid);
		if (list[i].place != KS_PLACE_NONE &&
			add_node(forest, list[i].place, &at) < 0)
			return KS_E_NOMEM;
	}
	members = forest->count;
	for (size_t i = 0; i < forest->count; i++) {
		uint64_t base =
			ks_reader_base_of(forest->store, forest->list[i].place);

		if (base == KS_PLACE_NONE ||
			forest->count / BASES_MAX > members)
			continue;
		if (add_node(forest, base, &at) < 0)
			return KS_E_NOMEM;
		forest->list[i].base = at;
		forest->list[at].member_count += i < members;
	}
	return KS_OK;
}

static int by_place(const void *a, const void *b, void *payload)
{
	const struct node *list = payload;
	uint64_t left = list[*(const uint32_t *)a].place;
	uint64_t right = list[*(const uint32_t *)b].place;

	return (left > right) - (left < right);
}

/* Give each base its deltas, in the order in which they lie. */
static int link_nodes(struct forest *forest)
{
	forest->sorted = malloc((forest->count + 1) * sizeof(*forest->sorted));
	if (!forest->sorted)
		return KS_E_NOMEM;
	for (uint32_t i = 0; i < forest->count; i++)
		forest->sorted[i] = i;
	if (forest->count)
		qsort_r(forest->sorted, forest->count, sizeof(*forest->sorted),
			by_place, forest->list);
	for (size_t i = forest->count; i-- > 0;) {
		uint32_t at = forest->sorted[i];
		struct node *node = &forest->list[at];

		if (node->base == NO_NODE)
			continue;
		node->sibling = forest->list[node->base].child;
		forest->list[node->base].child = at;
	}
	return KS_OK;
}

/* What comes behind ${at} in a family, depth first; NO_NODE: nothing. */
static uint32_t next_of(const struct node *list, uint32_t at)
{
	if (list[at].child != NO_NODE)
		return list[at].child;
	while (at != NO_NODE && list[at].sibling == NO_NODE)
		at = list[at].base;
	return at == NO_NODE ? NO_NODE : list[at].sibling;
}

/* Bases in a circle, which a corrupt pack may have, stay without a rank. */
static void rank_nodes(struct forest *forest)
{
	uint32_t rank = 0;

	for (size_t i = 0; i < forest->count; i++) {
		uint32_t root = forest->sorted[i];
		uint32_t at = root;

		if (forest->list[root].base != NO_NODE)
			continue;
		for (; at != NO_NODE; at = next_of(forest->list, at)) {
			forest->list[at].rank = rank++;
			forest->list[at].family = root;
		}
	}
}

static int by_rank(const void *a, const void *b)
{
	const struct ks_member *left = a;
	const struct ks_member *right = b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return (left->oid > right->oid) - (left->oid < right->oid);
}

static void tell(const struct forest *forest, struct ks_member *member)
{
	const struct ks_oid key = key_of(member->place);
	uint32_t at = ks_oidmap_get(&forest->index, &key);
	const struct node *node;

	member->rank = NO_NODE;
	member->family = NO_NODE;
	member->has_twin = false;
	if (member->place == KS_PLACE_NONE)
		return;
	node = &forest->list[at];
	member->rank = node->rank;
	member->family = node->family;
	member->has_twin = node->base != NO_NODE &&
			   forest->list[node->base].member_count > 1;
}

int ks_families_sort(const struct ks_store *store, struct ks_member *list,
	size_t count, struct ks_err *err)
{
	struct forest forest = { .store = store };
	int rc = find_nodes(&forest, list, count);

	if (rc == KS_OK)
		rc = link_nodes(&forest);
	if (rc == KS_OK)
		rank_nodes(&forest);
	for (size_t i = 0; rc == KS_OK && i < count; i++)
		tell(&forest, &list[i]);
	if (rc == KS_OK && count)
		qsort(list, count, sizeof(*list), by_rank);
	free(forest.list);
	free(forest.sorted);
	ks_oidmap_release(&forest.index);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}
