/* SPDX-License-Identifier: Apache-2.0 */
/* The set of wanted objects, quick to say no. */
#ifndef KS_PROVENANCE_WANTED_H
#define KS_PROVENANCE_WANTED_H

#include "base/arena.h"
#include "provenance/origin.h"

/*
 * One bit for each hash of an id, in a table small enough for the first
 * cache, answers nearly all questions; the map answers the others. Zero-
 * initialise ({0}); ks_wanted_release() frees what is not the arena's.
 */
struct ks_wanted {
	struct ks_oidmap map; /* id -> index of its first origin */
	uint64_t *bits;
	uint64_t mask; /* words in bits, a power of two less one */
	size_t hash_bytes;
};

/* The set of the ${count} ${origins}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_wanted_init(struct ks_wanted *wanted,
	const struct ks_origin *origins, size_t count, size_t hash_bytes,
	struct ks_arena *arena);

/* The index of the first origin with the raw id ${id}, or KS_OIDMAP_NONE. */
static inline uint32_t ks_wanted_find(
	const struct ks_wanted *wanted, const uint8_t *id)
{
	struct ks_oid oid;
	uint64_t hash;

	memcpy(&hash, id, sizeof(hash));
	if (!(wanted->bits[hash >> 6 & wanted->mask] >> (hash & 63) & 1))
		return KS_OIDMAP_NONE;
	oid = ks_oid_of(id, wanted->hash_bytes);
	return ks_oidmap_get(&wanted->map, &oid);
}

void ks_wanted_release(struct ks_wanted *wanted);

#endif
