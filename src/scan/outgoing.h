/* SPDX-License-Identifier: Apache-2.0 */
/* The objects and names that a range of commits brings. */
#ifndef KS_SCAN_OUTGOING_H
#define KS_SCAN_OUTGOING_H

#include "base/arena.h"
#include "provenance/changes.h"
#include "provenance/commit_range.h"
#include "scan/skips.h"

/* A name that is new in a tree. */
struct ks_outgoing_name {
	struct ks_oid tree;
	const char *name;
};

/* A blob that stands where another stood, or something else did. */
struct ks_outgoing_pair {
	struct ks_oid now;
	struct ks_oid was;
};

/* Zero-initialise, fill what comes first; ks_outgoing_release() frees. */
struct ks_outgoing {
	struct ks_reader *reader;
	struct ks_skips *skips; /* told of trees that cannot be read */
	size_t hash_bytes;
	bool is_partial;
	const volatile int *cancel; /* may be NULL */
	/* Out: each once; commits and tags first, then blobs. */
	struct ks_oid *objects;
	size_t count;
	size_t cap;
	struct ks_oidmap seen; /* what is in objects */
	struct ks_outgoing_name *names;
	size_t name_count;
	size_t name_cap;
	struct ks_outgoing_pair *pairs;
	size_t pair_count;
	size_t pair_cap;
	struct ks_arena arena; /* holds the names */
};

/*
 * List what the commits, tags, trees and blobs of ${range} bring: what none
 * of a commit's parents has at the same path. KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_outgoing_find(struct ks_outgoing *outgoing,
	const struct ks_commit_range *range, struct ks_err *err);

/*
 * The tree of ${commit} (an index of range->commits or not), to ${out};
 * false where it cannot be read.
 */
bool ks_outgoing_tree_of(struct ks_outgoing *outgoing,
	const struct ks_commit_range *range, const struct ks_oid *commit,
	struct ks_oid *out);

void ks_outgoing_release(struct ks_outgoing *outgoing);

#endif
