/* SPDX-License-Identifier: Apache-2.0 */
/* Objects as others read them: what the pack stream is measured against. */
#ifndef KS_SOURCE_ODB_H
#define KS_SOURCE_ODB_H

#include "base/buf.h"
#include "base/oid.h"

/* An object database: libgit2's, or git itself for SHA-256. Not thread-safe. */
struct ks_odb;

/*
 * Open the ${count} objects folders ${dirs}, borrowed. Folders that hold what
 * is neither a file nor a folder are KS_E_UNSUPPORTED: who reads those here
 * would wait for ever at a FIFO. KS_E_NOTFOUND: there is no git, of which
 * SHA-256 needs 2.29 or later; KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_odb_new(struct ks_odb **out, const char *const *dirs,
	size_t count, size_t hash_bytes, struct ks_err *err);

/*
 * Read the object ${oid} into ${out} (emptied first); its type, one of enum
 * ks_object_type, goes to ${type}. An object of more than ${limit} bytes is
 * KS_E_LIMIT. KS_E_NOTFOUND, KS_E_CORRUPT, KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_odb_read(struct ks_odb *odb, const struct ks_oid *oid,
	uint64_t limit, int *type, struct ks_buf *out, struct ks_err *err);

/*
 * Call ${each} for every object, in any order, perhaps more than once, until
 * it returns something other than 0. KS_E_REPO, KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_odb_each(struct ks_odb *odb,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload,
	struct ks_err *err);

/* NULL is fine. */
void ks_odb_free(struct ks_odb *odb);

#endif
