/* SPDX-License-Identifier: Apache-2.0 */
/* Deltas: gitformat-pack(5), "Deltified representation". */
#ifndef KS_BLOBS_DELTA_H
#define KS_BLOBS_DELTA_H

#include "base/err.h"
#include "base/span.h"

/* One piece of a result: bytes copied from the base, or new ones. */
struct ks_delta_piece {
	size_t start; /* in the result */
	size_t n;     /* bytes, never 0 */
	/* Offset in the base, or KS_DELTA_NEW. */
	size_t base_start;
};

#define KS_DELTA_NEW SIZE_MAX

/*
 * The pieces of a result, in order and without gaps. Copies that continue
 * one another in the base are one piece, and so are new bytes side by side.
 * Zero-initialise ({0}); ks_delta_release() frees.
 */
struct ks_delta {
	struct ks_delta_piece *pieces;
	size_t count;
	size_t cap;
};

/* The two sizes at the head of a delta. False if they are cut off. */
bool ks_delta_sizes(
	struct ks_span delta, uint64_t *base_size, uint64_t *result_size);

/*
 * Apply ${code} to ${base}: write ${result_n} bytes, the size that its
 * head gives, to ${result}, and describe them in ${delta} (what it held is
 * lost). KS_E_CORRUPT where the code asks for bytes that the base has not,
 * or makes more or fewer bytes than it said; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_delta_apply(struct ks_delta *delta, uint8_t *result,
	size_t result_n, struct ks_span base, struct ks_span code,
	struct ks_err *err);

void ks_delta_release(struct ks_delta *delta);

#endif
