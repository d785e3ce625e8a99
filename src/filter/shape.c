/* SPDX-License-Identifier: Apache-2.0 */
/* What kinds of characters a text is made of. */
#include "filter/shape.h"

enum {
	HEX = 0x10 /* beside the class */
};

#define L KS_CLASS_LOWER
#define U KS_CLASS_UPPER
#define D (KS_CLASS_DIGIT | HEX)
#define P KS_CLASS_SYMBOL
#define S KS_CLASS_SPACE

/* clang-format off */
static const uint8_t classes[256] = {
	['\t'] = S,
	[0x20] = S, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P,
	[0x30] = D, D, D, D, D, D, D, D, D, D, P, P, P, P, P, P,
	[0x40] = P, U | HEX, U | HEX, U | HEX, U | HEX, U | HEX, U | HEX,
	[0x47] = U, U, U, U, U, U, U, U, U,
	[0x50] = U, U, U, U, U, U, U, U, U, U, U, P, P, P, P, P,
	[0x60] = P, L | HEX, L | HEX, L | HEX, L | HEX, L | HEX, L | HEX,
	[0x67] = L, L, L, L, L, L, L, L, L,
	[0x70] = L, L, L, L, L, L, L, L, L, L, L, P, P, P, P,
};
/* clang-format on */

enum ks_class ks_class_of(uint8_t byte)
{
	return classes[byte] & (HEX - 1);
}

struct ks_shape ks_shape_of(struct ks_span text)
{
	struct ks_shape shape = { .n = text.n };
	size_t run = 0;
	int last = -1;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t byte = text.p[i];

		shape.counts[classes[byte] & (HEX - 1)]++;
		shape.hex += (classes[byte] & HEX) != 0;
		shape.seen[byte / 64] |= UINT64_C(1) << byte % 64;
		run = byte == last ? run + 1 : 1;
		last = byte;
		if (run > shape.run) {
			shape.run = run;
			shape.run_of = byte;
		}
	}
	for (size_t i = 0; i < 4; i++)
		shape.distinct += (size_t)__builtin_popcountll(shape.seen[i]);
	return shape;
}
