/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile delta code: the base's length, the base, the code. */
#include "blobs/delta.h"
#include "input.h"

#include <stdlib.h>

enum {
	RESULT_MAX = 1 << 20
};

/* The pieces tell of each byte of the result where it came from. */
static void check_pieces(const struct ks_delta *delta, struct ks_span base,
	const uint8_t *result, size_t result_n)
{
	size_t at = 0;

	for (size_t i = 0; i < delta->count; i++) {
		const struct ks_delta_piece *piece = &delta->pieces[i];

		fuzz_require(piece->start == at && piece->n > 0);
		at += piece->n;
		if (piece->base_start == KS_DELTA_NEW)
			continue;
		fuzz_require(piece->base_start <= base.n &&
			     piece->n <= base.n - piece->base_start);
		fuzz_require(
			memcmp(result + piece->start,
				base.p + piece->base_start, piece->n) == 0);
	}
	fuzz_require(at == result_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	struct ks_buf base = fuzz_take(&input, fuzz_u16(&input));
	struct ks_buf code = fuzz_take(&input, input.n);
	struct ks_delta delta = { 0 };
	uint64_t base_size;
	uint64_t size;
	uint8_t *result;
	struct ks_err err;

	if (ks_delta_sizes(ks_buf_span(&code), &base_size, &size) &&
		size <= RESULT_MAX) {
		result = malloc(size ? size : 1);
		fuzz_require(result != NULL);
		if (ks_delta_apply(&delta, result, size, ks_buf_span(&base),
			    ks_buf_span(&code), &err) == KS_OK)
			check_pieces(&delta, ks_buf_span(&base), result, size);
		free(result);
	}
	ks_delta_release(&delta);
	ks_buf_release(&base);
	ks_buf_release(&code);
	return 0;
}
