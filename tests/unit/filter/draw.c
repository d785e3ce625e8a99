/* SPDX-License-Identifier: Apache-2.0 */
/* Random strings for tests: no file needs to hold what looks like a secret. */
#include "draw.h"

#include <stdlib.h>

uint32_t draw_below(struct draw *draw, uint32_t bound)
{
	uint64_t x = draw->state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	x ^= x >> 31;
	return (uint32_t)((x >> 32) * bound >> 32);
}

void draw_text(struct draw *draw, char *out, size_t n, const char *alphabet)
{
	uint32_t bound = (uint32_t)strlen(alphabet);

	for (size_t i = 0; i < n; i++)
		out[i] = alphabet[draw_below(draw, bound)];
	out[n] = '\0';
}

void draw_base64(struct ks_buf *out, struct ks_span bytes, const char *alphabet,
	bool is_padded)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t left = bytes.n - i;
		uint32_t bits = (uint32_t)bytes.p[i] << 16;

		if (left > 1)
			bits |= (uint32_t)bytes.p[i + 1] << 8;
		if (left > 2)
			bits |= bytes.p[i + 2];
		for (size_t j = 0; j < 4; j++) {
			char digit = alphabet[bits >> (18 - 6 * j) & 63];

			if (j > left && !is_padded)
				break;
			if (ks_buf_add_byte(
				    out, (uint8_t)(j > left ? '=' : digit)) < 0)
				abort();
		}
	}
}
