/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "match/token_run.h"
#include "rules/rule.h"

#include <ctype.h>

static void expect_run(const char *text, size_t from, const char *expected)
{
	struct ks_token_run run;
	struct ks_span bytes = ks_span_str(text);

	assert_true(ks_token_run_next(&run, bytes, from));
	assert_int_equal(run.end - run.start, strlen(expected));
	assert_memory_equal(text + run.start, expected, strlen(expected));
}

static void expect_none(const char *text)
{
	struct ks_token_run run;

	assert_false(ks_token_run_next(&run, ks_span_str(text), 0));
}

static void test_token_run__has_sixteen_characters_and_a_digit(void **state)
{
	(void)state;
	expect_run("key = abcdefghijklmno1;", 0, "abcdefghijklmno1");
	expect_run("(a-b_c-d_e-f_g-h_9)", 0, "a-b_c-d_e-f_g-h_9");
	expect_none("key = abcdefghijklmn1;");
	expect_none("get_the_next_token_of_it");
	expect_none("abcdefgh/ijklmno1");
	expect_none("");
}

static void test_token_run__is_told_by_its_case_too(void **state)
{
	(void)state;
	expect_run("aBcDeFgHiJkLmNoPq", 0, "aBcDeFgHiJkLmNoPq");
	/* Nine changes, where ten are asked for. */
	expect_none("aBcDeFgHiJJJJJJJJ");
	expect_none("getTheLongNameIt");
}

static void test_token_run__begins_where_it_is_asked_to(void **state)
{
	(void)state;
	expect_run("0123456789abcdefgh", 2, "23456789abcdefgh");
	expect_run(
		"0123456789abcdef 0123456789abcdefg", 1, "0123456789abcdefg");
}

static void test_token_run__can_be_long(void **state)
{
	char text[1000];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	expect_none(text);
	text[700] = '7';
	expect_run(text, 0, text);
	text[500] = ' ';
	expect_run(text, 0, text + 501);
}

static bool is_token_by_hand(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static bool is_run_by_hand(const char *p, size_t n)
{
	unsigned cases = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		unsigned char next = i + 1 < n ? (unsigned char)p[i + 1] : 0;

		if (isdigit(c))
			return true;
		cases += (islower(c) && isupper(next)) ||
			 (isupper(c) && islower(next));
	}
	return cases >= KS_TOKEN_RUN_CASES;
}

static bool next_by_hand(
	struct ks_token_run *out, const char *p, size_t n, size_t from)
{
	while (from < n) {
		size_t end = from;

		while (end < n && is_token_by_hand(p[end]))
			end++;
		if (end - from >= KS_TOKEN_RUN_MIN &&
			is_run_by_hand(p + from, end - from)) {
			*out = (struct ks_token_run){ from, end };
			return true;
		}
		from = end + 1;
	}
	return false;
}

static void test_token_run__is_what_is_found_byte_by_byte(void **state)
{
	static const char some[] = "abcXYZ_-aBcD";
	char text[400];
	uint32_t seed = 1;

	(void)state;
	for (size_t turn = 0; turn < 20000; turn++) {
		size_t n = turn % sizeof(text);
		uint32_t others = 8 + turn % 64;
		struct ks_token_run run;
		struct ks_token_run expected;
		size_t from = turn % 3;

		for (size_t i = 0; i < n; i++) {
			uint32_t draw =
				(seed = seed * 1664525 + 1013904223) >> 8;

			text[i] = some[draw % (sizeof(some) - 1)];
			if (draw % others == 0)
				text[i] = draw % 3 ? ' ' : '5';
		}
		while (next_by_hand(&expected, text, n, from)) {
			assert_true(ks_token_run_next(
				&run, ks_span_of(text, n), from));
			assert_int_equal(run.start, expected.start);
			assert_int_equal(run.end, expected.end);
			from = run.end;
		}
		assert_false(
			ks_token_run_next(&run, ks_span_of(text, n), from));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_token_run__has_sixteen_characters_and_a_digit),
		cmocka_unit_test(test_token_run__is_told_by_its_case_too),
		cmocka_unit_test(test_token_run__begins_where_it_is_asked_to),
		cmocka_unit_test(test_token_run__can_be_long),
		cmocka_unit_test(test_token_run__is_what_is_found_byte_by_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
