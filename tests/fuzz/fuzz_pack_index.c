/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile pack index: the first byte picks the hash, the rest is it. */
#include "blobs/pack_index.h"
#include "input.h"

static void look_up(const struct ks_pack_index *index, uint32_t i)
{
	const uint8_t *id = ks_pack_index_id(index, i);
	uint32_t found = ks_pack_index_find(index, id);

	/* In an index out of order a search may miss, never go astray. */
	if (found != UINT32_MAX) {
		fuzz_require(found < index->count);
		fuzz_require(memcmp(ks_pack_index_id(index, found), id,
				     index->hash_bytes) == 0);
	}
	(void)ks_pack_index_offset(index, i);
	if (index->version == 2)
		(void)ks_pack_index_crc(index, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint8_t absent[KS_OID_MAX] = { 0xff, 0xff };
	struct ks_span input = ks_span_of(data, n);
	size_t hash_bytes = fuzz_byte(&input) & 1 ? KS_OID_SHA256 : KS_OID_SHA1;
	struct ks_buf bytes = fuzz_take(&input, input.n);
	struct ks_pack_index index;
	struct ks_err err;

	if (ks_pack_index_parse(
		    &index, ks_buf_span(&bytes), hash_bytes, &err) == KS_OK) {
		for (uint32_t i = 0; i < index.count; i++)
			look_up(&index, i);
		(void)ks_pack_index_find(&index, absent);
	}
	ks_buf_release(&bytes);
	return 0;
}
