/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of a repository lie: gitrepository-layout(5). */
#ifndef KS_SOURCE_LAYOUT_H
#define KS_SOURCE_LAYOUT_H

#include "base/oid.h"
#include "source/alternates.h"

/* A remote of the configuration, by one of its refspecs. */
struct ks_tracking {
	const char *remote; /* name */
	const char *prefix; /* "refs/remotes/origin/", or a whole ref name */
};

/*
 * What a hook needs to know of a repository, found without libgit2, which
 * takes longer to start than a hook may run. Zero-initialise ({0});
 * ks_layout_release() frees.
 */
struct ks_layout {
	struct ks_arena arena;
	const char *git_dir; /* with a slash at its end */
	const char *common;  /* of all worktrees; with a slash */
	const char *index;   /* the file */
	/* The work tree, with a slash; NULL: it is bare, or not known. */
	const char *work;
	struct ks_dirs objects;
	size_t hash_bytes;
	bool is_partial; /* objects were left at a remote */
	bool has_reftable;
	struct ks_oid *shallow; /* commits whose parents were left behind */
	size_t shallow_count;
	/* Where fetching puts the branches of remotes. */
	struct ks_tracking *tracking;
	size_t tracking_count;
	size_t tracking_cap;
	/* What it was found by, and what the configuration says of it. */
	bool heeds_environment;
	bool is_bare;
	const char *work_setting; /* core.worktree; NULL: not set */
};

/*
 * Find the repository that git would use here: GIT_DIR, or at the current
 * folder or above it; with GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY,
 * GIT_ALTERNATE_OBJECT_DIRECTORIES and GIT_INDEX_FILE: git(1),
 * "Environment variables". ${path}, if not NULL, is where to start instead;
 * the environment is not looked at then. Nothing is executed, nothing but
 * regular files is opened, and of its configuration only what stands above
 * is heeded. KS_E_REPO; KS_E_UNSUPPORTED: an object format, a version or an
 * extension of which nothing is known; KS_E_CORRUPT, KS_E_IO: of its files;
 * KS_E_NOMEM; ${layout} is to be released then too.
 */
KS_MUST_CHECK int ks_layout_find(
	struct ks_layout *layout, const char *path, struct ks_err *err);

void ks_layout_release(struct ks_layout *layout);

#endif
