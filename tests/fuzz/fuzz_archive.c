/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: found or not, what comes of them stays within its limits. */
#include "input.h"
#include "lib/rules.h"
#include "scan/search.h"
#include "unpack/kind.h"

static const struct test_rule rules[] = {
	{ "token", "\\btok_(?<secret>[A-Za-z0-9]{12})\\b", NULL },
};

enum {
	BYTES_MAX = 1 << 20,
	ENTRIES_MAX = 64
};

/* Each hit is of the archive itself or of something in it, in order. */
static void check(const struct ks_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++) {
		const struct ks_hit *hit = &hits->list[i];

		fuzz_require(hit->where < hits->where_count);
		fuzz_require(hit->line > 0 && hit->column > 0);
		if (hits->where[hit->where].inside)
			fuzz_require(hit->shown != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct test_engine engine; /* of all inputs */
	const struct ks_unpacking limits = { 3, BYTES_MAX, 1000, ENTRIES_MAX,
		NULL };
	struct ks_where where = { .kind = KS_PLACE_FILE, .name = "x" };
	struct ks_subject subject = { .bytes = ks_span_of(data, n) };
	struct ks_unpacked unpacked = { 0 };
	struct ks_finder finder;
	struct ks_skips skips;
	struct ks_search search = { &finder, &skips, &limits, &unpacked };

	if (!engine.rules)
		test_engine_open(&engine, rules, 1);
	ks_skips_init(&skips);
	fuzz_require(
		ks_finder_init(&finder, engine.patterns, false, NULL) == KS_OK);
	finder.window = (struct ks_window_size){ 1 << 16, 1 << 12 };
	fuzz_require(ks_search_file(&search, &subject, &where, NULL) == KS_OK);
	/* Of an archive that is not compressed its own bytes are free. */
	fuzz_require(unpacked.bytes <= BYTES_MAX + 3 * (BYTES_MAX + n));
	fuzz_require(unpacked.entries <= ENTRIES_MAX);
	check(&finder.hits);
	ks_finder_release(&finder);
	ks_skips_release(&skips);
	return 0;
}
