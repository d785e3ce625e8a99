/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "report/number.h"

#include <math.h>

static void test_number__groups_digits(void **state)
{
	char text[KS_NUMBER_MAX];

	(void)state;
	ks_number_count(text, 0);
	assert_string_equal(text, "0");
	ks_number_count(text, 999);
	assert_string_equal(text, "999");
	ks_number_count(text, 1000);
	assert_string_equal(text, "1,000");
	ks_number_count(text, UINT64_MAX);
	assert_string_equal(text, "18,446,744,073,709,551,615");
}

static void test_number__scales_bytes(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{ 0, "0 bytes" },
		{ 1, "1 byte" },
		{ 999, "999 bytes" },
		{ 1000, "1.0 kB" },
		{ 9949, "9.9 kB" },
		{ 9951, "10 kB" },
		{ 999499, "999 kB" },
		{ 999500, "1.0 MB" },
		{ 1234567890, "1.2 GB" },
		{ UINT64_MAX, "18 EB" },
	};
	char text[KS_NUMBER_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ks_number_bytes(text, cases[i].bytes);
		assert_string_equal(text, cases[i].text);
	}
}

static void test_number__scales_seconds(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} cases[] = {
		{ 0, "0.00 s" },
		{ 0.1234, "0.12 s" },
		{ 0.999, "1.0 s" },
		{ 9.96, "10 s" },
		{ 59.4, "59 s" },
		{ 59.6, "1 min 0 s" },
		{ 3599.4, "59 min 59 s" },
		{ 3600, "1 h 0 min" },
		{ -1, "0.00 s" },
		{ (double)NAN, "0.00 s" },
		{ (double)INFINITY, "0.00 s" },
	};
	char text[KS_NUMBER_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ks_number_seconds(text, cases[i].seconds);
		assert_string_equal(text, cases[i].text);
	}
}

static void test_number__rounds_decimals(void **state)
{
	char text[KS_NUMBER_MAX];

	(void)state;
	ks_number_decimal(text, 9.949999, 1);
	assert_string_equal(text, "9.9");
	ks_number_decimal(text, 0.05, 2);
	assert_string_equal(text, "0.05");
	ks_number_decimal(text, 9.99, 1);
	assert_string_equal(text, "10.0");
	ks_number_decimal(text, 2.6, 0);
	assert_string_equal(text, "3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number__groups_digits),
		cmocka_unit_test(test_number__scales_bytes),
		cmocka_unit_test(test_number__scales_seconds),
		cmocka_unit_test(test_number__rounds_decimals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
