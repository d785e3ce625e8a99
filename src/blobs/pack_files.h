/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a pack folder: which are packs, and what is amiss with others.
 */
#ifndef KS_BLOBS_PACK_FILES_H
#define KS_BLOBS_PACK_FILES_H

#include "base/err.h"

#include <stddef.h>

/* Told of what could not be opened: a pack, a folder. */
typedef void (*ks_store_skip_fn)(
	void *payload, const char *path, const struct ks_err *why);

/* Who is told of what lies in a folder. */
struct ks_pack_files {
	/* A pack with its index; an error ends the listing. */
	int (*pack)(void *payload, const char *path, struct ks_err *err);
	/*
	 * KS_E_NOTFOUND: a pack without its index or an index without its
	 * pack; KS_E_IO: the folder cannot be listed.
	 */
	ks_store_skip_fn skip;
	void *payload;
	/* Counted up: files that git was writing when it was stopped. */
	size_t temporary;
};

/*
 * Tell ${to} of the packs in ${dir}/pack, by name, so that their order is the
 * same on every machine. As git does, packs are taken by their own indexes: a
 * multi-pack-index names no object that these do not, and git reads no pack
 * by it alone. What ${to}'s pack() returned; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_pack_files_each(
	const char *dir, struct ks_pack_files *to, struct ks_err *err);

#endif
