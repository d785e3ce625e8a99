/* SPDX-License-Identifier: Apache-2.0 */
/* One delta tree of a pack, depth first. */
#include "blobs/tree_walk.h"

#include "base/array.h"

#include <stdatomic.h>
#include <stdlib.h>

/*
 * A base is needed until the last delta against it has been made. So the
 * base gives its slot back before its last delta is descended into: a chain
 * without branches needs two buffers however long it is. The last delta is
 * the one with most below it (pack_entries.c), so that a base which waits
 * has as much above as below it: there are log2(n) such bases at most.
 *
 * If these are still more than the worker's memory holds, those next to the
 * root, which are needed last, lose their bytes. They are made again, from
 * the nearest base that has its own, when their next delta comes.
 */

/* zlib cannot make more of a byte than this (RFC 1951: 258 bytes in 2 bits). */
enum {
	INFLATE_MAX_RATIO = 1032
};

static int check_entry(const struct ks_tree_walk *walk,
	const struct ks_entry_head *head, struct ks_err *err)
{
	if (head->size > walk->visitor->max_object)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)head->size);
	if (head->size / INFLATE_MAX_RATIO > head->packed.n)
		return ks_fail(err, KS_E_CORRUPT,
			"its size cannot be right for %zu packed bytes",
			head->packed.n);
	return KS_OK;
}

static int inflate_entry(struct ks_tree_walk *walk, struct ks_room *out,
	const struct ks_entry_head *head, struct ks_err *err)
{
	uint8_t *bytes;
	int rc = check_entry(walk, head, err);

	if (rc == KS_OK)
		rc = ks_tree_stack_room(
			&walk->stack, out, head->size, &bytes, err);
	if (rc < 0)
		return rc;
	return ks_inflate_exact(
		&walk->inflate, bytes, (size_t)head->size, head->packed, err);
}

/* A large blob that nothing else needs goes by piece by piece. */
static int open_stream(struct ks_tree_walk *walk, struct ks_object *object,
	const struct ks_entry_head *head, struct ks_err *err)
{
	int rc = check_entry(walk, head, err);

	if (rc == KS_OK)
		rc = ks_inflow_check(head->packed, head->size, err);
	if (rc == KS_OK)
		rc = ks_inflow_open(&walk->flow, head->packed, err);
	if (rc < 0)
		return rc;
	walk->stream = ks_inflow_stream(&walk->flow);
	object->stream = &walk->stream;
	return KS_OK;
}

/*
 * Half of the bytes of a history are in blobs that nothing is a delta
 * against, and few of those bytes are ever looked at. Small ones are copied
 * as quickly as not.
 */
static bool may_leave_rest(const struct ks_tree_walk *walk,
	const struct ks_object *object, uint64_t size)
{
	enum {
		WORTH = 4096
	};

	return walk->visitor->seam && walk->type == KS_OBJECT_BLOB &&
	       !object->has_children && size > WORTH;
}

static int rebuild_delta(struct ks_tree_walk *walk, struct ks_room *out,
	const struct ks_entry_head *head, struct ks_object *object,
	struct ks_err *err)
{
	uint64_t base_size;
	uint64_t size;
	uint8_t *bytes;
	int rc = inflate_entry(walk, &walk->code, head, err);

	if (rc < 0)
		return rc;
	if (!ks_delta_sizes(ks_room_span(&walk->code), &base_size, &size))
		return ks_fail(err, KS_E_CORRUPT, "delta has no head");
	if (size > walk->visitor->max_object)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)size);
	if (base_size != object->base_bytes.n)
		return ks_fail(err, KS_E_CORRUPT,
			"delta is for a base of another size");
	rc = ks_tree_stack_room(&walk->stack, out, size, &bytes, err);
	if (rc < 0)
		return rc;
	if (!may_leave_rest(walk, object, size))
		return ks_delta_apply(&walk->delta, bytes, (size_t)size,
			object->base_bytes, ks_room_span(&walk->code), err);
	object->rest = &walk->rest;
	return ks_delta_apply_seams(object->rest, &walk->delta, bytes,
		(size_t)size, walk->visitor->seam, object->base_bytes,
		ks_room_span(&walk->code), err);
}

