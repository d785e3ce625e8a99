/* SPDX-License-Identifier: Apache-2.0 */
/* Refs as files and in packed-refs: gitrepository-layout(5). */
#ifndef KS_SOURCE_REF_FILES_H
#define KS_SOURCE_REF_FILES_H

#include "base/err.h"
#include "base/oid.h"

/*
 * Call ${each} for every ref of the folder ${common} (with a slash at its
 * end) whose name begins with ${prefix} ("refs/", "refs/remotes/origin/", or
 * a whole name), but for symbolic ones and those that cannot be read; in no
 * particular order. What ${each} returns other than 0 ends it and is
 * returned. Takes time for the refs under the prefix, not for all. KS_E_IO,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_ref_files_each(const char *common, const char *prefix,
	size_t hash_bytes,
	int (*each)(void *payload, const char *name, const struct ks_oid *oid),
	void *payload, struct ks_err *err);

/*
 * The object that the ref ${name} ("HEAD" or a full name) of ${git_dir} and
 * ${common} leads to, symbolic refs followed; KS_E_NOTFOUND: it does not exist
 * or is unborn. KS_E_CORRUPT, KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_ref_files_resolve(struct ks_oid *out, const char *git_dir,
	const char *common, const char *name, size_t hash_bytes,
	struct ks_err *err);

#endif
