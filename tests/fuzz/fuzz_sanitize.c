/* SPDX-License-Identifier: Apache-2.0 */
/* Text for a terminal: two bytes of width, then the text. */
#include "input.h"
#include "report/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	size_t columns = fuzz_u16(&input) % 300;
	struct ks_buf text = fuzz_take(&input, input.n);
	struct ks_buf out = { 0 };
	struct ks_buf again = { 0 };
	size_t used;
	size_t used_again;

	fuzz_require(ks_sanitize_add(&out, ks_buf_span(&text), columns,
			     &used) == KS_OK);
	fuzz_require(columns == 0 || used <= columns);
	for (size_t i = 0; i < out.n; i++)
		fuzz_require(out.p[i] >= 0x20 && out.p[i] != 0x7f);
	/* What is safe is left alone: it is UTF-8, and nothing is hidden. */
	fuzz_require(ks_sanitize_add(&again, ks_buf_span(&out), columns,
			     &used_again) == KS_OK);
	fuzz_require(used == used_again);
	fuzz_require(ks_span_eq(ks_buf_span(&out), ks_buf_span(&again)));
	ks_buf_release(&again);
	ks_buf_release(&out);
	ks_buf_release(&text);
	return 0;
}
