/* SPDX-License-Identifier: Apache-2.0 */
/* Commits that are reachable from some and not from others. */
#ifndef KS_PROVENANCE_COMMIT_RANGE_H
#define KS_PROVENANCE_COMMIT_RANGE_H

#include "base/oidmap.h"
#include "blobs/reader.h"
#include "provenance/commits.h"

/* All arrays are borrowed. */
struct ks_commit_range_input {
	struct ks_reader *reader;
	size_t hash_bytes;
	/* Commits, tags, trees or blobs: what they lead to is wanted. */
	const struct ks_oid *tips;
	size_t tip_count;
	/* What these lead to is not; those that are not here say nothing. */
	const struct ks_oid *hidden;
	size_t hidden_count;
	/*
	 * Likewise, but there may be thousands: they are read only when the
	 * walk does not soon come upon one.
	 */
	const struct ks_oid *known;
	size_t known_count;
	/* Commits whose parents are left out: of a shallow clone. */
	const struct ks_oid *cuts;
	size_t cut_count;
	/*
	 * Go on until nothing hidden can be taken for new, short of clocks
	 * that were wrong for long. Else, where that takes much, some that are
	 * hidden may be in the range: enough where nothing is found in it.
	 */
	bool is_exact;
	const volatile int *cancel; /* may be NULL */
};

/* Zero-initialise ({0}); ks_commit_range_release() frees. */
struct ks_commit_range {
	struct ks_commits commits; /* all that were read */
	struct ks_oidmap index;    /* of them, by id */
	uint8_t *flags;            /* of each; private */
	size_t flag_cap;
	uint32_t *list; /* those of the range, newest first */
	size_t count;
	/* Annotated tags, and trees and blobs that tips or tags name. */
	struct ks_oid *tags;
	size_t tag_count;
	size_t tag_cap;
	struct ks_oid *trees;
	size_t tree_count;
	size_t tree_cap;
	struct ks_oid *blobs;
	size_t blob_count;
	size_t blob_cap;
	bool is_exact; /* whether or not it was asked for */
};

/*
 * Walk from input->tips, newest commit first, until all that is left is
 * hidden. KS_E_NOTFOUND, KS_E_CORRUPT and others where a commit of the range
 * cannot be read, with its id; KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_commit_range_find(struct ks_commit_range *range,
	const struct ks_commit_range_input *input, struct ks_err *err);

/* Is commit number ${at} of range->commits in the range? */
bool ks_commit_range_has(const struct ks_commit_range *range, uint32_t at);

void ks_commit_range_release(struct ks_commit_range *range);

#endif
