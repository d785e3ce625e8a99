/* SPDX-License-Identifier: Apache-2.0 */
/* A repository: where its objects are, its refs, what it lacks. */
#ifndef KS_SOURCE_REPO_H
#define KS_SOURCE_REPO_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/oid.h"

/* An opened repository. Reading objects is thread-safe, the rest is not. */
struct ks_repo;

/* A ref, or a line of a reflog. */
struct ks_ref {
	const char *name;  /* full name; of a reflog's line, that ref's */
	struct ks_oid oid; /* what it points at, tags not peeled */
	bool is_reflog;    /* a former value */
	bool is_head;      /* HEAD of this work tree */
};

/* All of them; belongs to the repository. */
struct ks_ref_list {
	const struct ks_ref *list;
	size_t count;
	size_t ref_count; /* those that are no reflog lines, HEADs left out */
	/* Refs that cannot be read, by name. */
	const char *const *broken;
	size_t broken_count;
};

/*
 * Open the repository at ${path} or around it: a work tree, a bare
 * repository, a linked worktree, a .git file. It may belong to another
 * user: nothing in it is ever executed, and of its configuration only the
 * object format and the promisor settings are read; no other configuration
 * of the machine is. KS_E_REPO, KS_E_UNSUPPORTED (SHA-256, an unknown
 * extension), KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_repo_open(
	struct ks_repo **out, const char *path, struct ks_err *err);

/* The git folder, with a slash at its end; borrowed. */
const char *ks_repo_git_dir(const struct ks_repo *repo);

/* The work tree, with a slash at its end; NULL: it is a bare repository. */
const char *ks_repo_work_dir(const struct ks_repo *repo);

/* Bytes of an object id: KS_OID_SHA1 or KS_OID_SHA256. */
size_t ks_repo_hash_bytes(const struct ks_repo *repo);

/*
 * The objects folders: the repository's own, then those of its alternates
 * and theirs (gitrepository-layout(5)), each once. A folder that does not
 * exist is listed all the same. Belongs to the repository.
 */
const char *const *ks_repo_object_dirs(
	const struct ks_repo *repo, size_t *count);

/*
 * Read HEAD, all refs, those of linked worktrees too, and all reflogs. A
 * repository without a commit has none. KS_E_REPO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_repo_refs(struct ks_repo *repo,
	const struct ks_ref_list **out, struct ks_err *err);

/*
 * The object that the revision ${name} is, gitrevisions(7). KS_E_NOTFOUND:
 * there is none, or several.
 */
KS_MUST_CHECK int ks_repo_resolve(struct ks_repo *repo, const char *name,
	struct ks_oid *out, struct ks_err *err);

/* Is it a shallow clone? */
bool ks_repo_is_shallow(const struct ks_repo *repo);

/* The commits at which the history of a shallow clone is cut. */
const struct ks_oid *ks_repo_shallow_commits(
	const struct ks_repo *repo, size_t *count);

/* Is it a partial clone: has it a promisor remote? */
bool ks_repo_is_partial(const struct ks_repo *repo);

/*
 * Read the object ${oid} by libgit2 into ${out} (emptied first); its type,
 * one of enum ks_object_type, goes to ${type}. An object of more than
 * ${limit} bytes is KS_E_LIMIT. KS_E_NOTFOUND, KS_E_CORRUPT, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_repo_read(struct ks_repo *repo, const struct ks_oid *oid,
	uint64_t limit, int *type, struct ks_buf *out, struct ks_err *err);

/*
 * The id ${out} of an object of ${type}, one of enum ks_object_type, and
 * ${bytes}. KS_E_CORRUPT where there is no such type.
 */
KS_MUST_CHECK int ks_repo_hash(const struct ks_repo *repo, int type,
	struct ks_span bytes, struct ks_oid *out, struct ks_err *err);

/*
 * Read the file ${name} at the top of HEAD's tree into ${out} (emptied
 * first). KS_E_NOTFOUND if there is none, or no HEAD; KS_E_UNSUPPORTED if it
 * is no regular file; else as above.
 */
KS_MUST_CHECK int ks_repo_read_head(struct ks_repo *repo, const char *name,
	uint64_t limit, struct ks_buf *out, struct ks_err *err);

/* Call ${each} for every object of the database, in any order. */
KS_MUST_CHECK int ks_repo_each(struct ks_repo *repo,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload,
	struct ks_err *err);

/* NULL is fine. */
void ks_repo_close(struct ks_repo *repo);

#endif
