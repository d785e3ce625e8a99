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

/*
 * A result of which only the seams were made: its new bytes, and those next
 * to the ends of each copied piece. All else is left as it was.
 */
struct ks_delta_rest {
	uint8_t *result; /* NULL: nothing is left to do */
	size_t seam;     /* bytes made at either end of what was copied */
	const struct ks_delta *delta;
	struct ks_span base;
};

/*
 * As ks_delta_apply(), but of what is copied at once make the first and the
 * last ${seam} bytes only; ${rest} borrows all else it is given.
 */
KS_MUST_CHECK int ks_delta_apply_seams(struct ks_delta_rest *rest,
	struct ks_delta *delta, uint8_t *result, size_t result_n, size_t seam,
	struct ks_span base, struct ks_span code, struct ks_err *err);

/* Of what is left make the first ${n} bytes; ${rest} may be NULL. */
void ks_delta_head(struct ks_delta_rest *rest, size_t n);

/* Make what is left of a result; ${rest} may be NULL: it was whole. */
void ks_delta_fill(struct ks_delta_rest *rest);

void ks_delta_release(struct ks_delta *delta);

#endif
