/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns as trees: what they stand for, how far they look. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pcre2.h>

static bool compiles(const char *text)
{
	int code;
	PCRE2_SIZE where;
	pcre2_code *regex = pcre2_compile((PCRE2_SPTR)text,
		PCRE2_ZERO_TERMINATED, 0, &code, &where, NULL);

	pcre2_code_free(regex);
	return regex != NULL;
}

/* The tree of each pattern, printed: assertions and captures are gone. */
static void test_syntax__reads_patterns(void **state)
{
	static const struct {
		const char *pattern;
		const char *printed;
	} cases[] = {
		{ "abc", "abc" },
		{ "a.c", "a[\\x00-\\x09\\x0b-\\xff]c" },
		{ "(?s)a.", "a[\\x00-\\xff]" },
		{ "(?s:.)(?-s:.)", "[\\x00-\\xff][\\x00-\\x09\\x0b-\\xff]" },
		{ "a|b|", "(?:a|b|)" },
		{ "(?:ab|c)d", "(?:ab|c)d" },
		{ "(ab)(?<x>c)(?'y'd)(?P<z>e)", "abcde" },
		{ "(?>ab)c", "abc" },
		{ "a*b+c?", "a{0,}b{1,}c{0,1}" },
		{ "a*?b++c??", "a{0,}b{1,}c{0,1}" },
		{ "a{2}b{2,}c{2,5}+", "a{2}b{2,}c{2,5}" },
		{ "(ab){2}", "(?:ab){2}" },
		{ "a{x}", "a\\x7bx\\x7d" },
		{ "a{", "a\\x7b" },
		{ "(?i)aB1", "[Aa][Bb]1" },
		{ "a(?i)b|c", "(?:a[Bb]|[Cc])" },
		{ "(a(?i)b)c", "a[Bb]c" },
		{ "(?i:a(?-i)b)c", "[Aa]bc" },
		{ "(?i)[a-c]\\x41\\.", "[A-Ca-c][Aa]\\x2e" },
		{ "(?x) a b # c\n d", "abd" },
		{ "(?x) a + b", "a{1,}b" },
		{ "(?x)[ a]\\ ", "[\\x20a]\\x20" },
		{ "(?x: a )b c", "ab\\x20c" },
		{ "a(?#comment)b", "ab" },
		{ "\\bfoo\\b", "foo" },
		{ "^foo$", "foo" },
		{ "\\Afoo\\z", "foo" },
		{ "(?<=x)foo(?!bar)", "foo" },
		{ "\\d\\w", "[0-9][0-9A-Z_a-z]" },
		{ "\\x41\\x{42}\\n\\t\\e", "AB\\x0a\\x09\\x1b" },
		{ "\\.\\-\\/\\$", "\\x2e\\x2d\\x2f\\x24" },
		{ "\\R", "(?:\\x0d\\x0a|[\\x0a-\\x0d\\x85])" },
		{ "[[:digit:]]", "[0-9]" },
		{ "(?im)a", "[Aa]" },
		{ "]}", "\\x5d\\x7d" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_err err = { 0 };
		struct ks_syntax syntax;
		struct ks_buf text = { 0 };

		if (!compiles(cases[i].pattern))
			fail_msg("PCRE2 refuses %s", cases[i].pattern);
		if (ks_syntax_parse(&syntax, &arena, cases[i].pattern, &err) <
			0)
			fail_msg("%s: %s", cases[i].pattern, err.message);
		assert_int_equal(ks_node_print(&text, syntax.root), 0);
		assert_string_equal(ks_buf_str(&text), cases[i].printed);
		ks_buf_release(&text);
		ks_arena_release(&arena);
	}
}

static void test_syntax__refuses_what_it_does_not_know(void **state)
{
	static const char *const patterns[] = { "(?R)", "(a)(?1)",
		"(?<n>a)(?&n)", "(?<n>a)(?P>n)", "(a)(?(1)b|c)", "a(?C1)b",
		"(*UTF)a", "a(*ACCEPT)b", "a\\Kb", "\\Ga", "\\Ca", "\\Xa",
		"\\p{Lu}", "\\Qa.b\\E", "(?|(a)|(b))", "(?J)a", "(?U)a",
		"(?n)a", "(?xx)a", "(?^)a", "(a)\\g<1>", "\\N{U+41}", "\\cA",
		"a{2}{3}", "a{,3}", "a{1, 3}", "a{ 1}", "(?x)a+ +",
		"[^\\x00-\\xff]", "(\\1)", "\\1(a)", "\\101" };

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_err err = { 0 };
		struct ks_syntax syntax;

		if (ks_syntax_parse(&syntax, &arena, patterns[i], &err) !=
			KS_E_RULE)
			fail_msg("%s was taken", patterns[i]);
		assert_non_null(strstr(err.message, "at byte"));
		ks_arena_release(&arena);
	}
}

