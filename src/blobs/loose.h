/* SPDX-License-Identifier: Apache-2.0 */
/* Loose objects: gitformat-loose(5). */
#ifndef KS_BLOBS_LOOSE_H
#define KS_BLOBS_LOOSE_H

#include "base/buf.h"
#include "blobs/object.h"

struct ks_loose {
	struct ks_oid oid;
	uint32_t dir; /* index of the objects folder it lies in */
};

/* Zero-initialise ({0}); ks_loose_release() frees. */
struct ks_loose_list {
	struct ks_loose *list;
	size_t count;
	size_t cap;
	size_t temporary; /* files and folders that git was writing */
	size_t foreign;   /* objects that are named by another hash */
};

/*
 * Append the loose objects of the objects folder ${path}, whose number is
 * ${dir}. A folder that cannot be listed is KS_E_IO, when all others have been
 * listed; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_loose_find(struct ks_loose_list *out, const char *path,
	uint32_t dir, size_t hash_bytes, struct ks_err *err);

/* Has the objects folder ${path} a file for the loose object ${oid}? */
bool ks_loose_has(
	const char *path, const struct ks_oid *oid, size_t hash_bytes);

/*
 * Read the loose object ${oid} of the objects folder ${path}: its content
 * goes to ${out} (emptied first), its type to ${type}. An object of more
 * than ${limit} bytes is KS_E_LIMIT. KS_E_NOTFOUND, KS_E_CORRUPT, KS_E_IO,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_loose_read(struct ks_buf *out, enum ks_object_type *type,
	const char *path, const struct ks_oid *oid, size_t hash_bytes,
	uint64_t limit, struct ks_err *err);

/*
 * The same from the bytes ${file} of such a file. KS_E_CORRUPT, KS_E_LIMIT,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_loose_parse(struct ks_buf *out, enum ks_object_type *type,
	struct ks_span file, uint64_t limit, struct ks_err *err);

void ks_loose_release(struct ks_loose_list *list);

#endif
