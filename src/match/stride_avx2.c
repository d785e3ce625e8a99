/* SPDX-License-Identifier: Apache-2.0 */
/* stride.h for processors with AVX2: compiled with -mavx2. */
#include "match/stride_avx2.h"

#include "match/stride_bits.h"

uint64_t ks_stride_avx2_tokens(const uint8_t *p)
{
	return ks_stride_bits_tokens(p);
}

void ks_stride_avx2_signs(struct ks_stride_signs *out, const uint8_t *p)
{
	ks_stride_bits_signs(out, p);
}

uint64_t ks_stride_avx2_units(const uint8_t *p, bool is_big_endian)
{
	return ks_stride_bits_units(p, is_big_endian);
}
