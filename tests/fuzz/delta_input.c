/* SPDX-License-Identifier: Apache-2.0 */
/* Draws a base and a delta against it from an input of the fuzzer. */
#include "delta_input.h"

#include "input.h"
#include "lib/packs.h"

enum {
	BASE_MAX = 4096,
	RESULT_MAX = 1 << 16
};

/* One operation: inserted bytes, or a copy of what the base has. */
static size_t add_operation(
	struct ks_span *input, size_t base_n, struct ks_buf *code)
{
	unsigned op = fuzz_byte(input);
	struct ks_buf bytes;
	size_t from;
	size_t n;

	if ((op & 0x80) && base_n) {
		from = fuzz_u16(input) % base_n;
		n = 1 + fuzz_u16(input) % (base_n - from);
		test_delta_copy(code, from, n);
		return n;
	}
	bytes = fuzz_take(input, 1 + (op & 0x3f));
	n = bytes.n;
	if (n)
		test_delta_insert(code, ks_buf_span(&bytes));
	ks_buf_release(&bytes);
	return n;
}

void fuzz_delta_take(struct fuzz_delta *out, struct ks_span *input)
{
	struct ks_buf operations = { 0 };
	size_t n = 0;
	struct ks_err err;

	*out = (struct fuzz_delta){ 0 };
	out->base = fuzz_take(input, fuzz_u16(input) % BASE_MAX);
	while (input->n && n < RESULT_MAX)
		n += add_operation(input, out->base.n, &operations);
	test_delta_begin(&out->code, out->base.n, n);
	fuzz_require(
		ks_buf_add(&out->code, operations.p, operations.n) == KS_OK);
	ks_buf_release(&operations);
	fuzz_require(ks_buf_reserve(&out->result, n ? n : 1) == KS_OK);
	out->result.n = n;
	fuzz_require(ks_delta_apply(&out->delta, out->result.p, n,
			     ks_buf_span(&out->base), ks_buf_span(&out->code),
			     &err) == KS_OK);
}

void fuzz_delta_release(struct fuzz_delta *delta)
{
	ks_buf_release(&delta->base);
	ks_buf_release(&delta->code);
	ks_buf_release(&delta->result);
	ks_delta_release(&delta->delta);
}
