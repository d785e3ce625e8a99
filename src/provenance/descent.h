/* SPDX-License-Identifier: Apache-2.0 */
/* Going down into trees without recursion: a stack of open trees. */
#ifndef KS_PROVENANCE_DESCENT_H
#define KS_PROVENANCE_DESCENT_H

#include "provenance/origin.h"
#include "provenance/relevant.h"
#include "blobs/tree.h"

enum {
	KS_DESCENT_DEPTH_MAX = 4096,   /* trees open at once */
	KS_DESCENT_BYTES_MAX = 1 << 30 /* of trees open at once */
};

/* An open tree. */
struct ks_descent_tree {
	struct ks_oid oid;
	struct ks_buf bytes;
	struct ks_tree_iter iter;
	/* Its name in the tree above, which it borrows from; "" at the top. */
	struct ks_span name;
	size_t path_n; /* for the user: bytes of path above it */
	uint32_t node; /* for the user */
};

/* Zero-initialise but for input and hash_bytes; ks_descent_release() frees. */
struct ks_descent {
	const struct ks_origin_input *input;
	size_t hash_bytes;
	/*
	 * If not NULL: a tree that does not lead to anything wanted is not
	 * opened, nor, unless rank is UINT32_MAX, one of another rank.
	 */
	const struct ks_relevant *relevant;
	uint32_t rank;
	struct ks_descent_tree *trees;
	size_t depth;
	size_t cap;
	size_t bytes; /* of the open trees */
};

/* The tree opened last; depth must not be 0. */
static inline struct ks_descent_tree *ks_descent_top(
	const struct ks_descent *descent)
{
	return &descent->trees[descent->depth - 1];
}

/*
 * Read the tree ${oid} and open it. Returns 1 if it is open; 0 if it cannot
 * be read, is no tree or lies too deep, which input->unreadable was told of;
 * but with ${may_be_other}, an object that is missing or of another type is
 * nobody's concern. 0 too for one that descent->relevant leaves out.
 * KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_descent_open(struct ks_descent *descent,
	const struct ks_oid *oid, bool may_be_other, struct ks_err *err);

/*
 * The next entry of the tree opened last, submodules left out. Returns 1; 0
 * at its end, or where it is corrupt, which input->unreadable was told of.
 */
int ks_descent_next(struct ks_descent *descent, struct ks_tree_entry *out);

/* Does descent->relevant leave out the tree ${id}? */
static inline bool ks_descent_leaves_out(
	const struct ks_descent *descent, const uint8_t *id)
{
	uint32_t rank;

	if (!descent->relevant)
		return false;
	return !ks_relevant_rank(descent->relevant, id, &rank) ||
	       (descent->rank != UINT32_MAX && rank != descent->rank);
}

/* Close the tree opened last. */
void ks_descent_close(struct ks_descent *descent);

/* Does the caller want it to end? Then fails with KS_E_INTERRUPTED. */
KS_MUST_CHECK int ks_descent_check(
	const struct ks_descent *descent, struct ks_err *err);

void ks_descent_release(struct ks_descent *descent);

#endif
