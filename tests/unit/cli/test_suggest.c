/* SPDX-License-Identifier: Apache-2.0 */
/* Which known word did a mistyped one mean? */
#include "cli/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const known[] = { "audit", "scan", "rules", "version",
	"help", "max-blob-size", "min-confidence" };

static const char *best(const char *word)
{
	struct ks_suggest suggest = { .word = word };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		ks_suggest_offer(&suggest, known[i]);
	return suggest.best;
}

static void test_suggest__forgives_slips(void **state)
{
	(void)state;
	assert_string_equal(best("audti"), "audit");
	assert_string_equal(best("adit"), "audit");
	assert_string_equal(best("sacn"), "scan");
	assert_string_equal(best("rulles"), "rules");
	assert_string_equal(best("max-blobsize"), "max-blob-size");
	assert_string_equal(best("min-confidense"), "min-confidence");
}

static void test_suggest__completes_beginnings(void **state)
{
	(void)state;
	assert_string_equal(best("max"), "max-blob-size");
	assert_string_equal(best("ver"), "version");
}

static void test_suggest__other_words_are_other_words(void **state)
{
	(void)state;
	assert_null(best("frobnicate"));
	assert_null(best(""));
	assert_null(best("x"));
	assert_null(best("an-option-that-is-longer-than-any-known-one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suggest__forgives_slips),
		cmocka_unit_test(test_suggest__completes_beginnings),
		cmocka_unit_test(test_suggest__other_words_are_other_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
