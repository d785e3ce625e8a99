/* SPDX-License-Identifier: Apache-2.0 */
/* Which tree holds what, as the deltas of the pack tell it. */
#ifndef KS_PROVENANCE_GRAPH_H
#define KS_PROVENANCE_GRAPH_H

#include "base/err.h"
#include "base/oid.h"
#include "base/spool.h"

#define KS_GRAPH_NONE UINT32_MAX

/* A tree, 16 bytes. Its entries end where those of the next begin. */
struct ks_graph_tree {
	uint64_t id;    /* the first eight bytes of its object id */
	uint32_t base;  /* the tree it is told against, or KS_GRAPH_NONE */
	uint32_t first; /* of its entries in ks_graph.list */
};

/*
 * All trees of a repository: each as what it has that its base has not, and
 * what of the base it has not. That is little more than the commits changed,
 * and takes a few bytes a tree. Zero-initialise ({0}); ks_graph_release()
 * frees. Not thread-safe: one a worker, merged at the end.
 */
struct ks_graph {
	struct ks_graph_tree *trees;
	size_t count;
	size_t cap;
	uint64_t *list; /* ids of entries; the lowest bit says: gone */
	size_t list_n;
	size_t list_cap;
	/*
	 * Bytes of memory that the list may take; 0: any. A longer one is
	 * in a file, if there can be one. Set it before the first tree.
	 */
	uint64_t memory;
	struct ks_spool spool; /* open: the list is here */
};

/*
 * Begin the tree ${id}, told against tree ${base} of this graph
 * (KS_GRAPH_NONE: in full); its number goes to ${out}. KS_E_LIMIT at 2^32,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_graph_begin(struct ks_graph *graph, const uint8_t *id,
	uint32_t base, uint32_t *out);

/*
 * The tree begun last has an entry ${id} that its base has not, or, with
 * ${is_gone}, the base has one that it has not. An id stands as often as
 * there are such entries. Errors as above.
 */
KS_MUST_CHECK int ks_graph_add(
	struct ks_graph *graph, const uint8_t *id, bool is_gone);

/* Append all of ${from} (which becomes empty) to ${into}. Errors as above. */
KS_MUST_CHECK int ks_graph_merge(struct ks_graph *into, struct ks_graph *from);

void ks_graph_release(struct ks_graph *graph);

#endif
