/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/rules.h"

static const struct test_rule rules[] = {
	{ "nested", "(?<secret>abab[ab]{0,4})", NULL },
	{ "allowed", "bar=(?<secret>[a-z0-9]{4,8})",
		"  allow: ['^dummy', 'x$']\n" },
	{ "slow", "slow(?<secret>(?:(?:a+)+)+)b", NULL },
	{ "guarded", "(?<!no )yes=(?<secret>[0-9]{2})(?!0)", NULL },
	{ "caseless", "(?i)Word=(?<secret>[0-9]+)", NULL },
};

enum {
	NESTED,
	ALLOWED,
	SLOW,
	GUARDED,
	CASELESS
};

struct context {
	struct test_engine engine;
	struct ks_confirm confirm;
	struct ks_matches matches;
	struct ks_confirm_last last;
	const struct ks_judge *judge;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ 0 };
	test_engine_open(
		&context.engine, rules, sizeof(rules) / sizeof(*rules));
	*state = &context;
	return ks_confirm_init(&context.confirm, context.engine.patterns, NULL);
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_confirm_release(&context->confirm);
	ks_matches_release(&context->matches);
	test_engine_close(&context->engine);
	return 0;
}

/* Confirm ${rule} in ${text} at each start of [from, to]. */
static void at(struct context *context, uint32_t rule, const char *text,
	size_t from, size_t to)
{
	context->matches.count = 0;
	context->last = (struct ks_confirm_last){ 0, 0 };
	assert_int_equal(ks_confirm_at(&context->confirm, rule,
				 ks_span_str(text), from, to, context->judge,
				 &context->matches, &context->last, NULL),
		KS_OK);
}

static void expect_secret(
	const struct context *context, size_t i, size_t start, size_t end)
{
	assert_true(i < context->matches.count);
	assert_int_equal(context->matches.list[i].secret_start, start);
	assert_int_equal(context->matches.list[i].secret_end, end);
}

static void test_confirm__tries_every_start(void **state)
{
	struct context *context = *state;

	at(context, NESTED, "xabababxabab", 0, 11);
	assert_int_equal(context->matches.count, 3);
	expect_secret(context, 0, 1, 7);
	expect_secret(context, 1, 3, 7);
	expect_secret(context, 2, 8, 12);
	assert_int_equal(context->last.kept, 9);
}

static void test_confirm__keeps_to_its_starts(void **state)
{
	struct context *context = *state;

	at(context, NESTED, "xabababxabab", 2, 7);
	assert_int_equal(context->matches.count, 1);
	expect_secret(context, 0, 3, 7);
	at(context, NESTED, "xabababxabab", 4, 7);
	assert_int_equal(context->matches.count, 0);
	assert_int_equal(context->last.kept, 0);
	at(context, NESTED, "xabab", 5, 100);
	assert_int_equal(context->matches.count, 0);
}

static void test_confirm__searches_to_the_same_end(void **state)
{
	struct context *context = *state;
	struct ks_span text = ks_span_str("xabababxabab");

	assert_int_equal(ks_confirm_search(&context->confirm, NESTED, text, 0,
				 7, &context->matches, NULL),
		KS_OK);
	assert_int_equal(context->matches.count, 2);
	expect_secret(context, 0, 1, 7);
	expect_secret(context, 1, 3, 7);
}

static void test_confirm__drops_what_is_allowed(void **state)
{
	struct context *context = *state;

	at(context, ALLOWED, "bar=dummy1 bar=1234x bar=adummy", 0, 31);
	assert_int_equal(context->matches.count, 1);
	expect_secret(context, 0, 25, 31);
}

static void test_confirm__sees_what_stands_around(void **state)
{
	struct context *context = *state;

	at(context, GUARDED, "yes=12 no yes=12 yes=120 yes=34", 0, 30);
	assert_int_equal(context->matches.count, 2);
	expect_secret(context, 0, 4, 6);
	expect_secret(context, 1, 29, 31);
}

static void test_confirm__knows_both_cases_of_the_first_byte(void **state)
{
	struct context *context = *state;

	at(context, CASELESS, "word=1 WORD=2 wOrD=3", 0, 19);
	assert_int_equal(context->matches.count, 3);
}

static void test_confirm__counts_what_it_gave_up(void **state)
{
	struct context *context = *state;
	char text[64] = "slow";

	memset(text + 4, 'a', 50);
	text[54] = 'c';
	text[55] = 'b'; /* without one PCRE2 would not even try */
	at(context, SLOW, text, 0, 10);
	assert_int_equal(context->matches.count, 0);
	assert_int_equal(context->confirm.gave_up, 1);
	assert_int_equal(context->confirm.gave_up_rule, SLOW);
	/* Nobody knows whether it would have matched. */
	assert_int_equal(context->last.kept, 1);
	at(context, SLOW, "slowaab", 0, 3);
	assert_int_equal(context->matches.count, 1);
	assert_int_equal(context->confirm.gave_up, 1);
}

static void test_confirm__says_which_pattern_is_wrong(void **state)
{
	static const struct ks_rule wrong[] = { { .id = "broken",
		.pattern = "abc(" } };
	static const struct ks_rules set = { .list = wrong, .count = 1 };
	struct ks_patterns *patterns;
	struct ks_confirm confirm;
	struct ks_matches matches = { 0 };
	struct ks_err err = { 0 };
	struct ks_confirm_last last = { 0, 0 };

	(void)state;
	assert_int_equal(ks_patterns_new(&patterns, &set, NULL, NULL), KS_OK);
	assert_int_equal(ks_confirm_init(&confirm, patterns, NULL), KS_OK);
	assert_int_equal(ks_confirm_at(&confirm, 0, ks_span_str("abc"), 0, 0,
				 NULL, &matches, &last, &err),
		KS_E_RULE);
	assert_non_null(strstr(err.message, "'broken'"));
	ks_confirm_release(&confirm);
	ks_patterns_free(patterns);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_confirm__tries_every_start),
		TEST(test_confirm__keeps_to_its_starts),
		TEST(test_confirm__searches_to_the_same_end),
		TEST(test_confirm__drops_what_is_allowed),
		TEST(test_confirm__sees_what_stands_around),
		TEST(test_confirm__knows_both_cases_of_the_first_byte),
		TEST(test_confirm__counts_what_it_gave_up),
		TEST(test_confirm__says_which_pattern_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
