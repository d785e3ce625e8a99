/* SPDX-License-Identifier: Apache-2.0 */
/* Inflating zlib streams whose size is known. */
#ifndef KS_BLOBS_INFLATE_H
#define KS_BLOBS_INFLATE_H

#include "base/buf.h"

struct libdeflate_decompressor;

/* Belongs to one thread. Zero-initialise ({0}); ks_inflate_release() frees. */
struct ks_inflate {
	struct libdeflate_decompressor *engine;
	uint64_t bytes; /* made so far */
};

/*
 * Inflate the zlib stream at the head of ${packed} into exactly ${n} bytes
 * at ${out}; its checksum is verified, bytes behind it are left alone.
 * KS_E_CORRUPT where it is no such stream or has another size, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_inflate_exact(struct ks_inflate *inflate, uint8_t *out,
	size_t n, struct ks_span packed, struct ks_err *err);

void ks_inflate_release(struct ks_inflate *inflate);

#endif
