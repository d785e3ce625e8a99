/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy against the sum it is defined by. */
#include "draw.h"
#include "filter/filter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static double naive(const uint8_t *p, size_t n)
{
	double sum = 0;

	for (unsigned byte = 0; byte < 256; byte++) {
		size_t count = 0;

		for (size_t i = 0; i < n; i++)
			count += p[i] == byte;
		if (count > 0)
			sum -= (double)count / (double)n *
			       log2((double)count / (double)n);
	}
	return sum;
}

static void test_entropy__is_the_sum_of_its_definition(void **state)
{
	struct draw draw = { 1 };
	uint8_t text[1000];

	(void)state;
	for (size_t round = 0; round < 300; round++) {
		size_t n = 1 + draw_below(&draw, sizeof(text) - 1);
		uint32_t letters = 1 + draw_below(&draw, 256);
		double got;

		for (size_t i = 0; i < n; i++)
			text[i] = (uint8_t)draw_below(&draw, letters);
		got = (double)ks_entropy(ks_span_of(text, n));
		assert_true(fabs(got - naive(text, n)) < 1e-5);
	}
}

static void test_entropy__knows_the_simple_cases(void **state)
{
	(void)state;
	assert_true(ks_entropy(ks_span_of(NULL, 0)) == 0);
	assert_true(ks_entropy(ks_span_str("aaaa")) == 0);
	assert_true(fabsf(ks_entropy(ks_span_str("abab")) - 1) < 1e-6f);
	assert_true(fabsf(ks_entropy(ks_span_str("abcd")) - 2) < 1e-6f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entropy__is_the_sum_of_its_definition),
		cmocka_unit_test(test_entropy__knows_the_simple_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
