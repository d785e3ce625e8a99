/* SPDX-License-Identifier: Apache-2.0 */
/* One delta tree of a pack, depth first. */
#include "blobs/tree_walk.h"

#include "base/array.h"

#include <stdatomic.h>
#include <stdlib.h>

/*
 * A base is needed until the last delta against it has been made. So the
 * base gives its slot back before its last delta is descended into: a chain
 * without branches needs two buffers however long it is.
 */

/* zlib cannot make more of a byte than this (RFC 1951: 258 bytes in 2 bits). */
enum {
	INFLATE_MAX_RATIO = 1032
};

static int slot_take(struct ks_tree_walk *walk, uint32_t *slot)
{
	if (walk->free_count) {
		*slot = walk->free_slots[--walk->free_count];
		return KS_OK;
	}
	if (ks_array_reserve(&walk->slots, &walk->slot_cap,
		    walk->slot_count + 1, sizeof(*walk->slots)) < 0 ||
		ks_array_reserve(&walk->free_slots, &walk->free_cap,
			walk->slot_count + 1, sizeof(*walk->free_slots)) < 0)
		return KS_E_NOMEM;
	*slot = (uint32_t)walk->slot_count++;
	walk->slots[*slot] = (struct ks_buf){ 0 };
	return KS_OK;
}

/* There is room: free_slots grows with slots. */
static void slot_give(struct ks_tree_walk *walk, uint32_t slot)
{
	walk->free_slots[walk->free_count++] = slot;
}

static int inflate_entry(struct ks_tree_walk *walk, struct ks_buf *out,
	const struct ks_entry_head *head, struct ks_err *err)
{
	if (head->size > walk->visitor->max_object)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)head->size);
	if (head->size / INFLATE_MAX_RATIO > head->packed.n)
		return ks_fail(err, KS_E_CORRUPT,
			"its size cannot be right for %zu packed bytes",
			head->packed.n);
	ks_buf_reset(out);
	if (ks_buf_reserve(out, (size_t)head->size + 1) < 0)
		return ks_fail_nomem(err);
	out->n = (size_t)head->size;
	return ks_inflate_exact(
		&walk->inflate, out->p, out->n, head->packed, err);
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

static int rebuild_delta(struct ks_tree_walk *walk, struct ks_buf *out,
	const struct ks_entry_head *head, struct ks_object *object,
	struct ks_err *err)
{
	uint64_t base_size;
	uint64_t size;
	int rc = inflate_entry(walk, &walk->code, head, err);

	if (rc < 0)
		return rc;
	if (!ks_delta_sizes(ks_buf_span(&walk->code), &base_size, &size))
		return ks_fail(err, KS_E_CORRUPT, "delta has no head");
	if (size > walk->visitor->max_object)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)size);
	ks_buf_reset(out);
	if (ks_buf_reserve(out, (size_t)size + 1) < 0)
		return ks_fail_nomem(err);
	out->n = (size_t)size;
	if (!may_leave_rest(walk, object, size))
		return ks_delta_apply(&walk->delta, out->p, out->n,
			object->base_bytes, ks_buf_span(&walk->code), err);
	object->rest = &walk->rest;
	return ks_delta_apply_seams(object->rest, &walk->delta, out->p, out->n,
		walk->visitor->seam, object->base_bytes,
		ks_buf_span(&walk->code), err);
}

/* The bytes of ${object} into its slot; ${base}: the frame of its base. */
static int rebuild(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t at, const struct ks_frame *base, struct ks_object *object,
	struct ks_err *err)
{
	struct ks_buf *out = &walk->slots[object->slot];
	struct ks_entry_head head;
	int rc = ks_pack_head(&head, pack, at, err);

	if (rc < 0)
		return rc;
	if (!ks_pack_crc_ok(pack, at))
		return ks_fail(err, KS_E_IO,
			"its packed bytes have not the checksum of the index");
	if (head.type < KS_PACK_OFS_DELTA) {
		object->type = (enum ks_object_type)head.type;
		rc = inflate_entry(walk, out, &head, err);
	} else if (!base) {
		rc = ks_fail(err, KS_E_NOTFOUND,
			"the base of its delta is not in the pack");
	} else {
		object->delta = &walk->delta;
		object->base_slot = base->slot;
		object->base_bytes = ks_buf_span(&walk->slots[base->slot]);
		rc = rebuild_delta(walk, out, &head, object, err);
	}
	object->bytes = ks_buf_span(out);
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

static int push(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t at, uint32_t slot)
{
	if (ks_array_reserve(&walk->frames, &walk->frame_cap,
		    walk->frame_count + 1, sizeof(*walk->frames)) < 0)
		return KS_E_NOMEM;
	walk->frames[walk->frame_count++] = (struct ks_frame){
		.entry = at,
		.next = pack->entries[at].child,
		.end = KS_ENTRY_NONE,
		.slot = slot,
	};
	return KS_OK;
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

	if (slot_take(walk, &object.slot) < 0)
		return ks_fail_nomem(err);
	ks_pack_expect_entries(pack, at);
	rc = rebuild(walk, pack, at, base, &object, &why);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc < 0) {
		slot_give(walk, object.slot);
		return decline_all(walk, pack, at, met, &why, err);
	}
	ks_pack_expect_bytes(pack, at);
	meet(met, at);
	walk->type = object.type;
	rc = visitor->object(visitor->payload, walk->worker, &object, err);
	if (rc < 0)
		return rc;
	if (!object.has_children) {
		slot_give(walk, object.slot);
		return KS_OK;
	}
	return push(walk, pack, at, object.slot) < 0 ? ks_fail_nomem(err)
						     : KS_OK;
}

