/* SPDX-License-Identifier: Apache-2.0 */
/* Refs as files and in packed-refs: gitrepository-layout(5). */
#ifndef KS_SOURCE_REF_FILES_H
#define KS_SOURCE_REF_FILES_H

#include "base/buf.h"
#include "base/oid.h"

/*
 * Who is told of refs. What a function returns other than 0 ends the reading
 * and is returned from it; all but ref() may be NULL.
 */
struct ks_ref_visitor {
	int (*ref)(void *payload, const char *name, const struct ks_oid *oid);
	/* A ref that names another, ${target}, which need not exist. */
	int (*symbolic)(void *payload, const char *name, const char *target);
	/*
	 * A ref, a folder of them or "packed-refs", of which something
	 * cannot be read. If NULL, an unreadable packed-refs is an error and
	 * all else is passed over.
	 */
	int (*broken)(void *payload, const char *name);
	void *payload;
};

/*
 * Tell ${visitor} of every ref of the folder ${common} (with a slash at its
 * end) whose name begins with ${prefix} ("refs/", "refs/remotes/origin/", or
 * a whole name), in no particular order, each once. Takes time for the refs
 * under the prefix, not for all. Nothing but regular files is opened.
 * KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_ref_files_visit(const char *common, const char *prefix,
	size_t hash_bytes, const struct ks_ref_visitor *visitor,
	struct ks_err *err);

/* The same for refs that name an object and can be read. */
KS_MUST_CHECK int ks_ref_files_each(const char *common, const char *prefix,
	size_t hash_bytes,
	int (*each)(void *payload, const char *name, const struct ks_oid *oid),
	void *payload, struct ks_err *err);

/*
 * Read the ref that is the file ${name} in ${folder} (with a slash at its
 * end): what it names goes to ${target}, as a string, if it is symbolic; else
 * that is empty and the object to ${oid}. KS_E_NOTFOUND: there is no such
 * file. KS_E_CORRUPT: it holds no ref; KS_E_IO: it is no file, or cannot be
 * read; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_ref_files_read(struct ks_oid *oid, struct ks_buf *target,
	const char *folder, const char *name, size_t hash_bytes,
	struct ks_err *err);

/*
 * The object that the ref ${name} ("HEAD" or a full name) of ${git_dir} and
 * ${common} leads to, symbolic refs followed; KS_E_NOTFOUND: it does not exist
 * or is unborn. KS_E_CORRUPT, KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_ref_files_resolve(struct ks_oid *out, const char *git_dir,
	const char *common, const char *name, size_t hash_bytes,
	struct ks_err *err);

#endif
