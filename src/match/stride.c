/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of a text are: the way that this processor can go. */
#include "match/stride.h"

#include "match/stride_avx2.h"
#include "match/stride_bits.h"

/* Asked each time: that is a load and a test. */
static bool has_avx2(void)
{
#ifdef KS_STRIDE_HAS_AVX2
	return __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}

uint64_t ks_stride_tokens(const uint8_t *p)
{
	return has_avx2() ? ks_stride_avx2_tokens(p) : ks_stride_bits_tokens(p);
}

void ks_stride_signs(struct ks_stride_signs *out, const uint8_t *p)
{
	if (has_avx2())
		ks_stride_avx2_signs(out, p);
	else
		ks_stride_bits_signs(out, p);
}

uint64_t ks_stride_units(const uint8_t *p, bool is_big_endian)
{
	return has_avx2() ? ks_stride_avx2_units(p, is_big_endian)
			  : ks_stride_bits_units(p, is_big_endian);
}
