/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile pack, bytes as they are: a count, as many offsets, then the
 * entries; the index is made.
 */
#include "input.h"
#include "store.h"

#include <stdlib.h>
#include <zlib.h>

/* Of the bytes up to the next entry, so that they pass for sound. */
static void set_crc(struct test_pack *pack, size_t at)
{
	uint64_t from = pack->entries[at].offset;
	uint64_t to = pack->bytes.n;

	for (size_t i = 0; i < pack->count; i++)
		if (pack->entries[i].offset > from &&
			pack->entries[i].offset < to)
			to = pack->entries[i].offset;
	if (from < to)
		pack->entries[at].crc = (uint32_t)crc32(
			0, pack->bytes.p + from, (uInt)(to - from));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	unsigned flags = fuzz_byte(&input);
	size_t count = fuzz_byte(&input) % 16;
	struct test_pack pack = { 0 };

	pack.entries = calloc(count + 1, sizeof(*pack.entries));
	fuzz_require(pack.entries != NULL);
	pack.count = count;
	for (size_t i = 0; i < count; i++) {
		pack.entries[i].offset = fuzz_u16(&input);
		pack.entries[i].oid.id[0] = (uint8_t)(16 * i);
	}
	fuzz_require(
		ks_buf_add(&pack.bytes, "PACK\0\0\0\2\0\0\0\0", 12) == KS_OK);
	fuzz_require(ks_buf_add(&pack.bytes, input.p, input.n) == KS_OK);
	for (size_t i = 0; i < count; i++)
		set_crc(&pack, i);
	fuzz_store_check(&pack, flags & 1 ? 1 : 2);
	return 0;
}
