/* SPDX-License-Identifier: Apache-2.0 */
/* What the index has that the last commit has not. */
#ifndef KS_SCAN_STAGING_H
#define KS_SCAN_STAGING_H

#include "base/arena.h"
#include "blobs/reader.h"
#include "source/index.h"

/* A file that is staged and differs. */
struct ks_staged {
	const char *path;
	struct ks_oid oid;
};

/* Zero-initialise, fill what comes first; ks_staging_release() frees. */
struct ks_staging {
	struct ks_reader *reader;
	const struct ks_index *index;
	const struct ks_oid *head; /* tree; NULL: there is no commit yet */
	/* Trees of what is being merged. */
	const struct ks_oid *merged;
	size_t merged_count;
	/* Out. */
	struct ks_staged *list;
	size_t count;
	size_t cap;
	struct ks_oid *before; /* blobs that head had in their place */
	size_t before_count;
	size_t before_cap;
	struct ks_arena arena; /* holds the paths */
};

/*
 * Compare the index with staging->head: files that are not there with this
 * content, nor in any of staging->merged, and the blobs that were. Submodules
 * and files in conflict are passed over. KS_E_CORRUPT, KS_E_NOTFOUND and
 * others where a tree of head cannot be read; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_staging_find(
	struct ks_staging *staging, struct ks_err *err);

void ks_staging_release(struct ks_staging *staging);

#endif