static void test_syntax__bounds_nesting_and_size(void **state)
{
	struct ks_arena arena = { 0 };
	struct ks_err err = { 0 };
	struct ks_syntax syntax;
	size_t n = KS_SYNTAX_MAX_BYTES + 1;
	char *text = calloc(n + 1, 1);

	(void)state;
	memset(text, '(', 60000);
	assert_int_equal(
		ks_syntax_parse(&syntax, &arena, text, &err), KS_E_RULE);
	assert_non_null(strstr(err.message, "too many nested groups"));
	memset(text, 'a', n);
	assert_int_equal(
		ks_syntax_parse(&syntax, &arena, text, &err), KS_E_RULE);
	assert_non_null(strstr(err.message, "longer than"));
	free(text);
	ks_arena_release(&arena);
}

/* lookbehind and extent, where U stands for no bound. */
static void test_syntax__tells_how_far_a_match_looks(void **state)
{
	const uint32_t U = KS_NODE_OPEN;
	const struct {
		const char *pattern;
		uint32_t lookbehind;
		uint32_t extent;
	} cases[] = {
		{ "abc", 0, 3 },
		{ "\\babc\\b", 1, 4 },
		{ "^abc$", 1, 5 },
		{ "abc\\z", 0, 4 },
		{ "a{3,5}", 0, 5 },
		{ "ab+", 0, U },
		{ "(?<=xyz)abc", 3, 3 },
		{ "(?<!xyz|q)abc", 3, 3 },
		{ "a(?<=xyza)b", 3, 2 },
		{ "abcd(?<=xy)b", 0, 5 },
		{ "(?<=\\bxy)a", 3, 1 },
		{ "abc(?=defg)", 0, 7 },
		{ "abc(?![a-z]{4}x)d", 0, 8 },
		{ "abc(?=d.*)", 0, U },
		{ "(?:a(?=bcd)){2,4}", 0, 7 },
		{ "(abc|d)\\1e", 0, 7 },
		{ "a(?:bc|d)?e", 0, 4 },
		{ "(?:a|)\\bb", 1, 2 },
		{ "a{0,70000}", 0, 70000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_err err = { 0 };
		struct ks_syntax syntax;

		if (ks_syntax_parse(&syntax, &arena, cases[i].pattern, &err) <
			0)
			fail_msg("%s: %s", cases[i].pattern, err.message);
		if (ks_node_lookbehind(syntax.root) != cases[i].lookbehind ||
			ks_node_extent(syntax.root) != cases[i].extent)
			fail_msg("%s: %u, %u", cases[i].pattern,
				ks_node_lookbehind(syntax.root),
				ks_node_extent(syntax.root));
		ks_arena_release(&arena);
	}
}

static void test_syntax__finds_the_secret(void **state)
{
	static const struct {
		const char *pattern;
		uint32_t group;
		uint32_t least;
		bool is_always_set;
	} cases[] = {
		{ "(a)(?<secret>bc+)", 2, 2, true },
		{ "(?<secret>a?)b", 1, 0, true },
		{ "(?<other>a)", 0, 0, false },
		{ "(?:(?<secret>a)|b)", 1, 1, false },
		{ "(?<secret>a)?b", 1, 1, false },
		{ "(?:x(?<secret>a)){1,3}", 1, 1, true },
		{ "b(?=(?<secret>a))", 1, 1, true },
		{ "b(?!(?<secret>a))", 1, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_arena arena = { 0 };
		struct ks_syntax syntax;

		assert_int_equal(ks_syntax_parse(&syntax, &arena,
					 cases[i].pattern, NULL),
			KS_OK);
		assert_int_equal(syntax.secret, cases[i].group);
		assert_int_equal(syntax.secret_min, cases[i].least);
		if (syntax.secret)
			assert_int_equal(
				ks_node_always_sets(syntax.root, syntax.secret),
				cases[i].is_always_set);
		ks_arena_release(&arena);
	}
}

/* Any bytes at all: an answer, never a crash. */
static void test_syntax__survives_noise(void **state)
{
	static const char alphabet[] = "()[]{}?*+|\\^$.:<>=!#-,0123Pabgikxsn' ";
	unsigned taken = 0;
	char text[24];

	(void)state;
	srandom(7);
	for (unsigned round = 0; round < 200000; round++) {
		struct ks_arena arena = { 0 };
		struct ks_syntax syntax;
		size_t n = (size_t)(random() % 20);

		for (size_t i = 0; i < n; i++)
			text[i] = alphabet[(size_t)random() %
					   (sizeof(alphabet) - 1)];
		text[n] = '\0';
		taken += ks_syntax_parse(&syntax, &arena, text, NULL) == KS_OK;
		ks_arena_release(&arena);
	}
	assert_true(taken > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syntax__reads_patterns),
		cmocka_unit_test(test_syntax__refuses_what_it_does_not_know),
		cmocka_unit_test(test_syntax__bounds_nesting_and_size),
		cmocka_unit_test(test_syntax__tells_how_far_a_match_looks),
		cmocka_unit_test(test_syntax__finds_the_secret),
		cmocka_unit_test(test_syntax__survives_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
