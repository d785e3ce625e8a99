/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of words from the command line. */
#include "cli/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_words__splits_at_commas(void **state)
{
	struct ks_arena arena = { 0 };
	struct ks_words words = { 0 };

	(void)state;
	assert_int_equal(ks_words_split(&words, ",one,,two,", &arena), 0);
	assert_int_equal(ks_words_split(&words, "three", &arena), 0);
	assert_int_equal(words.count, 3);
	assert_string_equal(words.list[0], "one");
	assert_string_equal(words.list[1], "two");
	assert_string_equal(words.list[2], "three");
	ks_words_release(&words);
	assert_int_equal(words.count, 0);
	ks_arena_release(&arena);
}

static void test_words__nothing_is_no_word(void **state)
{
	struct ks_arena arena = { 0 };
	struct ks_words words = { 0 };

	(void)state;
	assert_int_equal(ks_words_split(&words, "", &arena), 0);
	assert_int_equal(ks_words_split(&words, ",,", &arena), 0);
	assert_int_equal(words.count, 0);
	ks_words_release(&words);
	ks_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words__splits_at_commas),
		cmocka_unit_test(test_words__nothing_is_no_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
