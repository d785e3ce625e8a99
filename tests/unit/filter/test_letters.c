/* SPDX-License-Identifier: Apache-2.0 */
/* Names are cut as they are read, and told from random letters. */
#include "draw.h"
#include "filter/letters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_letters__cuts_names_as_they_are_read(void **state)
{
	static const struct {
		const char *text;
		const char *pieces; /* joined by spaces */
	} cases[] = {
		{ "", "" },
		{ "1_-", "" },
		{ "foo", "foo " },
		{ "fooBar", "foo Bar " },
		{ "FooBar", "Foo Bar " },
		{ "foo_bar-baz9qux", "foo bar baz qux " },
		{ "HTTPServer", "HTTP Server " },
		{ "getHTTP", "get HTTP " },
		{ "aB", "a B " },
		{ "ABc", "A Bc " },
		{ "ABCD", "ABCD " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ks_span text = ks_span_str(cases[i].text);
		struct ks_letters sum = ks_letters_of(text);
		struct ks_buf joined = { 0 };
		struct ks_span piece;
		size_t at = 0;
		size_t pieces = 0;

		while (ks_letters_next(text, &at, &piece)) {
			assert_int_equal(
				ks_buf_add(&joined, piece.p, piece.n), KS_OK);
			assert_int_equal(ks_buf_add_str(&joined, " "), KS_OK);
			pieces++;
		}
		assert_string_equal(ks_buf_str(&joined), cases[i].pieces);
		/* The sum is of the same pieces. */
		assert_int_equal(sum.pieces, pieces);
		assert_int_equal(sum.letters, joined.n - pieces);
		assert_int_equal(sum.pairs, sum.letters - pieces);
		ks_buf_release(&joined);
	}
}

/* The gain of a text is that of its pieces. */
static void test_letters__sum_is_that_of_the_pieces(void **state)
{
	struct draw draw = { 1 };

	(void)state;
	for (size_t round = 0; round < 2000; round++) {
		char text[41];
		struct ks_letters whole;
		struct ks_letters sum = { 0 };
		struct ks_span piece;
		size_t at = 0;

		draw_text(&draw, text, 40, BASE62 "__");
		whole = ks_letters_of(ks_span_str(text));
		while (ks_letters_next(ks_span_str(text), &at, &piece)) {
			struct ks_letters one = ks_letters_of(piece);

			assert_int_equal(one.pieces, 1);
			sum.gain += one.gain;
			sum.pairs += one.pairs;
			sum.letters += one.letters;
			sum.pieces++;
		}
		assert_int_equal(whole.gain, sum.gain);
		assert_int_equal(whole.pairs, sum.pairs);
		assert_int_equal(whole.letters, sum.letters);
		assert_int_equal(whole.pieces, sum.pieces);
	}
}

static bool are_words(const char *text)
{
	struct ks_letters sum = ks_letters_of(ks_span_str(text));

	return ks_letters_are_words(&sum);
}

static void test_letters__knows_names(void **state)
{
	static const char *const names[] = { "userAccessTokenProvider",
		"com.company.product.module", "SOME_CONSTANT_NAME",
		"some-kubernetes-resource", "authenticationManager",
		"the quick brown fox", "rotate_credentials" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		assert_true(are_words(names[i]));
	assert_false(are_words(""));
	assert_false(are_words("a"));
}

static void test_letters__takes_few_random_texts_for_names(void **state)
{
	static const struct {
		const char *alphabet;
		size_t n;
		size_t most; /* of 10,000 */
	} cases[] = {
		{ BASE62, 20, 10 },
		{ BASE62, 40, 2 },
		{ LOWER, 12, 60 },
		{ LOWER, 20, 5 },
		{ BASE32, 20, 20 },
		{ BASE36, 32, 20 },
	};
	struct draw draw = { 2 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t count = 0;

		for (size_t j = 0; j < 10000; j++) {
			char text[64];

			draw_text(&draw, text, cases[i].n, cases[i].alphabet);
			count += are_words(text);
		}
		if (count > cases[i].most)
			print_error("case %zu: %zu\n", i, count);
		assert_true(count <= cases[i].most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters__cuts_names_as_they_are_read),
		cmocka_unit_test(test_letters__sum_is_that_of_the_pieces),
		cmocka_unit_test(test_letters__knows_names),
		cmocka_unit_test(
			test_letters__takes_few_random_texts_for_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
