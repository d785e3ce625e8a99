/* SPDX-License-Identifier: Apache-2.0 */
/* Repetitions and runs, and that chance seldom makes them. */
#include "draw.h"
#include "filter/regular.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_repeated(const char *text)
{
	struct ks_shape shape = ks_shape_of(ks_span_str(text));

	return ks_regular_is_repeated(ks_span_str(text), &shape);
}

static bool is_sequence(const char *text)
{
	return ks_regular_is_sequence(ks_span_str(text));
}

static void test_regular__finds_repetitions(void **state)
{
	static const char *const yes[] = { "aa", "aaa", "0000", "abbbbbbb",
		"ababab", "101101110", "abcabcabc", "deadbeefdeadbeef",
		"tok_qwzqwzqwzqwz", "k8Gqzzzzzzzz9x2", "112211221122",
		"abcdefghijklmnopabcdefghijklmnop" };
	static const char *const no[] = { "", "a", "ab", "aab1", "hunter2!x9",
		"k8Gq2ZpX1vTm4Rw7", "wxyzwxy", "aaa-bbb9", "k8Gqzzzz9x2",
		"--------k8Gq2ZpX1vTm" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(is_repeated(yes[i]));
	for (size_t i = 0; i < COUNT(no); i++)
		assert_false(is_repeated(no[i]));
}

static void test_regular__finds_sequences(void **state)
{
	static const char *const yes[] = { "123456", "654321", "0123456789",
		"abcdefgh", "ABCDEFGH", "AbCdEfGh", "zyxwvuts", "789abcdef",
		"abc123", "1234-5678", "qwertyuiop", "poiuytrewq", "qwerty12",
		"asdfgh", "zxcvbnm", "a1b2c3d4", "1a2b3c4d", "aabbccdd",
		"tok_abcdefghij_k8Gq2" };
	static const char *const no[] = { "", "a", "ab", "13579", "k8Gq2ZpX",
		"hunter2", "abcx12yz", "were", "popular", "defeat",
		"Summer2019", "k9def1m7qrw2tz" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++) {
		if (!is_sequence(yes[i]))
			print_error("%s\n", yes[i]);
		assert_true(is_sequence(yes[i]));
	}
	for (size_t i = 0; i < COUNT(no); i++) {
		if (is_sequence(no[i]))
			print_error("%s\n", no[i]);
		assert_false(is_sequence(no[i]));
	}
}

static void test_regular__chance_is_seldom_regular(void **state)
{
	static const struct {
		const char *alphabet;
		size_t n;
		size_t most; /* of 20,000, of both */
	} cases[] = {
		{ BASE62, 16, 1 },
		{ BASE32, 16, 1 },
		{ HEX, 16, 6 },
		{ HEX, 32, 2 },
		{ BASE64, 100, 1 },
	};
	struct draw draw = { 3 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t count = 0;

		for (size_t j = 0; j < 20000; j++) {
			char text[128];

			draw_text(&draw, text, cases[i].n, cases[i].alphabet);
			count += is_repeated(text) || is_sequence(text);
		}
		assert_true(count <= cases[i].most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regular__finds_repetitions),
		cmocka_unit_test(test_regular__finds_sequences),
		cmocka_unit_test(test_regular__chance_is_seldom_regular),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
