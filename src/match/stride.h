/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of a text are, by bits: a stride of them at once. */
#ifndef KS_MATCH_STRIDE_H
#define KS_MATCH_STRIDE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	KS_STRIDE = 64 /* bytes; bit i of what follows is byte i */
};

struct ks_stride_signs {
	uint64_t digits; /* of base64 and base64url: RFC 4648 */
	uint64_t marks;  /* that escapes begin with, and lines' ends */
};

/* The letters, digits, '-' and '_' among the KS_STRIDE bytes at ${p}. */
uint64_t ks_stride_tokens(const uint8_t *p);

/* What text in an encoded form has, of the KS_STRIDE bytes at ${p}. */
void ks_stride_signs(struct ks_stride_signs *out, const uint8_t *p);

/* Where an ASCII unit of UTF-16 begins. Reads KS_STRIDE + 1 bytes at ${p}. */
uint64_t ks_stride_units(const uint8_t *p, bool is_big_endian);

#endif
