/* SPDX-License-Identifier: Apache-2.0 */
/* What a tree has that other trees have not. */
#ifndef KS_PROVENANCE_CHANGES_H
#define KS_PROVENANCE_CHANGES_H

#include "base/oidmap.h"
#include "blobs/reader.h"
#include "blobs/tree.h"

/* An entry, of no tree and no submodule, that none of the others has. */
struct ks_change {
	struct ks_oid tree; /* that it stands in */
	struct ks_oid oid;  /* a blob */
	struct ks_span name;
	bool is_new_name; /* none of the others has it, with any content */
	bool is_blob;     /* else it is a tree or a submodule: name only */
	/* What others have under that name, of whatever type; borrowed. */
	const struct ks_oid *was;
	size_t was_count;
};

/* Zero-initialise, fill what comes first; ks_changes_release() frees. */
struct ks_changes {
	struct ks_reader *reader;
	size_t hash_bytes;
	/* May a tree that is not here be passed over: a partial clone? */
	bool is_partial;
	int (*each)(void *payload, const struct ks_change *change,
		struct ks_err *err);
	/* A tree cannot be read: what is in it is not told. */
	int (*unreadable)(void *payload, const struct ks_oid *tree,
		const struct ks_err *why, struct ks_err *err);
	void *payload;
	const volatile int *cancel; /* may be NULL */
	/* Private: comparisons made, and those to be made. */
	struct ks_oidmap made;
	struct ks_changes_job *jobs;
	size_t job_count;
	size_t job_cap;
	struct ks_oid *others; /* of the jobs */
	size_t other_count;
	size_t other_cap;
	struct ks_buf bytes;
};

/*
 * Tell changes->each every entry below the tree ${tree} that at the same path
 * none of the ${count} trees ${others} has with the same content; trees that
 * are equal are not read. What was compared before, by the same ${changes},
 * is not again: for a tree that is found in many places its entries are told
 * once. Others that cannot be read have nothing. KS_E_INTERRUPTED,
 * KS_E_NOMEM, and what the callbacks return.
 */
KS_MUST_CHECK int ks_changes_find(struct ks_changes *changes,
	const struct ks_oid *tree, const struct ks_oid *others, size_t count,
	struct ks_err *err);

void ks_changes_release(struct ks_changes *changes);

#endif
