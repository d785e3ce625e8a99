/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of a tree that the base of its delta has not. */
#ifndef KS_PROVENANCE_TREE_NEWS_H
#define KS_PROVENANCE_TREE_NEWS_H

#include "base/err.h"
#include "blobs/delta.h"
#include "blobs/tree.h"

/*
 * Where the entries of a tree start, for the deltas against it. Zero-
 * initialise ({0}); ks_tree_starts_release() frees.
 */
struct ks_tree_starts {
	uint32_t *list; /* offsets, ascending */
	size_t count;
	size_t cap;
	bool is_whole; /* all of the tree was read */
};

/* A delta tree's base. */
struct ks_tree_base {
	const struct ks_delta *delta; /* NULL: stored in full */
	const struct ks_tree_starts *starts;
	struct ks_span raw;
};

/*
 * Told of an entry, or, with ${is_gone}, of one of the base that this tree
 * has not. Anything but KS_OK ends the reading and is returned.
 */
typedef int (*ks_tree_entry_fn)(
	void *payload, const struct ks_tree_entry *entry, bool is_gone);

/*
 * Tell ${fn} of the entries of the tree ${raw}, in their order. Those that
 * ${base} has too and that were copied whole from it are left out: the cost
 * is that of what is new. Every other entry of the base is told as gone; so
 * what is left of the base and what is told make up the tree, an entry that
 * stands twice counted twice. A base that was not read whole counts for
 * nothing. ${out}, if not NULL, is filled for the deltas against this tree.
 * KS_E_CORRUPT where the bytes are no entries (those before have been told),
 * KS_E_LIMIT over 4 GiB, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_tree_news(struct ks_tree_starts *out, struct ks_span raw,
	size_t hash_bytes, const struct ks_tree_base *base, ks_tree_entry_fn fn,
	void *payload, struct ks_err *err);

void ks_tree_starts_release(struct ks_tree_starts *starts);

#endif
