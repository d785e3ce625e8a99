/* SPDX-License-Identifier: Apache-2.0 */
/* The index, where commits are prepared: gitformat-index(5). */
#ifndef KS_SOURCE_INDEX_H
#define KS_SOURCE_INDEX_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/oid.h"

/* A folder whose entries have not changed since its tree was made. */
struct ks_index_tree {
	const char *path; /* "src/base"; "" for the whole */
	struct ks_oid oid;
};

/* Zero-initialise ({0}); ks_index_close() frees. */
struct ks_index {
	struct ks_map map;
	struct ks_span entries;
	uint32_t count;
	uint32_t version;
	size_t hash_bytes;
	struct ks_arena arena;
	struct ks_index_tree *trees; /* sorted by path */
	size_t tree_count;
	size_t tree_cap;
};

struct ks_index_entry {
	struct ks_span path; /* valid until the next entry is taken */
	struct ks_oid oid;
	uint32_t mode;    /* KS_MODE_TREE: all of a folder; path ends in '/' */
	unsigned stage;   /* 0, or 1 to 3 for a file in conflict */
	bool is_intended; /* git add -N: nothing is staged of it yet */
};

/* Where an iteration stands. Zero-initialise; ks_index_iter_release(). */
struct ks_index_iter {
	size_t at;
	uint32_t done;
	struct ks_buf path;
};

/*
 * Map the index ${path}. KS_E_NOTFOUND: there is none; ${index} is empty then.
 * KS_E_CORRUPT, KS_E_UNSUPPORTED (a split index, another version), KS_E_IO,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_index_open(struct ks_index *index, const char *path,
	size_t hash_bytes, struct ks_err *err);

/* The same from memory, ${bytes}, borrowed. */
KS_MUST_CHECK int ks_index_parse(struct ks_index *index, struct ks_span bytes,
	size_t hash_bytes, struct ks_err *err);

/*
 * Take the next entry, in the order of paths. Returns 1 with ${out} filled, 0
 * at the end; KS_E_CORRUPT, KS_E_NOMEM.
 */
int ks_index_next(const struct ks_index *index, struct ks_index_iter *iter,
	struct ks_index_entry *out, struct ks_err *err);

/* The tree of the folder ${path}, or NULL: its entries may have changed. */
const struct ks_oid *ks_index_tree_of(
	const struct ks_index *index, const char *path);

void ks_index_iter_release(struct ks_index_iter *iter);

void ks_index_close(struct ks_index *index);

#endif
