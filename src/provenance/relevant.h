/* SPDX-License-Identifier: Apache-2.0 */
/* The trees that lead to wanted objects, and when each came in. */
#ifndef KS_PROVENANCE_RELEVANT_H
#define KS_PROVENANCE_RELEVANT_H

#include "provenance/graph.h"

/* A wanted object, or a tree with one below. */
struct ks_relevant_item {
	uint64_t id;    /* the first eight bytes, the lowest bit cleared */
	uint32_t first; /* the least rank of a root that has it below */
	uint32_t pairs; /* the first that is its own, or KS_GRAPH_NONE */
};

/* That a tree names an object; both are items. */
struct ks_relevant_pair {
	uint32_t item;
	uint32_t tree;
};

/* Zero-initialise ({0}); ks_relevant_release() frees. */
struct ks_relevant {
	struct ks_relevant_item *items;
	size_t count;
	size_t cap;
	uint32_t *table; /* items by id */
	size_t mask;
	/* Those of an item lie one behind the other. */
	struct ks_relevant_pair *pairs;
	size_t pair_count;
	/* Pairs of object and tree to be held, 8 bytes; 0: 24 million. */
	size_t most;
};

/* A tree that history starts from: a commit's, with the commit's rank. */
struct ks_relevant_root {
	struct ks_oid oid;
	uint32_t rank;
};

/*
 * Find all trees of ${graph} that have one of the ${wanted_n} objects
 * ${wanted} below, and for each of them and of the wanted the least rank
 * among the ${root_n} ${roots} that it is below. ${cancel} may be NULL.
 *
 * Ids are told apart by eight bytes: a made-up collision can make a tree
 * relevant that is not, or a rank too small, never a tree irrelevant that is.
 * KS_E_LIMIT where there is too much for memory: then all trees must be
 * taken for relevant. KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_relevant_find(struct ks_relevant *relevant,
	const struct ks_graph *graph, const struct ks_oid *wanted,
	size_t wanted_n, const struct ks_relevant_root *roots, size_t root_n,
	const volatile int *cancel);

/*
 * The least rank of the object ${id}, UINT32_MAX if it is below no root;
 * false if it is neither wanted nor leads to anything wanted.
 */
bool ks_relevant_rank(
	const struct ks_relevant *relevant, const uint8_t *id, uint32_t *rank);

/* The item of the object ${id}, or KS_GRAPH_NONE. */
uint32_t ks_relevant_item(
	const struct ks_relevant *relevant, const uint8_t *id);

void ks_relevant_release(struct ks_relevant *relevant);

#endif
