/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16 in hostile bytes: runs follow one another, and lie within them. */
#include "input.h"
#include "match/utf16.h"

static void check(struct ks_span raw, bool is_big_endian)
{
	const struct ks_utf16_source source = { raw, ks_utf16_mark(raw), true };
	struct ks_utf16_run run;
	size_t from = 0;

	while (ks_utf16_next(&run, &source, from, is_big_endian)) {
		struct ks_buf text = { 0 };

		fuzz_require(run.start >= from && run.units > 0 &&
			     run.start <= raw.n &&
			     run.units <= (raw.n - run.start) / 2);
		fuzz_require(run.is_big_endian == is_big_endian);
		fuzz_require(ks_utf16_decode(&text, raw, &run) == KS_OK);
		fuzz_require(text.n == run.units);
		ks_buf_release(&text);
		from = run.start + 2 * run.units;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct ks_buf raw = fuzz_take(&input, input.n);

	check(ks_buf_span(&raw), false);
	check(ks_buf_span(&raw), true);
	ks_buf_release(&raw);
	return 0;
}
