/* SPDX-License-Identifier: Apache-2.0 */
/* Random strings for tests: no file needs to hold what looks like a secret. */
#ifndef KS_TESTS_FILTER_DRAW_H
#define KS_TESTS_FILTER_DRAW_H

#include "base/buf.h"

#define HEX "0123456789abcdef"
#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BASE32 UPPER "234567"
#define BASE36 LOWER DIGITS
#define BASE62 DIGITS UPPER LOWER
#define BASE64 UPPER LOWER DIGITS "+/"
#define BASE64URL UPPER LOWER DIGITS "-_"

/* A generator; any seed will do. */
struct draw {
	uint64_t state;
};

uint32_t draw_below(struct draw *draw, uint32_t bound);

/* ${n} characters of ${alphabet} and a NUL to ${out}. */
void draw_text(struct draw *draw, char *out, size_t n, const char *alphabet);

/* Append the base64 of ${bytes}, with the last two digits of ${alphabet}. */
void draw_base64(struct ks_buf *out, struct ks_span bytes, const char *alphabet,
	bool is_padded);

#endif
