/* SPDX-License-Identifier: Apache-2.0 */
/* Words that mark a placeholder. */
#include "filter/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_words__finds_markers_in_one_case(void **state)
{
	static const char *const yes[] = { "example", "EXAMPLE", "Example",
		"AKIA7EXAMPLE", "xxDummyxx", "changeme!", "change_me",
		"CHANGE-ME", "your_key", "YOUR-KEY", "notASecret_fake_" };
	static const char *const no[] = { "", "exampl", "eXaMpLe", "exAMPLE",
		"EXAMPLe", "EXaMPLE", "fakir", "k8Gq2ZpX1vTm4Rw7", "todo" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(ks_words_have_marker(ks_span_str(yes[i])));
	for (size_t i = 0; i < COUNT(no); i++)
		assert_false(ks_words_have_marker(ks_span_str(no[i])));
}

/* More letters than are looked at. */
#define LONG                                                                   \
	"asswordpasswordpasswordpassword"                                      \
	"passwordpasswordpasswordpasswordpassword"

static void test_words__cuts_fillers(void **state)
{
	static const char *const yes[] = { "password", "PassWord", "my-secret",
		"testpassword", "test123", "test1", "test00", "foo.bar",
		"<my token>", "a_test_key", "user:password", "key1234567890" };
	static const char *const no[] = { "", "123", "hunter2x", "test42",
		"test2019", "password!", "passw0rd", "pässword", "p" LONG,
		"testt", "xtest" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(ks_words_are_filler(ks_span_str(yes[i])));
	for (size_t i = 0; i < COUNT(no); i++)
		assert_false(ks_words_are_filler(ks_span_str(no[i])));
}

static void test_words__knows_no_values(void **state)
{
	static const char *const yes[] = { "", "null", "NULL", "None", "true",
		"N/A", "undefined", "String" };
	static const char *const no[] = { "nul", "nulls", "x", "null null",
		"hunter2", "averyveryverylongword" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(ks_words_are_none(ks_span_str(yes[i])));
	for (size_t i = 0; i < COUNT(no); i++)
		assert_false(ks_words_are_none(ks_span_str(no[i])));
}

static void test_words__hint_at_what_a_line_is(void **state)
{
	static const struct {
		const char *text;
		unsigned hints;
	} cases[] = {
		{ "", 0 },
		{ "const value =", 0 },
		{ "testKey", KS_HINT_TEST | KS_HINT_SECRET },
		{ "TEST_KEY", KS_HINT_TEST | KS_HINT_SECRET },
		{ "contest monkey", 0 },
		{ "// an Example", KS_HINT_EXAMPLE },
		{ "sha256 = ", KS_HINT_HASH },
		{ "md5 = ", KS_HINT_HASH },
		{ "md = ", 0 },
		{ "publicKey", KS_HINT_PUBLIC | KS_HINT_SECRET },
		{ "userId", KS_HINT_ID },
		{ "@localhost:1", KS_HINT_LOCAL },
		{ "averyveryverylongword", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(ks_words_hints(ks_span_str(cases[i].text)),
			cases[i].hints);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words__finds_markers_in_one_case),
		cmocka_unit_test(test_words__cuts_fillers),
		cmocka_unit_test(test_words__knows_no_values),
		cmocka_unit_test(test_words__hint_at_what_a_line_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
