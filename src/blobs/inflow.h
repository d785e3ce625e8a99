/* SPDX-License-Identifier: Apache-2.0 */
/* Inflating zlib streams piece by piece: libdeflate wants all at once. */
#ifndef KS_BLOBS_INFLOW_H
#define KS_BLOBS_INFLOW_H

#include "base/stream.h"
#include "base/span.h"

struct z_stream_s;

/* Zero-initialise ({0}); ks_inflow_close() frees. */
struct ks_inflow {
	struct z_stream_s *engine;
	struct ks_span packed; /* what zlib has not been given yet */
	bool is_over;          /* the end was met, its checksum is right */
};

/*
 * Begin to inflate the zlib stream at the head of ${packed} (borrowed); bytes
 * behind it are left alone. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_inflow_open(
	struct ks_inflow *flow, struct ks_span packed, struct ks_err *err);

/*
 * The next ${n} bytes to ${to}; fewer, as ${got} says, only at the end.
 * KS_E_CORRUPT where the stream is damaged or cut off.
 */
KS_MUST_CHECK int ks_inflow_read(struct ks_inflow *flow, uint8_t *to, size_t n,
	size_t *got, struct ks_err *err);

/*
 * Inflate ${packed} to nowhere. KS_E_CORRUPT unless it is an undamaged
 * stream of just ${size} bytes; KS_E_NOMEM. Takes the time of inflating.
 */
KS_MUST_CHECK int ks_inflow_check(
	struct ks_span packed, uint64_t size, struct ks_err *err);

/* ${flow} as a stream, which borrows it. */
struct ks_stream ks_inflow_stream(struct ks_inflow *flow);

/* ${flow} may be zeroed. */
void ks_inflow_close(struct ks_inflow *flow);

#endif
