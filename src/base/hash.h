/* SPDX-License-Identifier: Apache-2.0 */
/* A fast hash for tables in memory; not for anything that is kept. */
#ifndef KS_BASE_HASH_H
#define KS_BASE_HASH_H

#include "base/span.h"

/*
 * A 64-bit hash of ${bytes} and ${seed}: eight bytes at a time, multiplied
 * and folded. Not collision-resistant: tables compare the keys themselves.
 */
static inline uint64_t ks_hash64(struct ks_span bytes, uint64_t seed)
{
	const uint64_t factor = 0x9e3779b97f4a7c15; /* 2^64 / golden ratio */
	uint64_t hash = (seed + bytes.n) * factor;
	uint64_t word;
	size_t i = 0;

	for (; i + 8 <= bytes.n; i += 8) {
		memcpy(&word, bytes.p + i, 8);
		hash = (hash ^ word) * factor;
		hash ^= hash >> 32;
	}
	if (i < bytes.n) {
		word = 0;
		memcpy(&word, bytes.p + i, bytes.n - i);
		hash = (hash ^ word) * factor;
		hash ^= hash >> 32;
	}
	return hash * factor ^ hash >> 29;
}

#endif
