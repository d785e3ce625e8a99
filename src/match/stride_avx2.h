/* SPDX-License-Identifier: Apache-2.0 */
/* stride.h for processors with AVX2: half as many instructions. */
#ifndef KS_MATCH_STRIDE_AVX2_H
#define KS_MATCH_STRIDE_AVX2_H

#include "match/stride.h"

uint64_t ks_stride_avx2_tokens(const uint8_t *p);
void ks_stride_avx2_signs(struct ks_stride_signs *out, const uint8_t *p);
uint64_t ks_stride_avx2_units(const uint8_t *p, bool is_big_endian);

#endif