/* The bytes of ${object} into its slot; ${base}: the frame of its base. */
static int rebuild(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t at, const struct ks_frame *base, struct ks_object *object,
	struct ks_err *err)
{
	struct ks_room *out = &walk->stack.slots[object->slot].room;
	struct ks_entry_head head;
	int rc = ks_pack_head(&head, pack, at, err);

	if (rc < 0)
		return rc;
	if (!ks_pack_crc_ok(pack, at))
		return ks_fail(err, KS_E_IO,
			"its packed bytes have not the checksum of the index");
	if (head.type < KS_PACK_OFS_DELTA) {
		object->type = (enum ks_object_type)head.type;
		object->size = head.size;
		if (head.size > walk->stack.large && !object->has_children &&
			object->type == KS_OBJECT_BLOB)
			return open_stream(walk, object, &head, err);
		rc = inflate_entry(walk, out, &head, err);
	} else if (!base) {
		rc = ks_fail(err, KS_E_NOTFOUND,
			"the base of its delta is not in the pack");
	} else {
		object->delta = &walk->delta;
		object->base_slot = base->slot;
		object->base_bytes =
			ks_room_span(&walk->stack.slots[base->slot].room);
		rc = rebuild_delta(walk, out, &head, object, err);
	}
	object->bytes = ks_room_span(out);
	object->size = object->bytes.n;
	return rc;
}

static void meet(_Atomic uint8_t *met, uint32_t at)
{
	atomic_fetch_or_explicit(
		&met[at / 8], (uint8_t)(1u << at % 8), memory_order_relaxed);
}

static int decline(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t at, const struct ks_err *why, struct ks_err *err)
{
	const struct ks_visitor *visitor = walk->visitor;
	struct ks_oid oid = ks_pack_oid(pack, at);

	if (ks_pack_is_repeated(pack, at))
		return KS_OK;
	return visitor->declined(
		visitor->payload, walk->worker, &oid, why, err);
}

/* Decline ${top} and all below it, without recursion or memory. */
static int decline_all(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t top, _Atomic uint8_t *met, const struct ks_err *why,
	struct ks_err *err)
{
	const struct ks_entry *entries = pack->entries;
	uint32_t at = top;
	int rc;

	for (;;) {
		meet(met, at);
		rc = decline(walk, pack, at, why, err);
		if (rc < 0)
			return rc;
		if (entries[at].child != KS_ENTRY_NONE) {
			at = entries[at].child;
			continue;
		}
		while (at != top && entries[at].sibling == KS_ENTRY_NONE)
			at = entries[at].base;
		if (at == top)
			return KS_OK;
		at = entries[at].sibling;
	}
}

/* Visit ${at}; then it is a frame if there are deltas against it. */
static int visit(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t at, const struct ks_frame *base, _Atomic uint8_t *met,
	struct ks_err *err)
{
	const struct ks_visitor *visitor = walk->visitor;
	struct ks_object object = {
		.oid = ks_pack_oid(pack, at),
		.type = walk->type,
		.has_children = pack->entries[at].child != KS_ENTRY_NONE,
		.is_repeated = ks_pack_is_repeated(pack, at),
	};
	struct ks_err why = { 0 };
	int rc;

	if (ks_tree_stack_take(&walk->stack, &object.slot) < 0)
		return ks_fail_nomem(err);
	ks_pack_expect_entries(pack, at);
	rc = rebuild(walk, pack, at, base, &object, &why);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc < 0) {
		ks_tree_stack_give(&walk->stack, object.slot);
		return decline_all(walk, pack, at, met, &why, err);
	}
	ks_pack_expect_bytes(pack, at);
	meet(met, at);
	walk->visited += object.size;
	walk->type = object.type;
	rc = visitor->object(visitor->payload, walk->worker, &object, err);
	ks_inflow_close(&walk->flow);
	if (rc < 0)
		return rc;
	if (!object.has_children) {
		ks_tree_stack_give(&walk->stack, object.slot);
		return KS_OK;
	}
	return ks_tree_stack_push(&walk->stack, pack, at, object.slot) < 0
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

/*
 * The entries from ${base} up to the root of its tree, or to the one below a
 * frame that has its bytes, ${n} of them. Frames lie in the order of their
 * depth, each above those that hang on it; ${under} of them are looked at.
 * ${from} is the frame met, or NULL.
 */
