/* SPDX-License-Identifier: Apache-2.0 */
/* All files below a tree, as the index would list them. */
#ifndef KS_SCAN_UNFOLD_H
#define KS_SCAN_UNFOLD_H

#include "blobs/reader.h"
#include "source/index.h"

struct ks_unfold {
	struct ks_reader *reader;
	size_t hash_bytes;
	/* Told every entry but trees, in the order of the index. */
	int (*each)(void *payload, const struct ks_index_entry *entry,
		struct ks_err *err);
	void *payload;
};

/*
 * Tell unfold->each what is below the tree ${tree} of the folder ${path},
 * which ends in '/'. KS_E_NOTFOUND, KS_E_CORRUPT and others where a tree
 * cannot be read, KS_E_LIMIT, KS_E_NOMEM, and what unfold->each returns.
 */
KS_MUST_CHECK int ks_unfold_tree(const struct ks_unfold *unfold,
	const struct ks_oid *tree, struct ks_span path, struct ks_err *err);

#endif
