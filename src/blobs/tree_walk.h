/* SPDX-License-Identifier: Apache-2.0 */
/* One delta tree of a pack, depth first. */
#ifndef KS_BLOBS_TREE_WALK_H
#define KS_BLOBS_TREE_WALK_H

#include "blobs/delta.h"
#include "blobs/inflate.h"
#include "blobs/inflow.h"
#include "blobs/tree_stack.h"
#include "blobs/walk.h"

#include <stdatomic.h>

/* Deltas against one base yet to be visited: first, and on to end. */
struct ks_branch {
	const struct ks_pack *pack;
	_Atomic uint8_t *met;
	uint32_t base;
	uint32_t first;
	uint32_t end; /* not one of them any more, or KS_ENTRY_NONE */
};

/* How workers with a large tree give parts of it to those without work. */
struct ks_tree_share {
	atomic_uint hungry; /* workers that wait */
	/* Hand over ${branch}; false if nobody wants it any more. */
	bool (*offer)(void *payload, const struct ks_branch *branch);
	void *payload;
};

/*
 * What one worker keeps; nothing is allocated once its buffers have grown.
 * Zero-initialise ({0}); ks_tree_walk_release() frees.
 */
struct ks_tree_walk {
	unsigned worker;
	const struct ks_visitor *visitor;
	struct ks_tree_share *share; /* NULL: none */
	enum ks_object_type type;    /* of the tree being walked */
	struct ks_inflate inflate;
	struct ks_delta delta;
	struct ks_delta_rest rest; /* of the object being visited */
	struct ks_room code;       /* of the delta being applied */
	struct ks_inflow flow;     /* of the object being visited, if large */
	struct ks_stream stream;   /* the same */
	struct ks_tree_stack stack;
	uint32_t *chain; /* from a base up to its root */
	size_t chain_cap;
	uint64_t visited; /* bytes of all objects */
	uint64_t rebuilt; /* bytes made again */
};

/*
 * Visit entry ${root} of ${pack}, which is no delta, and all that is a
 * delta against it, directly or not; set the bits of all that were met
 * (visited or declined) in ${met}, which other workers write too. Errors as
 * ks_walk().
 */
KS_MUST_CHECK int ks_tree_walk_run(struct ks_tree_walk *walk,
	const struct ks_pack *pack, uint32_t root, _Atomic uint8_t *met,
	struct ks_err *err);

/*
 * Visit all of ${branch}, which another worker handed over. Its base is
 * rebuilt, and visited as one that is repeated. Errors as above.
 */
KS_MUST_CHECK int ks_tree_walk_branch(struct ks_tree_walk *walk,
	const struct ks_branch *branch, struct ks_err *err);

void ks_tree_walk_release(struct ks_tree_walk *walk);

#endif
