/* SPDX-License-Identifier: Apache-2.0 */
/* The set of wanted objects, quick to say no. */
#include "provenance/wanted.h"

enum {
	BITS_PER_ORIGIN = 256,
	WORDS_MIN = 64
};

int ks_wanted_init(struct ks_wanted *wanted, const struct ks_origin *origins,
	size_t count, size_t hash_bytes, struct ks_arena *arena)
{
	size_t words = WORDS_MIN;

	while (words < count * BITS_PER_ORIGIN / 64)
		words *= 2;
	wanted->bits = ks_arena_array(arena, words, sizeof(*wanted->bits));
	if (!wanted->bits)
		return KS_E_NOMEM;
	wanted->mask = words - 1;
	wanted->hash_bytes = hash_bytes;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t hash;

		memcpy(&hash, origins[i].oid.id, sizeof(hash));
		wanted->bits[hash >> 6 & wanted->mask] |= UINT64_C(1)
							  << (hash & 63);
		if (ks_oidmap_add(&wanted->map, &origins[i].oid, i, NULL) < 0)
			return KS_E_NOMEM;
	}
	return KS_OK;
}

void ks_wanted_release(struct ks_wanted *wanted)
{
	ks_oidmap_release(&wanted->map);
	*wanted = (struct ks_wanted){ 0 };
}
