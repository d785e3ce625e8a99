/* SPDX-License-Identifier: Apache-2.0 */
/* How far from a match's start a token run is, as told by the pattern. */
#include "rules/token_reach.h"

#include "rules/syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void expect_reach(const char *pattern, uint32_t reach)
{
	struct ks_arena arena = { 0 };
	struct ks_syntax syntax;
	struct ks_err err = { 0 };

	if (ks_syntax_parse(&syntax, &arena, pattern, &err) < 0)
		fail_msg("%s: %s", pattern, err.message);
	if (ks_token_reach(syntax.root) != reach)
		fail_msg("%s: %u instead of %u", pattern,
			ks_token_reach(syntax.root), reach);
	ks_arena_release(&arena);
}

static void test_token_reach__counts_to_the_run(void **state)
{
	(void)state;
	expect_reach("ab_(?<secret>[0-9a-f]{32})", 35);
	expect_reach("ab\\.(?<secret>[0-9a-f]{32,64})", 35);
	expect_reach("key.{0,10}=(?<secret>[0-9a-f]{32})", 46);
	expect_reach("(?<!x)(?<secret>[0-9a-f]{16}(?:[0-9a-f]{16})?)(?!x)", 16);
	expect_reach("(?:a|bcd)\\.(?<secret>[A-Za-z0-9]{36})", 40);
	expect_reach("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 23);
}

static void test_token_reach__wants_a_digit_or_mixed_case(void **state)
{
	(void)state;
	expect_reach("(?<secret>[a-z]{40})", 0);
	expect_reach("(?<secret>[a-z0-9]{32})", 0);
	expect_reach("(?<secret>[a-z0-9]{48})", 48);
	expect_reach("(?<secret>[A-Za-z0-9]{20})", 0);
	expect_reach("(?<secret>[A-Za-z0-9]{32})", 32);
	expect_reach("(?<secret>(?=[^0-9]{0,19}[0-9])[A-Za-z0-9]{20})", 20);
	expect_reach("(?<secret>(?=[^0-9]{0,39}[0-9])[A-Za-z]{20})", 0);
	expect_reach("(?<secret>(?![^0-9]{0,19}[0-9])[A-Za-z0-9]{20})", 0);
}

static void test_token_reach__wants_the_run_in_each_match(void **state)
{
	(void)state;
	expect_reach("(?<secret>[0-9a-f]{15})", 0);
	expect_reach("(?<secret>[0-9a-f]{8}\\.[0-9a-f]{8})", 0);
	expect_reach("(?<secret>[0-9a-f]{32}|pass)", 0);
	expect_reach("(?:[0-9a-f]{32})?(?<secret>x)", 0);
	expect_reach("(?<secret>[0-9a-f:]{32})", 0);
	expect_reach("(?<=[0-9a-f]{32})(?<secret>x)", 0);
}

static void test_token_reach__is_bounded(void **state)
{
	(void)state;
	expect_reach("key.{0,216}=(?<secret>[0-9a-f]{32})", 252);
	expect_reach("key.{0,224}=(?<secret>[0-9a-f]{32})", 256);
	expect_reach("key.{0,240}=(?<secret>[0-9a-f]{32})", 0);
	expect_reach("key.*=(?<secret>[0-9a-f]{32})", 0);
	expect_reach("(?<secret>[0-9a-f]{32})x.*", 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token_reach__counts_to_the_run),
		cmocka_unit_test(test_token_reach__wants_a_digit_or_mixed_case),
		cmocka_unit_test(test_token_reach__wants_the_run_in_each_match),
		cmocka_unit_test(test_token_reach__is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
