/* SPDX-License-Identifier: Apache-2.0 */
/* Taking an input of the fuzzer apart, and what must hold of the outcome. */
#include "input.h"

#include <stdlib.h>

void fuzz_require(bool claim)
{
	if (!claim)
		abort();
}

uint8_t fuzz_byte(struct ks_span *input)
{
	uint8_t byte;

	if (input->n == 0)
		return 0;
	byte = input->p[0];
	*input = ks_span_cut(*input, 1, input->n);
	return byte;
}

uint16_t fuzz_u16(struct ks_span *input)
{
	unsigned low = fuzz_byte(input);

	return (uint16_t)(low | (unsigned)fuzz_byte(input) << 8);
}

struct ks_buf fuzz_take(struct ks_span *input, size_t n)
{
	struct ks_buf out = { 0 };

	if (n > input->n)
		n = input->n;
	out.p = malloc(n ? n : 1);
	fuzz_require(out.p != NULL);
	if (n)
		memcpy(out.p, input->p, n);
	out.n = out.cap = n;
	*input = ks_span_cut(*input, n, input->n);
	return out;
}
