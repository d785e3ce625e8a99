/* SPDX-License-Identifier: Apache-2.0 */
/* Taking an input of the fuzzer apart, and what must hold of the outcome. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include "base/buf.h"

/* What the fuzzer, or replay.c, calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A finding of the fuzzer, also where asserts are compiled out. */
void fuzz_require(bool claim);

/* All take from the front of ${input}; it may be empty. */
uint8_t fuzz_byte(struct ks_span *input);
uint16_t fuzz_u16(struct ks_span *input);

/*
 * At most ${n} bytes, copied to a block of just their size, so that a read
 * beyond them is noticed. Freed by the caller.
 */
struct ks_buf fuzz_take(struct ks_span *input, size_t n);

#endif
