/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a base and a delta against it from an input of the fuzzer. */
#ifndef TESTS_FUZZ_DELTA_INPUT_H
#define TESTS_FUZZ_DELTA_INPUT_H

#include "base/buf.h"
#include "blobs/delta.h"

struct fuzz_delta {
	struct ks_buf base;
	struct ks_buf code;
	struct ks_buf result;
	struct ks_delta delta; /* how the result was made */
};

/*
 * Spend ${input}: the base's length, the base, then operations: a byte, with
 * the high bit a copy of what the base has, offset and length following,
 * without it so many bytes that are inserted. Always a sound delta.
 */
void fuzz_delta_take(struct fuzz_delta *out, struct ks_span *input);

void fuzz_delta_release(struct fuzz_delta *delta);

#endif
