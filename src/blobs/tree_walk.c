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

static int rebuild_delta(struct ks_tree_walk *walk, struct ks_buf *out,
	const struct ks_buf *base, const struct ks_entry_head *head,
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
	return ks_delta_apply(&walk->delta, out->p, out->n, ks_buf_span(base),
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
		return ks_fail(err, KS_E_CORRUPT,
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
		rc = rebuild_delta(
			walk, out, &walk->slots[base->slot], &head, err);
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
		.entry = at, .next = pack->entries[at].child, .slot = slot
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
	rc = rebuild(walk, pack, at, base, &object, &why);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc < 0) {
		slot_give(walk, object.slot);
		return decline_all(walk, pack, at, met, &why, err);
	}
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
	if (rc < 0 || base.next != KS_ENTRY_NONE)
		return rc;
	slot_give(walk, base.slot);
	walk->frames[top] = walk->frames[walk->frame_count - 1];
	walk->frame_count--;
	return KS_OK;
}

int ks_tree_walk_run(struct ks_tree_walk *walk, const struct ks_pack *pack,
	uint32_t root, _Atomic uint8_t *met, struct ks_err *err)
{
	const volatile int *cancel = walk->visitor->cancel;
	int rc;

	walk->type = KS_OBJECT_NONE;
	rc = visit(walk, pack, root, NULL, met, err);
	while (rc == KS_OK && walk->frame_count) {
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		rc = descend(walk, pack, met, err);
	}
	return rc;
}

void ks_tree_walk_release(struct ks_tree_walk *walk)
{
	for (size_t i = 0; i < walk->slot_count; i++)
		ks_buf_release(&walk->slots[i]);
	free(walk->slots);
	free(walk->free_slots);
	free(walk->frames);
	ks_buf_release(&walk->code);
	ks_delta_release(&walk->delta);
	ks_inflate_release(&walk->inflate);
	*walk = (struct ks_tree_walk){ 0 };
}
