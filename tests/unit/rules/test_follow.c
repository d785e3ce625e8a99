/* SPDX-License-Identifier: Apache-2.0 */
/* What has to follow the fixed text of an anchor. */
#include "rules/follow.h"

#include "rules/anchor.h"
#include "rules/syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Of an anchor "key...", what follows it. False: nothing is split off. */
static bool split(struct ks_follow *out, const char *pattern)
{
	struct ks_arena arena = { 0 };
	struct ks_err err = { 0 };
	struct ks_syntax syntax;
	struct ks_node *anchor;
	struct ks_node *head;
	struct ks_node *rest;
	bool is_split;

	if (ks_syntax_parse(&syntax, &arena, pattern, &err) < 0 ||
		ks_anchor_derive(&anchor, &arena, syntax.root, &err) < 0)
		fail_msg("%s: %s", pattern, err.message);
	assert_int_equal(ks_anchor_split(&head, &rest, &arena, anchor), 0);
	is_split = rest->first && ks_follow_make(out, rest);
	ks_arena_release(&arena);
	return is_split;
}

static void test_follow__takes_what_the_anchor_goes_on_with(void **state)
{
	static const struct {
		const char *text;
		bool is_taken;
	} cases[] = {
		{ "=x", true },
		{ "=y", true },
		{ "=", false },
		{ "", false },
		{ "abcdefgh=x", true },
		{ "abcdefgh =y", false },
		{ "abc\"=y", true },
		{ "\"\"=y", true },
		{ "\"abc=y", false },
		{ "abc->xyx", false },
		{ "abc->xyxy", true },
		{ "->xyx=x", false },
		{ "->xyxyxyxyxy", true },
	};
	struct ks_follow follow;

	(void)state;
	assert_true(
		split(&follow, "key[a-z]{0,8}\"{0,2}(?:=[xy]|->(?:xy){2,5})"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (ks_follow_begins(&follow, ks_span_str(cases[i].text)) !=
			cases[i].is_taken)
			fail_msg("'%s'", cases[i].text);
	}
}

static void test_follow__ends_within_its_reach(void **state)
{
	struct ks_follow follow;

	(void)state;
	assert_true(split(&follow, "key[a-z]{0,8}="));
	assert_int_equal(follow.reach, 9);
	assert_true(ks_follow_begins(&follow, ks_span_str("abcdefgh=")));
	assert_false(ks_follow_begins(&follow, ks_span_str("abcdefghi=")));
}

static void test_follow__takes_anything_for_want_of_positions(void **state)
{
	enum {
		SETS = 70 /* that say so little that the anchor goes on */
	};
	char pattern[32 + 4 * SETS] = "key[a-z]{0,8}";
	char text[SETS + 1] = "";
	struct ks_follow follow;

	(void)state;
	for (unsigned i = 0; i < SETS; i++)
		strcat(pattern, "[^a]");
	strcat(pattern, "xyz=");
	assert_true(split(&follow, pattern));
	assert_int_equal(follow.reach, 8 + SETS + 4);
	memset(text, '-', SETS);
	assert_true(ks_follow_begins(&follow, ks_span_str(text)));
	text[KS_FOLLOW_POSITIONS - 2] = '\0';
	assert_false(ks_follow_begins(&follow, ks_span_str(text)));
	text[KS_FOLLOW_POSITIONS - 2] = '-';
	text[10] = 'a';
	assert_false(ks_follow_begins(&follow, ks_span_str(text)));
}

static void test_follow__is_of_what_varies_behind_fixed_text(void **state)
{
	struct ks_follow follow;

	(void)state;
	assert_false(split(&follow, "key[a-z]{0,7}="));
	assert_false(split(&follow, "key[a-z]{8}="));
	assert_false(split(&follow, "[a-z]{0,8}key="));
	assert_false(split(&follow, "(?:key[a-z]{0,8}=|pass=)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_follow__takes_what_the_anchor_goes_on_with),
		cmocka_unit_test(test_follow__ends_within_its_reach),
		cmocka_unit_test(
			test_follow__takes_anything_for_want_of_positions),
		cmocka_unit_test(
			test_follow__is_of_what_varies_behind_fixed_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
