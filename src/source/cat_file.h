/* SPDX-License-Identifier: Apache-2.0 */
/* Objects as git itself reads them: git-cat-file(1). */
#ifndef KS_SOURCE_CAT_FILE_H
#define KS_SOURCE_CAT_FILE_H

#include "base/buf.h"
#include "base/oid.h"

/*
 * A git that reads SHA-256 objects: see plumbing.h for what it does not see.
 * Not thread-safe.
 */
struct ks_cat_file;

/*
 * Prepare it for the ${count} objects folders ${dirs}. KS_E_NOTFOUND: there
 * is no git in PATH; KS_E_UNSUPPORTED: it is too old, or the folders are odd;
 * KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_cat_file_new(struct ks_cat_file **out,
	const char *const *dirs, size_t count, struct ks_err *err);

/* As ks_odb_read(), ${out} is empty. */
KS_MUST_CHECK int ks_cat_file_read(struct ks_cat_file *git,
	const struct ks_oid *oid, uint64_t limit, int *type, struct ks_buf *out,
	struct ks_err *err);

/* As ks_odb_each(). */
KS_MUST_CHECK int ks_cat_file_each(struct ks_cat_file *git,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload,
	struct ks_err *err);

/* NULL is fine. */
void ks_cat_file_free(struct ks_cat_file *git);

#endif
