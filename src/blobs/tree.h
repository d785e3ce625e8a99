/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of a raw tree object. */
#ifndef KS_BLOBS_TREE_H
#define KS_BLOBS_TREE_H

#include "base/oid.h"

/* File types in a mode; the bits of stat(2). */
enum {
	KS_MODE_TYPE = 0170000, /* mask */
	KS_MODE_TREE = 0040000,
	KS_MODE_FILE = 0100000,
	KS_MODE_GITLINK = 0160000 /* a commit of another repository */
};

/* One entry; it borrows from the tree's bytes. */
struct ks_tree_entry {
	uint32_t mode;
	struct ks_span name; /* without NULs; else anything, "" and ".." too */
	const uint8_t *id;   /* hash_bytes bytes */
};

/* Where an iteration stands. */
struct ks_tree_iter {
	const uint8_t *p;
	const uint8_t *end;
	size_t hash_bytes;
};

/* Iterate over the raw tree ${raw}, whose ids have ${hash_bytes} bytes. */
static inline struct ks_tree_iter ks_tree_iter_of(
	struct ks_span raw, size_t hash_bytes)
{
	return (struct ks_tree_iter){
		.p = raw.p,
		.end = raw.n ? raw.p + raw.n : raw.p,
		.hash_bytes = hash_bytes,
	};
}

/*
 * Take the next entry: octal mode, space, name, NUL, raw id. Returns 1 with
 * ${out} filled, 0 at the end, KS_E_CORRUPT (and again at every later call)
 * where the bytes are no entry. The order of entries is not checked.
 */
int ks_tree_next(struct ks_tree_iter *iter, struct ks_tree_entry *out);

static inline bool ks_tree_entry_is_tree(const struct ks_tree_entry *entry)
{
	return (entry->mode & KS_MODE_TYPE) == KS_MODE_TREE;
}

#endif