static int climb(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t base, size_t under, size_t *n, const struct ks_frame **from)
{
	*n = 0;
	*from = NULL;
	for (uint32_t at = base; at != KS_ENTRY_NONE;
		at = pack->entries[at].base) {
		if (under > 0 && walk->stack.frames[under - 1].entry == at) {
			*from = &walk->stack.frames[--under];
			if (!walk->stack.slots[(*from)->slot].is_dropped)
				return KS_OK;
			*from = NULL;
		}
		if (ks_array_reserve(&walk->chain, &walk->chain_cap, *n + 1,
			    sizeof(*walk->chain)) < 0)
			return KS_E_NOMEM;
		walk->chain[(*n)++] = at;
	}
	return KS_OK;
}

/*
 * Build ${object}, entry ${base}, from the nearest of the first ${under}
 * frames that has its bytes, or from the root, down. It gets a slot.
 */
static int rebuild_base(struct ks_tree_walk *walk, const struct ks_pack *pack,
	struct ks_object *object, uint32_t base, size_t under,
	struct ks_err *err)
{
	struct ks_frame last = { .entry = KS_ENTRY_NONE };
	const struct ks_frame *from;
	bool is_lent = false;
	size_t n;
	int rc = climb(walk, pack, base, under, &n, &from);

	if (rc < 0)
		return ks_fail_nomem(err);
	if (from) {
		last = *from;
		is_lent = true;
	}
	object->has_children = true;
	while (rc == KS_OK && n-- > 0) {
		uint32_t at = walk->chain[n];

		if (ks_tree_stack_take(&walk->stack, &object->slot) < 0)
			return ks_fail_nomem(err);
		walk->stack.pinned = last.slot + 1;
		rc = rebuild(walk, pack, at,
			last.entry == KS_ENTRY_NONE ? NULL : &last, object,
			err);
		walk->stack.pinned = 0;
		walk->rebuilt += object->size;
		if (last.entry != KS_ENTRY_NONE && !is_lent)
			ks_tree_stack_give(&walk->stack, last.slot);
		is_lent = false;
		last = (struct ks_frame){ .entry = at, .slot = object->slot };
	}
	if (rc < 0)
		ks_tree_stack_give(&walk->stack, object->slot);
	return rc;
}

/*
 * Bases are dropped and made again so often only if a pack was made for it:
 * what git packs has few bases that wait.
 */
static bool is_wasteful(const struct ks_tree_walk *walk)
{
	enum {
		TIMES = 16
	};

	return walk->rebuilt / TIMES > walk->visited &&
	       walk->rebuilt / TIMES > walk->stack.memory;
}

/* Give the topmost frame the bytes it has lost. */
static int refill(struct ks_tree_walk *walk, const struct ks_pack *pack,
	struct ks_err *err)
{
	const size_t top = walk->stack.frame_count - 1;
	struct ks_object object = { .oid = { { 0 } } };
	int rc;

	if (is_wasteful(walk))
		return ks_fail(err, KS_E_LIMIT,
			"bases of its delta would have to be made again too "
			"often: give it more --memory");
	rc = rebuild_base(
		walk, pack, &object, walk->stack.frames[top].entry, top, err);
	if (rc == KS_OK)
		ks_tree_stack_refill(&walk->stack, top, object.slot);
	return rc;
}

/* What is left to the topmost frame cannot be made. */
static int decline_rest(struct ks_tree_walk *walk, const struct ks_pack *pack,
	_Atomic uint8_t *met, const struct ks_err *why, struct ks_err *err)
{
	struct ks_frame *frame =
		&walk->stack.frames[walk->stack.frame_count - 1];

	for (; frame->next != frame->end;
		frame->next = pack->entries[frame->next].sibling) {
		int rc = decline_all(walk, pack, frame->next, met, why, err);

		if (rc < 0)
			return rc;
	}
	ks_tree_stack_remove(&walk->stack, walk->stack.frame_count - 1);
	return KS_OK;
}

/* Make the next delta of the topmost frame. */
static int descend(struct ks_tree_walk *walk, const struct ks_pack *pack,
	_Atomic uint8_t *met, struct ks_err *err)
{
	const size_t top = walk->stack.frame_count - 1;
	struct ks_frame base = walk->stack.frames[top];
	uint32_t at = base.next;
	struct ks_err why = { 0 };
	int rc;

	if (ks_tree_stack_lacks(&walk->stack, top)) {
		rc = refill(walk, pack, &why);
		if (rc == KS_E_NOMEM)
			return ks_fail_nomem(err);
		if (rc < 0)
			return decline_rest(walk, pack, met, &why, err);
	}
	base.next = pack->entries[at].sibling;
	walk->stack.frames[top].next = base.next;
	rc = visit(walk, pack, at, &base, met, err);
	if (rc < 0 || base.next != base.end)
		return rc;
	ks_tree_stack_remove(&walk->stack, top);
	return KS_OK;
}

