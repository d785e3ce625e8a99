/* SPDX-License-Identifier: Apache-2.0 */
/* Sixteen bytes at once, or 32, by the vectors of GCC and clang. */
#ifndef KS_MATCH_BLOCK_H
#define KS_MATCH_BLOCK_H

#include <stdint.h>
#include <string.h>

enum {
#ifdef __AVX2__
	KS_BLOCK = 32 /* bytes */
#else
	KS_BLOCK = 16
#endif
};

typedef uint8_t ks_block __attribute__((vector_size(KS_BLOCK)));

static inline ks_block ks_block_at(const uint8_t *p)
{
	ks_block block;

	memcpy(&block, p, sizeof(block));
	return block;
}

/* Bit i is set if byte i of ${truth}, the result of a comparison, is true. */
static inline uint32_t ks_block_mask(ks_block truth)
{
	uint32_t mask = 0;
#ifdef __SSE2__
	typedef char signed_block __attribute__((vector_size(KS_BLOCK)));
#endif

#ifdef __AVX2__
	mask = (uint32_t)__builtin_ia32_pmovmskb256((signed_block)truth);
#elif defined(__SSE2__)
	mask = (uint32_t)__builtin_ia32_pmovmskb128((signed_block)truth);
#else
	for (unsigned i = 0; i < KS_BLOCK; i++)
		mask |= (truth[i] & 1u) << i;
#endif
	return mask;
}

/* Which bytes are ASCII letters, of either case, up to ${last}? */
static inline ks_block ks_block_letters(ks_block c, uint8_t last)
{
	return (ks_block)((ks_block)((c | 0x20) - 'a') <=
			  (uint8_t)(last - 'a'));
}

/* Which bytes are ${from}, ${from} + 1, … or ${last}? */
static inline ks_block ks_block_range(ks_block c, uint8_t from, uint8_t last)
{
	return (ks_block)((ks_block)(c - from) <= (uint8_t)(last - from));
}

#endif
