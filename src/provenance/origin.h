/* SPDX-License-Identifier: Apache-2.0 */
/* Which commit and path brought an object in, and where it still stands. */
#ifndef KS_PROVENANCE_ORIGIN_H
#define KS_PROVENANCE_ORIGIN_H

#include "base/buf.h"
#include "blobs/object.h"
#include "provenance/commits.h"
#include "provenance/graph.h"

/*
 * Read the object ${oid} into ${out} (emptied first) and set ${type}. Returns
 * KS_OK, KS_E_NOTFOUND if it is not there, or another error; KS_E_NOMEM and
 * KS_E_INTERRUPTED end the search, with others it goes on. ${type} may be
 * set with an error too: what is known to be no tree need not be read.
 */
typedef int (*ks_read_fn)(void *payload, const struct ks_oid *oid,
	enum ks_object_type *type, struct ks_buf *out, struct ks_err *err);

/* A tip: what a ref or a reflog line points at, tags peeled. */
struct ks_tip {
	const char *name; /* full ref name; "" for a reflog's */
	struct ks_oid oid;
	bool is_branch; /* under refs/heads/ or refs/remotes/ */
	bool is_head;   /* what HEAD, or a worktree's HEAD, points at */
};

/* What is wanted and what was found of it. */
struct ks_origin {
	struct ks_oid oid; /* in: a blob or a tree */
	/* Out: index into commits.list of the oldest, or UINT32_MAX. */
	uint32_t commit;
	/*
	 * Out: in that commit's tree, the least if there are several; ""
	 * for that tree itself. For a note, the hex id of what it is about.
	 * NULL: no tree names it.
	 */
	const char *path;
	/*
	 * Out: a path at which it stands in HEAD's tree, or NULL; the same
	 * as path if it stands there too, else the least.
	 */
	const char *head_path;
	bool is_reachable; /* out: from a tip, or named by one */
	/* Out: among trees that refs reach, only those of refs/notes name it.
	 */
	bool is_note;
	/* Out: tips that are branches and have it; indexes, ascending. */
	const uint32_t *branches;
	size_t branch_count;
};

struct ks_order;
struct ks_relevant;

struct ks_origin_input {
	const struct ks_commits *commits;
	/* Their order (order.h) where the caller has it; NULL: not yet. */
	const struct ks_order *order;
	/*
	 * All trees there are, so that only those which lead to wanted
	 * objects are read; NULL: not known, all may have to be.
	 */
	const struct ks_graph *graph;
	size_t pairs; /* as `most` in relevant.h */
	/*
	 * Zeroed; gets the trees that lead to the objects, all zeros where
	 * they are not known. The caller releases it. May be NULL.
	 */
	struct ks_relevant *relevant;
	const struct ks_tip *tips;
	size_t tip_count;
	ks_read_fn read; /* reads trees */
	void *payload;
	const volatile int *cancel; /* may be NULL */
	/* Called once for each tree that cannot be read; may be NULL. */
	void (*unreadable)(void *payload, const struct ks_oid *oid,
		const struct ks_err *why);
};

/*
 * Fill the ${count} ${origins}. The oldest commit is the first that has the
 * object in this order: reached from a ref that is no note's, from
 * refs/notes, from a reflog only, not at all; then parents before children;
 * then by committer's time; then by object id. So the answer does not depend
 * on the order in which commits were added. A tip may name a tree, or a tag
 * of one: behind all commits reached, its objects have a path but no commit.
 *
 * Each distinct tree is read once at most: those of HEAD and of branches,
 * and then, oldest first, those of all commits until everything is found.
 * Strings and arrays come from ${arena}. KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_origin_find(struct ks_origin *origins, size_t count,
	const struct ks_origin_input *input, struct ks_arena *arena,
	struct ks_err *err);

#endif
