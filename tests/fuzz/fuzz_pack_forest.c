/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pack of sound streams with hostile heads and deltas: each entry is a type,
 * a base, a length, what to add to the size that the head tells, and data.
 */
#include "input.h"
#include "store.h"

static void add_entry(struct ks_span *input, struct test_pack *pack)
{
	unsigned type = fuzz_byte(input);
	unsigned base = fuzz_byte(input);
	unsigned lie = type & 0x80 ? fuzz_byte(input) : 0;
	struct ks_buf data = fuzz_take(input, fuzz_byte(input));
	struct ks_oid oid = { { (uint8_t)(8 * pack->count) } };
	struct ks_oid base_id = { { (uint8_t)(8 * (base % 32)) } };
	uint64_t distance = base;

	type &= 7;
	if (pack->count && base < 32)
		distance = pack->bytes.n -
			   pack->entries[base % pack->count].offset;
	test_pack_entry(pack, type, data.n + ((uint64_t)lie << (lie % 57)),
		distance, &base_id, ks_buf_span(&data), &oid);
	ks_buf_release(&data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct test_pack pack = { 0 };

	do {
		add_entry(&input, &pack);
	} while (input.n && pack.count < 32);
	fuzz_store_check(&pack, 2);
	return 0;
}
