/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work of stride.h, in blocks as long as the processor that a file is
 * compiled for has them: for stride.c and stride_avx2.c only.
 */
#ifndef KS_MATCH_STRIDE_BITS_H
#define KS_MATCH_STRIDE_BITS_H

#include "match/block.h"
#include "match/stride.h"

static inline uint64_t ks_stride_bits_tokens(const uint8_t *p)
{
	uint64_t tokens = 0;

	for (unsigned i = 0; i < KS_STRIDE; i += KS_BLOCK) {
		ks_block c = ks_block_at(p + i);
		ks_block is_token = ks_block_letters(c, 'z') |
				    ks_block_range(c, '0', '9') |
				    (ks_block)(c == '-') | (ks_block)(c == '_');

		tokens |= (uint64_t)ks_block_mask(is_token) << i;
	}
	return tokens;
}

static inline void ks_stride_bits_signs(
	struct ks_stride_signs *out, const uint8_t *p)
{
	struct ks_stride_signs signs = { 0, 0 };

	for (unsigned i = 0; i < KS_STRIDE; i += KS_BLOCK) {
		ks_block c = ks_block_at(p + i);
		/* '/' stands right before '0'. */
		ks_block digits = ks_block_letters(c, 'z') |
				  ks_block_range(c, '/', '9') |
				  (ks_block)(c == '+') | (ks_block)(c == '-') |
				  (ks_block)(c == '_');
		ks_block marks = (ks_block)(c == '%') | (ks_block)(c == '\\') |
				 (ks_block)(c == '&') | (ks_block)(c == '\n');

		signs.digits |= (uint64_t)ks_block_mask(digits) << i;
		signs.marks |= (uint64_t)ks_block_mask(marks) << i;
	}
	*out = signs;
}

static inline uint64_t ks_stride_bits_units(
	const uint8_t *p, bool is_big_endian)
{
	const uint8_t *high = p + !is_big_endian;
	const uint8_t *low = p + is_big_endian;
	uint64_t units = 0;

	for (unsigned i = 0; i < KS_STRIDE; i += KS_BLOCK) {
		ks_block c = ks_block_at(low + i);
		ks_block is_ascii =
			ks_block_range(c, 0x20, 0x7e) | (ks_block)(c == '\n') |
			(ks_block)(c == '\r') | (ks_block)(c == '\t');
		ks_block is_unit_here =
			is_ascii & (ks_block)(ks_block_at(high + i) == 0);

		units |= (uint64_t)ks_block_mask(is_unit_here) << i;
	}
	return units;
}

#endif
