/* SPDX-License-Identifier: Apache-2.0 */
/* The bases on the way down a delta tree, within a budget of memory. */
#include "blobs/tree_stack.h"

#include "base/array.h"

#include <stdlib.h>

int ks_tree_stack_take(struct ks_tree_stack *stack, uint32_t *slot)
{
	if (stack->free_count) {
		*slot = stack->free_slots[--stack->free_count];
		return KS_OK;
	}
	if (ks_array_reserve(&stack->slots, &stack->slot_cap,
		    stack->slot_count + 1, sizeof(*stack->slots)) < 0 ||
		ks_array_reserve(&stack->free_slots, &stack->free_cap,
			stack->slot_count + 1, sizeof(*stack->free_slots)) < 0)
		return KS_E_NOMEM;
	*slot = (uint32_t)stack->slot_count++;
	stack->slots[*slot] = (struct ks_slot){ .is_dropped = false };
	return KS_OK;
}

/* There is room: free_slots grows with slots. */
void ks_tree_stack_give(struct ks_tree_stack *stack, uint32_t slot)
{
	stack->slots[slot].is_dropped = false;
	stack->free_slots[stack->free_count++] = slot;
}

static void give_back(struct ks_tree_stack *stack, struct ks_room *room)
{
	stack->held -= ks_room_memory(room);
	ks_room_release(room);
}

static bool is_short(const struct ks_tree_stack *stack, uint64_t n)
{
	return stack->held + n > stack->memory;
}

static void make_way(struct ks_tree_stack *stack, uint64_t n)
{
	for (size_t i = 0; is_short(stack, n) && i < stack->free_count; i++)
		give_back(stack, &stack->slots[stack->free_slots[i]].room);
	while (is_short(stack, n) && stack->dropped + 1 < stack->frame_count) {
		uint32_t slot = stack->frames[stack->dropped++].slot;

		if (slot + 1 == stack->pinned)
			continue;
		give_back(stack, &stack->slots[slot].room);
		stack->slots[slot].is_dropped = true;
	}
}

int ks_tree_stack_room(struct ks_tree_stack *stack, struct ks_room *room,
	uint64_t size, uint8_t **out, struct ks_err *err)
{
	size_t has = ks_room_memory(room);
	int rc;

	if (size > has && size <= stack->large &&
		stack->held - has + size > stack->memory) {
		give_back(stack, room);
		make_way(stack, size);
		has = 0;
	}
	rc = ks_room_make(room, size, stack->large, out, err);
	stack->held = stack->held - has + ks_room_memory(room);
	return rc;
}

int ks_tree_stack_push(struct ks_tree_stack *stack, const struct ks_pack *pack,
	uint32_t at, uint32_t slot)
{
	if (ks_array_reserve(&stack->frames, &stack->frame_cap,
		    stack->frame_count + 1, sizeof(*stack->frames)) < 0)
		return KS_E_NOMEM;
	stack->frames[stack->frame_count++] = (struct ks_frame){
		.entry = at,
		.next = pack->entries[at].child,
		.end = KS_ENTRY_NONE,
		.slot = slot,
	};
	return KS_OK;
}

void ks_tree_stack_remove(struct ks_tree_stack *stack, size_t at)
{
	struct ks_frame *frame = &stack->frames[at];

	ks_tree_stack_give(stack, frame->slot);
	stack->frame_count--;
	stack->dropped -= stack->dropped > at;
	memmove(frame, frame + 1, (stack->frame_count - at) * sizeof(*frame));
}

void ks_tree_stack_refill(struct ks_tree_stack *stack, size_t at, uint32_t slot)
{
	struct ks_slot *to = &stack->slots[stack->frames[at].slot];
	struct ks_room empty = to->room;

	to->room = stack->slots[slot].room;
	to->is_dropped = false;
	stack->slots[slot].room = empty;
	ks_tree_stack_give(stack, slot);
	if (stack->dropped > at)
		stack->dropped = at;
}

void ks_tree_stack_release(struct ks_tree_stack *stack)
{
	for (size_t i = 0; i < stack->slot_count; i++)
		ks_room_release(&stack->slots[i].room);
	free(stack->slots);
	free(stack->free_slots);
	free(stack->frames);
	*stack = (struct ks_tree_stack){ 0 };
}
