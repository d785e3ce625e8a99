/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of other tools, rewritten as ours. */
#include "lib/check.h"

#include "import/regex.h"

#include <stdlib.h>

static const struct {
	const char *pattern;
	unsigned group;
	const char *name;
	const char *ours; /* NULL: there is no such group */
} cases[] = {
	/* The first group, or all where there is none. */
	{ "ab[0-9]{4}", 0, NULL, "(?<secret>ab[0-9]{4})" },
	{ "key=(\\w+)", 0, NULL, "key=(?<secret>\\w+)" },
	{ "(a)(b)(c)", 2, NULL, "(a)(?<secret>b)(c)" },
	{ "(a)(b)", 3, NULL, NULL },
	{ "ab", 1, NULL, NULL },
	/* What only looks like one. */
	{ "\\((a)", 0, NULL, "\\((?<secret>a)" },
	{ "[(](a)", 0, NULL, "[(](?<secret>a)" },
	{ "[^](](a)", 0, NULL, "[^](](?<secret>a)" },
	{ "[[:alpha:](](a)", 0, NULL, "[[:alpha:](](?<secret>a)" },
	{ "[\\]((](a)", 0, NULL, "[\\]((](?<secret>a)" },
	{ "x(?:a)(b)", 0, NULL, "x(?:a)(?<secret>b)" },
	{ "x(?=a)(?!b)(?<=c)(?<!d)(e)", 0, NULL,
		"x(?=a)(?!b)(?<=c)(?<!d)(?<secret>e)" },
	{ "(?x)a # (not this)\n(b)", 0, NULL,
		"(?x)a # (not this)\n(?<secret>b)" },
	/* Names, of which PCRE2 allows one of a kind. */
	{ "(?P<key>a)", 0, NULL, "(?<secret>a)" },
	{ "(a)(?P<TOKEN>b)", 0, "TOKEN", "(a)(?<secret>b)" },
	{ "(a)(?<TOKENS>b)", 0, "TOKEN", "(?<secret>a)(?<TOKENS>b)" },
	/* Flags stay in front. */
	{ "(?i)ab", 0, NULL, "(?i)(?<secret>ab)" },
	{ "(?i)(ab)", 0, NULL, "(?i)(?<secret>ab)" },
	{ "(?x)ab # end", 0, NULL, "(?x)(?<secret>ab # end\n)" },
	/* What may be empty in front is found without. */
	{ "(?i)[\\w.-]{0,50}?(?:abc)=(d)", 0, NULL,
		"(?i)(?:abc)=(?<secret>d)" },
	{ "[a]{0,3}?(?i:[b]*(?:abc)=(d))", 0, NULL,
		"(?i:(?:abc)=(?<secret>d))" },
	{ "(?:[b]*abc)+=(d)", 0, NULL, "(?:[b]*abc)+=(?<secret>d)" },
	{ "[a]{1,3}(d)", 0, NULL, "[a]{1,3}(?<secret>d)" },
	{ "[a]{0,3}d", 0, NULL, "(?<secret>[a]{0,3}d)" },
};

static void test_regex__names_the_group_that_is_reported(void **state)
{
	struct ks_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int rc = ks_regex_secret(
			&out, cases[i].pattern, cases[i].group, cases[i].name);

		if (!cases[i].ours) {
			assert_int_equal(rc, KS_E_NOTFOUND);
			continue;
		}
		assert_int_equal(rc, KS_OK);
		assert_string_equal(ks_buf_str(&out), cases[i].ours);
	}
	ks_buf_release(&out);
}

/* Cut anywhere, as a person's mistake may be: no byte behind the end. */
static void test_regex__survives_what_is_cut_off(void **state)
{
	struct ks_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (size_t n = 0; n < strlen(cases[i].pattern); n++) {
			char *text = strndup(cases[i].pattern, n);

			assert_non_null(text);
			(void)!ks_regex_secret(
				&out, text, cases[i].group, cases[i].name);
			free(text);
		}
	}
	ks_buf_release(&out);
}

static void test_regex__knows_words_of_a_pattern(void **state)
{
	(void)state;
	assert_true(ks_regex_has_word("(?:abc|def)=", "DEF"));
	assert_true(ks_regex_has_word("x\\.atlasv1\\.", "x.atlasv1."));
	assert_true(ks_regex_has_word("a-b", "a-b"));
	assert_false(ks_regex_has_word("[Aa]bc", "abc"));
	assert_false(ks_regex_has_word("ab", "abc"));
}

static void test_regex__quotes_what_has_a_meaning(void **state)
{
	struct ks_buf out = { 0 };

	(void)state;
	assert_int_equal(ks_regex_quote(&out, "a.b*[c]{1}"), KS_OK);
	assert_string_equal(ks_buf_str(&out), "a\\.b\\*\\[c\\]\\{1\\}");
	ks_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regex__names_the_group_that_is_reported),
		cmocka_unit_test(test_regex__survives_what_is_cut_off),
		cmocka_unit_test(test_regex__knows_words_of_a_pattern),
		cmocka_unit_test(test_regex__quotes_what_has_a_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
