/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) and HMAC (RFC 2104) over it. */
#ifndef KS_BASE_SHA256_H
#define KS_BASE_SHA256_H

#include "base/span.h"

enum {
	KS_SHA256_BYTES = 32, /* of a digest */
	KS_SHA256_BLOCK = 64  /* bytes that are hashed in one go */
};

/* A running digest, in storage of the caller; nothing to release. */
struct ks_sha256 {
	uint32_t state[8];
	uint64_t length;                /* bytes so far */
	uint8_t block[KS_SHA256_BLOCK]; /* length % 64 bytes of it wait */
};

void ks_sha256_init(struct ks_sha256 *hash);

/* Append ${n} bytes at ${p}; ${p} may be NULL if ${n} is 0. */
void ks_sha256_update(struct ks_sha256 *hash, const void *p, size_t n);

/* The digest of all bytes; ${hash} must be initialised anew afterwards. */
void ks_sha256_final(struct ks_sha256 *hash, uint8_t out[KS_SHA256_BYTES]);

/* HMAC-SHA-256 of ${data} under ${key} (any length, may be empty). */
void ks_hmac_sha256(
	struct ks_span key, struct ks_span data, uint8_t out[KS_SHA256_BYTES]);

#endif