/* Make the next delta of the topmost frame. */
static int descend(struct ks_tree_walk *walk, const struct ks_pack *pack,
	_Atomic uint8_t *met, struct ks_err *err)
{
	const size_t top = walk->frame_count - 1;
	struct ks_frame base = walk->frames[top];
	uint32_t at = base.next;
	int rc;

	base.next = pack->entries[at].sibling;
	walk->frames[top].next = base.next;
	rc = visit(walk, pack, at, &base, met, err);
	if (rc < 0 || base.next != base.end)
		return rc;
	slot_give(walk, base.slot);
	walk->frames[top] = walk->frames[walk->frame_count - 1];
	walk->frame_count--;
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
	for (size_t i = 0; i < walk->frame_count; i++) {
		struct ks_frame *frame = &walk->frames[i];
		size_t n;
		struct ks_branch branch = {
			.pack = pack,
			.met = met,
			.base = frame->entry,
			.first = middle_of(pack, frame, &n),
			.end = frame->end,
		};

		if (n == 1 && i + 1 == walk->frame_count)
			return;
		if (!walk->share->offer(walk->share->payload, &branch))
			return;
		frame->end = branch.first;
		if (n > 1)
			return;
		slot_give(walk, frame->slot);
		walk->frame_count--;
		memmove(frame, frame + 1,
			(walk->frame_count - i) * sizeof(*frame));
		return;
	}
}

/* Visit what is below the frames. */
static int finish(struct ks_tree_walk *walk, const struct ks_pack *pack,
	_Atomic uint8_t *met, struct ks_err *err)
{
	const volatile int *cancel = walk->visitor->cancel;
	int rc = KS_OK;

	while (rc == KS_OK && walk->frame_count) {
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

/* The entries from ${base} up to the root of its tree, ${n} of them. */
static int climb(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t base, size_t *n)
{
	*n = 0;
	for (uint32_t at = base; at != KS_ENTRY_NONE;
		at = pack->entries[at].base) {
		if (ks_array_reserve(&walk->chain, &walk->chain_cap, *n + 1,
			    sizeof(*walk->chain)) < 0)
			return KS_E_NOMEM;
		walk->chain[(*n)++] = at;
	}
	return KS_OK;
}

/* Build ${object}, the base of a branch, from the root down. */
static int rebuild_base(struct ks_tree_walk *walk, const struct ks_pack *pack,
	struct ks_object *object, uint32_t base, struct ks_err *err)
{
	struct ks_frame last = { .entry = KS_ENTRY_NONE };
	size_t n;
	int rc = climb(walk, pack, base, &n);

	if (rc < 0)
		return ks_fail_nomem(err);
	while (rc == KS_OK && n-- > 0) {
		uint32_t at = walk->chain[n];

		if (slot_take(walk, &object->slot) < 0)
			return ks_fail_nomem(err);
		rc = rebuild(walk, pack, at,
			last.entry == KS_ENTRY_NONE ? NULL : &last, object,
			err);
		if (last.entry != KS_ENTRY_NONE)
			slot_give(walk, last.slot);
		last = (struct ks_frame){ .entry = at, .slot = object->slot };
	}
	if (rc < 0)
		slot_give(walk, object->slot);
	return rc;
}

int ks_tree_walk_branch(struct ks_tree_walk *walk,
	const struct ks_branch *branch, struct ks_err *err)
{
	const struct ks_visitor *visitor = walk->visitor;
	const struct ks_pack *pack = branch->pack;
	struct ks_object object = { .oid = ks_pack_oid(pack, branch->base) };
	struct ks_err why = { 0 };
	int rc = rebuild_base(walk, pack, &object, branch->base, &why);

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
	if (rc == KS_OK && push(walk, pack, branch->base, object.slot) < 0)
		rc = ks_fail_nomem(err);
	if (rc < 0)
		return rc;
	walk->frames[walk->frame_count - 1].next = branch->first;
	walk->frames[walk->frame_count - 1].end = branch->end;
	return finish(walk, pack, branch->met, err);
}

void ks_tree_walk_release(struct ks_tree_walk *walk)
{
	for (size_t i = 0; i < walk->slot_count; i++)
		ks_buf_release(&walk->slots[i]);
	free(walk->slots);
	free(walk->free_slots);
	free(walk->frames);
	free(walk->chain);
	ks_buf_release(&walk->code);
	ks_delta_release(&walk->delta);
	ks_inflate_release(&walk->inflate);
	*walk = (struct ks_tree_walk){ 0 };
}
