/* SPDX-License-Identifier: Apache-2.0 */
/* The bases on the way down a delta tree, within a budget of memory. */
#ifndef KS_BLOBS_TREE_STACK_H
#define KS_BLOBS_TREE_STACK_H

#include "blobs/pack.h"
#include "blobs/room.h"

/* An object on the way down, whose deltas are being visited. */
struct ks_frame {
	uint32_t entry;
	uint32_t next; /* its next delta to visit */
	uint32_t end;  /* the first that is left to others, or KS_ENTRY_NONE */
	uint32_t slot; /* of its bytes */
};

/* The bytes of one object. */
struct ks_slot {
	struct ks_room room;
	bool is_dropped; /* a frame's, to be made again when it is needed */
};

/*
 * Nothing is allocated once its buffers have grown. Zero-initialise but for
 * memory and large; ks_tree_stack_release() frees.
 */
struct ks_tree_stack {
	uint64_t memory; /* bytes that rooms may take */
	uint64_t large;  /* bytes over which an object is in a file */
	struct ks_slot *slots;
	size_t slot_count;
	size_t slot_cap;
	uint32_t *free_slots;
	size_t free_count;
	size_t free_cap;
	struct ks_frame *frames;
	size_t frame_count;
	size_t frame_cap;
	uint64_t held;   /* bytes that rooms take */
	size_t dropped;  /* frames, from the root on, that were dropped */
	uint32_t pinned; /* one more than a slot not to be dropped; 0: none */
};

/* A slot for one object goes to ${slot}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_tree_stack_take(
	struct ks_tree_stack *stack, uint32_t *slot);

/* ${slot} is not needed any more. */
void ks_tree_stack_give(struct ks_tree_stack *stack, uint32_t slot);

/*
 * Room for ${size} bytes in ${room}, which is a slot's or otherwise of this
 * stack alone. If memory is short, what nobody uses is freed, then frames
 * lose their bytes, from the root on, but for the topmost and the one pinned.
 * Errors as ks_room_make().
 */
KS_MUST_CHECK int ks_tree_stack_room(struct ks_tree_stack *stack,
	struct ks_room *room, uint64_t size, uint8_t **out, struct ks_err *err);

/* Entry ${at} of ${pack}, its bytes in ${slot}, is the top. KS_E_NOMEM. */
KS_MUST_CHECK int ks_tree_stack_push(struct ks_tree_stack *stack,
	const struct ks_pack *pack, uint32_t at, uint32_t slot);

/* Frame ${at} is done with, and so is its slot. */
void ks_tree_stack_remove(struct ks_tree_stack *stack, size_t at);

/*
 * The bytes of frame ${at}, which were dropped, are now in ${slot}; its slot
 * takes them, and ${slot} is given back.
 */
void ks_tree_stack_refill(
	struct ks_tree_stack *stack, size_t at, uint32_t slot);

static inline bool ks_tree_stack_lacks(
	const struct ks_tree_stack *stack, size_t at)
{
	return stack->slots[stack->frames[at].slot].is_dropped;
}

void ks_tree_stack_release(struct ks_tree_stack *stack);

#endif
