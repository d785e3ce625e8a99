/* SPDX-License-Identifier: Apache-2.0 */
/* Where a text might have one of many literals: 64 places at once. */
#include "match/literal_filter.h"

#include "match/block.h"

#ifdef KS_FILTER_HAS_AVX512
#include <immintrin.h>

/* Asked each time: that is a load and a test. */
static bool is_fast(void)
{
	return __builtin_cpu_supports("avx512vbmi") &&
	       __builtin_cpu_supports("avx512bw");
}

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi")))

/* The hashes of 64 places, as ks_filter_hash() makes them but for bit 7. */
struct hashes {
	__m512i list[KS_FILTER_HASHES];
};

AVX512 static inline __m512i times_five(__m512i bytes)
{
	__m512i two = _mm512_add_epi8(bytes, bytes);

	return _mm512_add_epi8(_mm512_add_epi8(two, two), bytes);
}

AVX512 static inline __m512i times_three(__m512i bytes)
{
	return _mm512_add_epi8(_mm512_add_epi8(bytes, bytes), bytes);
}

/* Each byte of ${p} with ${lower} or'ed into it. */
AVX512 static inline struct hashes hash(const uint8_t *p, __m512i lower)
{
	const __m512i a = _mm512_or_si512(_mm512_loadu_si512(p), lower);
	const __m512i b = _mm512_or_si512(_mm512_loadu_si512(p + 1), lower);
	const __m512i c = _mm512_or_si512(_mm512_loadu_si512(p + 2), lower);
	const __m512i d = _mm512_or_si512(_mm512_loadu_si512(p + 3), lower);

	return (struct hashes){ {
		_mm512_add_epi8(a, times_five(b)),
		_mm512_add_epi8(b, times_five(c)),
		_mm512_add_epi8(a, times_three(c)),
		_mm512_add_epi8(c, times_five(d)),
	} };
}

/* The look-up ignores bit 7 of a hash. */
AVX512 static inline __m512i look_up(const uint8_t *slots, __m512i at)
{
	return _mm512_permutex2var_epi8(_mm512_load_si512(slots), at,
		_mm512_load_si512(slots + KS_FILTER_SLOTS / 2));
}

/* The buckets of 64 places. */
AVX512 static inline __m512i buckets_of(
	const uint8_t slots[KS_FILTER_HASHES][KS_FILTER_SLOTS],
	const struct hashes *hashes)
{
	return _mm512_and_si512(
		_mm512_and_si512(look_up(slots[0], hashes->list[0]),
			look_up(slots[1], hashes->list[1])),
		_mm512_and_si512(look_up(slots[2], hashes->list[2]),
			look_up(slots[3], hashes->list[3])));
}

AVX512 static void run(const struct ks_literal_filter *filter, const uint8_t *p,
	size_t blocks, struct ks_filter_places *out)
{
	const __m512i lower = _mm512_set1_epi8(0x20);
	const __m512i same = _mm512_setzero_si512();

	for (size_t i = 0; i < blocks; i++, p += KS_FILTER_BLOCK) {
		struct hashes hashes = hash(p, same);
		__m512i in =
			_mm512_or_si512(buckets_of(filter->slots[0], &hashes),
				buckets_of(filter->slots[1], &hashes));

		out[i].bits[KS_FILTER_EXACT] = _mm512_test_epi8_mask(in, in);
		hashes = hash(p, lower);
		in = _mm512_or_si512(buckets_of(filter->slots[2], &hashes),
			buckets_of(filter->slots[3], &hashes));
		out[i].bits[KS_FILTER_CASELESS] = _mm512_test_epi8_mask(in, in);
	}
}
#else
static bool is_fast(void)
{
	return false;
}

static void run(const struct ks_literal_filter *filter, const uint8_t *p,
	size_t blocks, struct ks_filter_places *out)
{
	(void)filter;
	(void)p;
	(void)blocks;
	(void)out;
}
#endif

/* Of three bytes the fourth can be any. */
static void add_slots(struct ks_literal_filter *filter, const uint8_t bytes[4],
	size_t size, uint32_t bucket)
{
	uint8_t(*slots)[KS_FILTER_SLOTS] =
		filter->slots[bucket / KS_FILTER_BUCKETS];
	const uint8_t bit = (uint8_t)(1u << bucket % KS_FILTER_BUCKETS);
	uint8_t hashes[KS_FILTER_HASHES];

	ks_filter_hash(hashes, bytes);
	for (unsigned i = 0; i < KS_FILTER_HASHES; i++)
		slots[i][hashes[i]] |= bit;
	for (unsigned slot = 0; size < 4 && slot < KS_FILTER_SLOTS; slot++)
		slots[KS_FILTER_HASHES - 1][slot] |= bit;
}

void ks_literal_filter_add(struct ks_literal_filter *filter,
	const uint8_t bytes[4], size_t size, uint32_t bucket)
{
	const bool is_exact = bucket < KS_FILTER_EXACT_SETS * KS_FILTER_BUCKETS;
	const uint8_t which =
		is_exact ? 1u << KS_FILTER_EXACT : 1u << KS_FILTER_CASELESS;

	add_slots(filter, bytes, size, bucket);
	filter->triples[ks_filter_triple(bytes[0], bytes[1], bytes[2])] |=
		which;
}

/* Which of the ${bytes} of a block have ${bit}? */
static uint64_t have(const uint8_t *bytes, uint8_t bit)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < KS_FILTER_BLOCK; i += KS_BLOCK) {
		ks_block in = ks_block_at(bytes + i) & bit;

		bits |= (uint64_t)ks_block_mask((ks_block)(in != 0)) << i;
	}
	return bits;
}

/* No branches: what is found cannot be foreseen. */
void ks_literal_filter_run_triples(const struct ks_literal_filter *filter,
	const uint8_t *p, size_t blocks, struct ks_filter_places *out)
{
	uint16_t hashes[KS_FILTER_BLOCK];
	uint8_t in[KS_FILTER_BLOCK];

	for (size_t i = 0; i < blocks; i++, p += KS_FILTER_BLOCK) {
		for (unsigned j = 0; j < KS_FILTER_BLOCK; j++)
			hashes[j] = ks_filter_triple(p[j], p[j + 1], p[j + 2]);
		for (unsigned j = 0; j < KS_FILTER_BLOCK; j++)
			in[j] = filter->triples[hashes[j]];
		out[i].bits[KS_FILTER_EXACT] = have(in, 1u << KS_FILTER_EXACT);
		out[i].bits[KS_FILTER_CASELESS] =
			have(in, 1u << KS_FILTER_CASELESS);
	}
}

void ks_literal_filter_run(const struct ks_literal_filter *filter,
	const uint8_t *p, size_t blocks, struct ks_filter_places *out)
{
	if (is_fast())
		run(filter, p, blocks, out);
	else
		ks_literal_filter_run_triples(filter, p, blocks, out);
}
