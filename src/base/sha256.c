/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) and HMAC (RFC 2104) over it. */
#include "base/sha256.h"

#include <string.h>

#include "base/endian.h"

/* FIPS 180-4, 4.2.2: cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = { 0x428a2f98, 0x71374491,
	0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb,
	0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
	0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
	0xbef9a3f7, 0xc67178f2 };

static uint32_t rotate_right(uint32_t x, unsigned n)
{
	return (x >> n) | (x << (32 - n));
}

static void store_be32(uint8_t *p, uint32_t x)
{
	p[0] = (uint8_t)(x >> 24);
	p[1] = (uint8_t)(x >> 16);
	p[2] = (uint8_t)(x >> 8);
	p[3] = (uint8_t)x;
}

/* FIPS 180-4, 6.2.2: the message schedule. */
static void expand_block(uint32_t w[64], const uint8_t *block)
{
	for (size_t t = 0; t < 16; t++)
		w[t] = ks_be32(block + 4 * t);
	for (size_t t = 16; t < 64; t++) {
		uint32_t a = w[t - 15];
		uint32_t b = w[t - 2];
		uint32_t s0 = rotate_right(a, 7) ^ rotate_right(a, 18) ^ a >> 3;
		uint32_t s1 =
			rotate_right(b, 17) ^ rotate_right(b, 19) ^ b >> 10;

		w[t] = w[t - 16] + s0 + w[t - 7] + s1;
	}
}

/*
 * One round of FIPS 180-4, 6.2.2; v[(k + i) % 8] are its a to h. Instead of
 * moving the eight along, the next round begins one place earlier: with a
 * constant ${k} they stay in registers.
 */
static inline __attribute__((always_inline)) void hash_round(
	uint32_t v[8], unsigned k, uint32_t constant_and_word)
{
	uint32_t a = v[k % 8];
	uint32_t b = v[(k + 1) % 8];
	uint32_t c = v[(k + 2) % 8];
	uint32_t e = v[(k + 4) % 8];
	uint32_t f = v[(k + 5) % 8];
	uint32_t g = v[(k + 6) % 8];
	uint32_t s0 =
		rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
	uint32_t s1 =
		rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
	uint32_t t1 =
		v[(k + 7) % 8] + s1 + ((e & f) ^ (~e & g)) + constant_and_word;

	v[(k + 3) % 8] += t1;
	v[(k + 7) % 8] = t1 + s0 + ((a & b) ^ (a & c) ^ (b & c));
}

static void hash_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64];
	uint32_t v[8];

	expand_block(w, block);
	for (size_t t = 0; t < 64; t++)
		w[t] += round_constants[t];
	memcpy(v, state, sizeof(v));
	for (size_t t = 0; t < 64; t += 8) {
		hash_round(v, 8, w[t]);
		hash_round(v, 7, w[t + 1]);
		hash_round(v, 6, w[t + 2]);
		hash_round(v, 5, w[t + 3]);
		hash_round(v, 4, w[t + 4]);
		hash_round(v, 3, w[t + 5]);
		hash_round(v, 2, w[t + 6]);
		hash_round(v, 1, w[t + 7]);
	}
	for (size_t i = 0; i < 8; i++)
		state[i] += v[i];
}

void ks_sha256_init(struct ks_sha256 *hash)
{
	/* FIPS 180-4, 5.3.3: square roots of the first 8 primes. */
	static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
		0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	memcpy(hash->state, start, sizeof(start));
	hash->length = 0;
}

void ks_sha256_update(struct ks_sha256 *hash, const void *p, size_t n)
{
	const uint8_t *from = p;
	size_t waiting = (size_t)(hash->length % KS_SHA256_BLOCK);

	if (n == 0)
		return;
	hash->length += n;
	if (waiting + n < KS_SHA256_BLOCK) {
		memcpy(hash->block + waiting, from, n);
		return;
	}
	if (waiting > 0) {
		size_t taken = KS_SHA256_BLOCK - waiting;

		memcpy(hash->block + waiting, from, taken);
		hash_block(hash->state, hash->block);
		from += taken;
		n -= taken;
	}
	for (; n >= KS_SHA256_BLOCK; n -= KS_SHA256_BLOCK) {
		hash_block(hash->state, from);
		from += KS_SHA256_BLOCK;
	}
	memcpy(hash->block, from, n);
}

void ks_sha256_final(struct ks_sha256 *hash, uint8_t out[KS_SHA256_BYTES])
{
	static const uint8_t padding[KS_SHA256_BLOCK] = { 0x80 };
	uint64_t bits = hash->length * 8;
	size_t waiting = (size_t)(hash->length % KS_SHA256_BLOCK);
	uint8_t length[8];

	/* Padding ends 8 bytes short of a block; the length fills it. */
	ks_sha256_update(hash, padding, (waiting < 56 ? 56 : 120) - waiting);
	store_be32(length, (uint32_t)(bits >> 32));
	store_be32(length + 4, (uint32_t)bits);
	ks_sha256_update(hash, length, sizeof(length));
	for (size_t i = 0; i < 8; i++)
		store_be32(out + 4 * i, hash->state[i]);
}

void ks_hmac_sha256(
	struct ks_span key, struct ks_span data, uint8_t out[KS_SHA256_BYTES])
{
	struct ks_sha256 hash;
	uint8_t pad[KS_SHA256_BLOCK] = { 0 };

	if (key.n > sizeof(pad)) {
		ks_sha256_init(&hash);
		ks_sha256_update(&hash, key.p, key.n);
		ks_sha256_final(&hash, pad);
	} else if (key.n > 0) {
		memcpy(pad, key.p, key.n);
	}
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36;
	ks_sha256_init(&hash);
	ks_sha256_update(&hash, pad, sizeof(pad));
	ks_sha256_update(&hash, data.p, data.n);
	ks_sha256_final(&hash, out);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	ks_sha256_init(&hash);
	ks_sha256_update(&hash, pad, sizeof(pad));
	ks_sha256_update(&hash, out, KS_SHA256_BYTES);
	ks_sha256_final(&hash, out);
}