/* The middle one of the deltas left to ${frame}; how many goes to ${n}. */
static uint32_t middle_of(
	const struct ks_pack *pack, const struct ks_frame *frame, size_t *n)
{
	uint32_t middle = frame->next;

	*n = 0;
	for (uint32_t at = frame->next; at != frame->end;
		at = pack->entries[at].sibling) {
		if (++*n % 2 == 0)
			middle = pack->entries[middle].sibling;
	}
	return middle;
}

/*
 * Somebody waits: give away half of the deltas left to the base nearest the
 * root. If that is one only it goes, and the base with it, unless there is
 * nothing else to do here.
 */
static void share(struct ks_tree_walk *walk, const struct ks_pack *pack,
	_Atomic uint8_t *met)
{
	for (size_t i = 0; i < walk->stack.frame_count; i++) {
		struct ks_frame *frame = &walk->stack.frames[i];
		size_t n;
		struct ks_branch branch = {
			.pack = pack,
			.met = met,
			.base = frame->entry,
			.first = middle_of(pack, frame, &n),
			.end = frame->end,
		};

		if (n == 1 && i + 1 == walk->stack.frame_count)
			return;
		if (!walk->share->offer(walk->share->payload, &branch))
			return;
		frame->end = branch.first;
		if (n > 1)
			return;
		ks_tree_stack_remove(&walk->stack, i);
		return;
	}
}

/* Visit what is below the frames. */
static int finish(struct ks_tree_walk *walk, const struct ks_pack *pack,
	_Atomic uint8_t *met, struct ks_err *err)
{
	const volatile int *cancel = walk->visitor->cancel;
	int rc = KS_OK;

	while (rc == KS_OK && walk->stack.frame_count) {
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		if (walk->share && atomic_load_explicit(&walk->share->hungry,
					   memory_order_relaxed))
			share(walk, pack, met);
		rc = descend(walk, pack, met, err);
	}
	return rc;
}

int ks_tree_walk_run(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t root, _Atomic uint8_t *met, struct ks_err *err)
{
	int rc;

	walk->type = KS_OBJECT_NONE;
	rc = visit(walk, pack, root, NULL, met, err);
	return rc < 0 ? rc : finish(walk, pack, met, err);
}

int ks_tree_walk_branch(struct ks_tree_walk *walk,
	const struct ks_branch *branch, struct ks_err *err)
{
	const struct ks_visitor *visitor = walk->visitor;
	const struct ks_pack *pack = branch->pack;
	struct ks_object object = { .oid = ks_pack_oid(pack, branch->base) };
	struct ks_err why = { 0 };
	int rc = rebuild_base(walk, pack, &object, branch->base, 0, &why);

	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	for (uint32_t at = branch->first; rc < 0 && at != branch->end;
		at = pack->entries[at].sibling) {
		int declined =
			decline_all(walk, pack, at, branch->met, &why, err);

		if (declined < 0)
			return declined;
	}
	if (rc < 0)
		return KS_OK;
	object.delta = NULL;
	object.has_children = true;
	object.is_repeated = true;
	walk->type = object.type;
	rc = visitor->object(visitor->payload, walk->worker, &object, err);
	if (rc == KS_OK && ks_tree_stack_push(&walk->stack, pack, branch->base,
				   object.slot) < 0)
		rc = ks_fail_nomem(err);
	if (rc < 0)
		return rc;
	walk->stack.frames[walk->stack.frame_count - 1].next = branch->first;
	walk->stack.frames[walk->stack.frame_count - 1].end = branch->end;
	return finish(walk, pack, branch->met, err);
}

void ks_tree_walk_release(struct ks_tree_walk *walk)
{
	ks_tree_stack_release(&walk->stack);
	free(walk->chain);
	ks_room_release(&walk->code);
	ks_inflow_close(&walk->flow);
	ks_delta_release(&walk->delta);
	ks_inflate_release(&walk->inflate);
	*walk = (struct ks_tree_walk){ 0 };
}
