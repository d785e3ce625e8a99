/* SPDX-License-Identifier: Apache-2.0 */
/* A repository: where its objects are, its refs, what it lacks. */
#ifndef KS_SOURCE_REPO_H
#define KS_SOURCE_REPO_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/oid.h"

/* An opened repository. Hashing objects is thread-safe, the rest is not. */
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
 * user: nothing in it is ever executed, nothing but regular files of it is
 * opened, and of its configuration only its form is read (see layout.h); no
 * other configuration of the machine is. KS_E_REPO; KS_E_UNSUPPORTED: its
 * form is not known; KS_E_CORRUPT, KS_E_IO, KS_E_NOMEM.
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
 * The commit that the revision ${name} is, gitrevisions(7), but for what is
 * in reflogs and configurations; git is asked, see plumbing.h. KS_E_NOTFOUND:
 * there is none, or several, or no git. KS_E_UNSUPPORTED, KS_E_IO,
 * KS_E_NOMEM.
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
 * The object that HEAD leads to. KS_E_NOTFOUND: there is none, yet; errors as
 * ks_ref_files_resolve().
 */
KS_MUST_CHECK int ks_repo_head(
	const struct ks_repo *repo, struct ks_oid *out, struct ks_err *err);

/*
 * The id ${out} of an object of ${type}, one of enum ks_object_type, and
 * ${bytes}. KS_E_CORRUPT where there is no such type, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_repo_hash(struct ks_repo *repo, int type,
	struct ks_span bytes, struct ks_oid *out, struct ks_err *err);

/* NULL is fine. */
void ks_repo_close(struct ks_repo *repo);

#endif
