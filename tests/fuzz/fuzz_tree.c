/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile trees: what a tree has must be what its base has, less what is told
 * as gone, and what is told as new.
 */
#include "base/hash.h"
#include "delta_input.h"
#include "input.h"
#include "provenance/tree_news.h"

/* Entries are summed up, for order does not matter; signed by is_gone. */
static int on_entry(
	void *payload, const struct ks_tree_entry *entry, bool is_gone)
{
	uint64_t *sum = payload;
	uint64_t hash = ks_hash64(entry->name, entry->mode);

	hash ^= ks_hash64(ks_span_of(entry->id, KS_OID_SHA1), hash);
	*sum += is_gone ? 0 - hash : hash;
	return KS_OK;
}

static bool sum_of(uint64_t *sum, struct ks_span raw)
{
	struct ks_tree_iter iter = ks_tree_iter_of(raw, KS_OID_SHA1);
	struct ks_tree_entry entry;
	int rc;

	*sum = 0;
	while ((rc = ks_tree_next(&iter, &entry)) == 1)
		on_entry(sum, &entry, false);
	fuzz_require(rc == 0 || ks_tree_next(&iter, &entry) == KS_E_CORRUPT);
	return rc == 0;
}

static void check(
	struct ks_span raw, struct ks_span child, const struct ks_delta *delta)
{
	struct ks_tree_starts starts = { 0 };
	struct ks_tree_starts child_starts = { 0 };
	struct ks_tree_base none = { 0 };
	struct ks_tree_base base = { delta, &starts, raw };
	uint64_t sum = 0;
	uint64_t wanted;
	struct ks_err err;
	bool is_whole = sum_of(&wanted, raw);
	int rc = ks_tree_news(
		&starts, raw, KS_OID_SHA1, &none, on_entry, &sum, &err);

	fuzz_require((rc == KS_OK) == is_whole && sum == wanted);
	if (rc < 0)
		sum = 0;
	is_whole = sum_of(&wanted, child);
	rc = ks_tree_news(
		&child_starts, child, KS_OID_SHA1, &base, on_entry, &sum, &err);
	fuzz_require((rc == KS_OK) == is_whole);
	fuzz_require(!is_whole || sum == wanted);
	ks_tree_starts_release(&starts);
	ks_tree_starts_release(&child_starts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct fuzz_delta drawn;

	fuzz_delta_take(&drawn, &input);
	check(ks_buf_span(&drawn.base), ks_buf_span(&drawn.result),
		&drawn.delta);
	fuzz_delta_release(&drawn);
	return 0;
}
