/* SPDX-License-Identifier: Apache-2.0 */
/* All objects of a repository: the packs and loose objects of its folders. */
#ifndef KS_BLOBS_STORE_H
#define KS_BLOBS_STORE_H

#include "blobs/loose.h"
#include "blobs/pack.h"
#include "blobs/pack_files.h"

/* Read-only once opened; may be shared by threads. */
struct ks_store {
	const char *const *dirs; /* objects folders, borrowed */
	size_t dir_count;
	size_t hash_bytes;
	struct ks_pack *packs;
	size_t pack_count;
	struct ks_loose_list
		loose;         /* none that a pack or a folder before has */
	uint64_t object_count; /* distinct */
};

/*
 * Open the ${count} objects folders ${dirs} (borrowed for the life of
 * ${store}; the repository's own first, then alternates). What cannot be
 * opened is told to ${skip} and left out: KS_E_INTERRUPTED for temporary
 * files of git, which hold no object of the repository, KS_E_CORRUPT,
 * KS_E_IO, KS_E_NOTFOUND, KS_E_UNSUPPORTED for others. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_store_open(struct ks_store *store, const char *const *dirs,
	size_t count, size_t hash_bytes, ks_store_skip_fn skip, void *payload,
	struct ks_err *err);

/*
 * The same for reading a few objects by ks_reader_read(): no pack is sorted,
 * no loose object listed, nothing counted; what is below does not know such a
 * store. Errors as above.
 */
KS_MUST_CHECK int ks_store_open_unlisted(struct ks_store *store,
	const char *const *dirs, size_t count, size_t hash_bytes,
	ks_store_skip_fn skip, void *payload, struct ks_err *err);

/* The loose object ${oid}, or NULL; borrowed. */
const struct ks_loose *ks_store_find_loose(
	const struct ks_store *store, const struct ks_oid *oid);

/*
 * In how many places the object ${oid} lies: packs, and files of its own,
 * also such that ${store} does not list because a pack has it too.
 */
size_t ks_store_copies(const struct ks_store *store, const struct ks_oid *oid);

/* Is the object ${oid} there? It need not be readable. */
bool ks_store_has(const struct ks_store *store, const struct ks_oid *oid);

/* ${store} may be zeroed. */
void ks_store_close(struct ks_store *store);

#endif
