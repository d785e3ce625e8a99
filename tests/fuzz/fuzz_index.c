/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile index; the first byte picks the hash. */
#include "input.h"
#include "source/index.h"

#include <stdlib.h>

static void read_entries(const struct ks_index *index)
{
	struct ks_index_iter iter = { 0 };
	struct ks_index_entry entry;
	struct ks_err err = { 0 };
	uint64_t count = 0;
	int rc;

	while ((rc = ks_index_next(index, &iter, &entry, &err)) == 1) {
		fuzz_require(entry.stage <= 3);
		fuzz_require(entry.path.n == 0 || entry.path.p);
		count++;
	}
	fuzz_require(count <= index->count);
	fuzz_require(rc == 0 || (err.code == rc && err.message[0]));
	ks_index_iter_release(&iter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	size_t hash_bytes = fuzz_byte(&input) & 1 ? KS_OID_SHA256 : KS_OID_SHA1;
	struct ks_buf bytes = fuzz_take(&input, input.n);
	struct ks_index index = { 0 };
	struct ks_err err = { 0 };

	if (ks_index_parse(&index, ks_buf_span(&bytes), hash_bytes, &err) ==
		KS_OK) {
		for (size_t i = 0; i < index.tree_count; i++)
			fuzz_require(ks_index_tree_of(&index,
					     index.trees[i].path) != NULL);
		(void)ks_index_tree_of(&index, "no such folder");
		read_entries(&index);
	}
	ks_index_close(&index);
	ks_buf_release(&bytes);
	return 0;
}
