/* SPDX-License-Identifier: Apache-2.0 */
/* Where a text might have one of many literals: 64 places at once. */
#ifndef KS_MATCH_LITERAL_FILTER_H
#define KS_MATCH_LITERAL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	KS_FILTER_HASHES = 4,
	KS_FILTER_SLOTS = 128,
	KS_FILTER_BUCKETS = 8, /* of a set, a bit each */
	KS_FILTER_BLOCK = 64,  /* places looked at together */
	/* Bytes that are read behind the last place. */
	KS_FILTER_BEHIND = 3,
	KS_FILTER_TRIPLE_BITS = 14
};

/* Literals stand in the text just so, or in either case. */
enum ks_filter_case {
	KS_FILTER_EXACT,
	KS_FILTER_CASELESS,
	KS_FILTER_CASES
};

/* Of the sets of buckets, the first two have those that stand just so. */
enum {
	KS_FILTER_EXACT_SETS = 2,
	KS_FILTER_SETS = 4
};

/*
 * The literals are dealt into buckets. A place is one of a bucket's if it is
 * in all tables, each asked by a hash of some of the four bytes there, or of
 * them in lower case (`| 0x20`): the hashes are ks_filter_hash(). It tells of
 * each place where there is one, and of some where there is none.
 */
struct ks_literal_filter {
	_Alignas(64) uint8_t
		slots[KS_FILTER_SETS][KS_FILTER_HASHES][KS_FILTER_SLOTS];
	/*
	 * The same without AVX-512: by ks_filter_triple() of the first three
	 * bytes, a bit for each enum ks_filter_case.
	 */
	uint8_t triples[1 << KS_FILTER_TRIPLE_BITS];
};

/* Of a block: bit i says that a literal may begin with its byte i. */
struct ks_filter_places {
	uint64_t bits[KS_FILTER_CASES];
};

/*
 * Seven bits of sums. Three depend on the first three bytes only, so that they
 * tell of literals of three.
 */
static inline void ks_filter_hash(
	uint8_t out[KS_FILTER_HASHES], const uint8_t bytes[4])
{
	out[0] = (uint8_t)(bytes[0] + 5 * bytes[1]) % KS_FILTER_SLOTS;
	out[1] = (uint8_t)(bytes[1] + 5 * bytes[2]) % KS_FILTER_SLOTS;
	out[2] = (uint8_t)(bytes[0] + 3 * bytes[2]) % KS_FILTER_SLOTS;
	out[3] = (uint8_t)(bytes[2] + 5 * bytes[3]) % KS_FILTER_SLOTS;
}

/* A hash of three bytes in lower case. */
static inline uint16_t ks_filter_triple(uint8_t a, uint8_t b, uint8_t c)
{
	const uint16_t first = (uint16_t)((a | b << 8) | 0x2020);
	const uint16_t sum =
		(uint16_t)(first * 0x9e37u + (c | 0x20u) * 0x3d4du);

	return (uint16_t)(sum >> (16 - KS_FILTER_TRIPLE_BITS));
}

/* Put a literal into the bucket; ${bucket} counts those of all sets. */
void ks_literal_filter_add(struct ks_literal_filter *filter,
	const uint8_t bytes[4], size_t size, uint32_t bucket);

/*
 * Look at ${blocks} blocks at ${p}; reads KS_FILTER_BEHIND bytes behind the
 * last.
 */
void ks_literal_filter_run(const struct ks_literal_filter *filter,
	const uint8_t *p, size_t blocks, struct ks_filter_places *out);

/* The same, as it is done without AVX-512. */
void ks_literal_filter_run_triples(const struct ks_literal_filter *filter,
	const uint8_t *p, size_t blocks, struct ks_filter_places *out);

#endif
