/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of a stride are: each way of telling, byte by byte. */
#include "match/stride.h"

#include "match/stride_bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Is ${byte}, not a NUL, one of ${text}? */
static bool is_of(uint8_t byte, const char *text)
{
	return byte && strchr(text, byte);
}

static bool is_token(uint8_t byte)
{
	return is_of(byte, "0123456789-_") ||
	       is_of(byte | 0x20, "abcdefghijklmnopqrstuvwxyz");
}

static bool is_text(uint8_t byte)
{
	return (byte >= 0x20 && byte <= 0x7e) || is_of(byte, "\t\r\n");
}

/* Bit i of ${bits} is ${is_set}. */
static void expect_bit(uint64_t bits, unsigned i, bool is_set)
{
	assert_int_equal(bits >> i & 1, is_set);
}

static void expect_all(const uint8_t *p)
{
	const uint64_t tokens[] = { ks_stride_tokens(p),
		ks_stride_bits_tokens(p) };
	const uint64_t units[] = { ks_stride_units(p, false),
		ks_stride_bits_units(p, false) };
	const uint64_t big[] = { ks_stride_units(p, true),
		ks_stride_bits_units(p, true) };
	struct ks_stride_signs signs[2];

	ks_stride_signs(&signs[0], p);
	ks_stride_bits_signs(&signs[1], p);
	for (unsigned i = 0; i < KS_STRIDE; i++) {
		for (unsigned way = 0; way < 2; way++) {
			expect_bit(tokens[way], i, is_token(p[i]));
			expect_bit(signs[way].digits, i,
				is_token(p[i]) || is_of(p[i], "+/"));
			expect_bit(signs[way].marks, i, is_of(p[i], "%\\&\n"));
			expect_bit(units[way], i, is_text(p[i]) && !p[i + 1]);
			expect_bit(big[way], i, !p[i] && is_text(p[i + 1]));
		}
	}
}

static void test_stride__tells_each_byte_at_each_place(void **state)
{
	uint8_t bytes[KS_STRIDE + 1];

	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		for (unsigned i = 0; i <= KS_STRIDE; i++)
			bytes[i] = (uint8_t)(first + i);
		expect_all(bytes);
		for (unsigned i = first % 2; i <= KS_STRIDE; i += 2)
			bytes[i] = 0;
		expect_all(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stride__tells_each_byte_at_each_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
