/* SPDX-License-Identifier: Apache-2.0 */
/* An object of a repository, bytes in hand. */
#ifndef KS_BLOBS_OBJECT_H
#define KS_BLOBS_OBJECT_H

#include "base/oid.h"

/* The numbers are those of a pack entry's type field, gitformat-pack(5). */
enum ks_object_type {
	KS_OBJECT_NONE = 0,
	KS_OBJECT_COMMIT = 1,
	KS_OBJECT_TREE = 2,
	KS_OBJECT_BLOB = 3,
	KS_OBJECT_TAG = 4
};

struct ks_delta;
struct ks_delta_rest;
struct ks_stream;

/* An object while it is visited; nothing of it outlives the visit. */
struct ks_object {
	struct ks_oid oid;
	enum ks_object_type type;
	struct ks_span bytes;
	/*
	 * Not NULL: a blob too large to be held. It has no bytes, but ${size}
	 * are read, once, from here; nothing is a delta against it.
	 */
	struct ks_stream *stream;
	uint64_t size;
	/*
	 * What a visitor learns of an object it may keep under its slot, a
	 * small number of one worker: it is not given to another object
	 * before all deltas against this one have been visited.
	 */
	uint32_t slot;
	/* Where it is stored as a delta: that, and the slot of its base. */
	const struct ks_delta *delta; /* NULL: stored in full */
	uint32_t base_slot;
	struct ks_span base_bytes; /* of the base */
	/*
	 * Not NULL: of the bytes only the delta's seams were made, so wide as
	 * the visitor asked for; ks_delta_fill() makes the rest.
	 */
	struct ks_delta_rest *rest;
	/* Are there deltas against it? */
	bool has_children;
	/*
	 * Met before in another pack: it is here only because others are
	 * deltas against it.
	 */
	bool is_repeated;
};

/* The type called ${name} ("blob", …), or KS_OBJECT_NONE. */
enum ks_object_type ks_object_type_parse(struct ks_span name);

/* "commit", "tree", "blob", "tag" or "object". */
const char *ks_object_type_name(enum ks_object_type type);

#endif
