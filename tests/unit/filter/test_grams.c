/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of a value: what they count, and that they tell words from noise. */
#include "draw.h"
#include "filter/grams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int score(const char *text)
{
	return ks_grams_score(ks_grams_value, ks_span_str(text));
}

static void test_grams__counts_each_piece_once(void **state)
{
	int8_t ones[KS_GRAMS_COUNT];
	char text[3 * KS_GRAMS_TEXT + 1];

	(void)state;
	memset(ones, 1, sizeof(ones));
	assert_int_equal(ks_grams_score(ones, ks_span_str("")), 0);
	/* With a mark at either end: 2, 1, 0 pieces; the root of 3. */
	assert_int_equal(ks_grams_score(ones, ks_span_str("a")), 1);
	/* 16 bytes: 17 + 16 + 15 pieces; the root of 48. */
	assert_int_equal(
		ks_grams_score(ones, ks_span_str("0123456789abcdef")), 6);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	/* No more than its first 64: 65 + 64 + 63. */
	assert_int_equal(ks_grams_score(ones, ks_span_str(text)), 13);
	memset(ones, 127, sizeof(ones));
	assert_int_equal(
		ks_grams_score(ones, ks_span_str(text)), KS_GRAMS_MOST);
	memset(ones, -127, sizeof(ones));
	assert_int_equal(
		ks_grams_score(ones, ks_span_str(text)), -KS_GRAMS_MOST);
}

static void test_grams__are_blind_to_case_and_digits(void **state)
{
	(void)state;
	assert_int_equal(score("Pass1234"), score("pASS5678"));
	assert_int_not_equal(score("Pass1234"), score("Pass-234"));
}

static void test_grams__tell_noise_from_names(void **state)
{
	static const char *const names[] = { "password", "user.password",
		"passwordField", "authorization", "getTokenFromRequest",
		"your-api-key", "Enter your password" };
	struct draw draw = { 17 };
	int sum = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		char text[33];

		draw_text(&draw, text, 32, BASE62);
		sum += score(text);
	}
	for (size_t i = 0; i < COUNT(names); i++)
		assert_true(score(names[i]) < sum / 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grams__counts_each_piece_once),
		cmocka_unit_test(test_grams__are_blind_to_case_and_digits),
		cmocka_unit_test(test_grams__tell_noise_from_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
