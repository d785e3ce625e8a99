/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/rules.h"
#include "scan/hide.h"

#define A "q7Rt2Lp9Xv4Kw3Zn8Hc5"

static const struct test_rule rules[] = {
	{ "token", "(?<secret>tok_[A-Za-z0-9]{20})", NULL },
	{ "other", "other=(?<secret>[A-Za-z0-9]{20})", NULL },
};

struct context {
	struct test_engine engine;
	struct ks_hide hide;
	struct ks_arena arena;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ 0 };
	test_engine_open(
		&context.engine, rules, sizeof(rules) / sizeof(*rules));
	*state = &context;
	return ks_hide_init(
		&context.hide, context.engine.patterns, false, NULL);
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_hide_release(&context->hide);
	ks_arena_release(&context->arena);
	test_engine_close(&context->engine);
	return 0;
}

static const char *hide(
	struct context *context, struct ks_span text, const char *secret)
{
	const char *out = ks_hide_text(&context->hide, &context->arena, text, 0,
		ks_span_str(secret), NULL, 0);

	assert_non_null(out);
	return out;
}

static void test_hide__leaves_alone_what_is_no_secret(void **state)
{
	assert_string_equal(
		hide(*state, ks_span_str("src/main.c"), ""), "src/main.c");
	assert_string_equal(hide(*state, ks_span_str(""), ""), "");
}

static void test_hide__redacts_what_the_rules_find(void **state)
{
	const char *out =
		hide(*state, ks_span_str("keys/tok_" A "/other=" A ".txt"), "");

	assert_null(strstr(out, A));
	assert_non_null(strstr(out, "keys/tok_"));
	assert_non_null(strstr(out, "/other="));
	assert_non_null(strstr(out, ".txt"));
}

/* No rule finds it here, but it is known to be a secret. */
static void test_hide__redacts_every_place_of_the_known_one(void **state)
{
	const char *out =
		hide(*state, ks_span_str("x" A "y and " A A " end"), A);

	assert_null(strstr(out, A));
	assert_non_null(strstr(out, "y and "));
	assert_non_null(strstr(out, " end"));
}

static void test_hide__does_not_look_for_a_few_bytes(void **state)
{
	assert_string_equal(
		hide(*state, ks_span_str("abc abc"), "abc"), "abc abc");
	assert_null(
		strstr(hide(*state, ks_span_str("abcd abc"), "abcd"), "abcd"));
}

static void test_hide__redacts_known_parts_that_overlap(void **state)
{
	struct context *context = *state;
	const struct ks_hidden known[] = { { 2, 8, 0 }, { 5, 12, 1 },
		{ 14, 99, 0 } };
	const char *out = ks_hide_text(&context->hide, &context->arena,
		ks_span_str("ab123456789zcd87654"), 0, ks_span_of(NULL, 0),
		known, 3);

	assert_non_null(out);
	assert_int_equal(strncmp(out, "ab", 2), 0);
	assert_null(strstr(out, "345"));
	assert_null(strstr(out, "789"));
	assert_null(strstr(out, "654"));
	assert_non_null(strstr(out, "cd"));
}

static void test_hide__redacts_utf16(void **state)
{
	const char secret[] = "tok_" A;
	char text[2 * sizeof(secret)];

	for (size_t i = 0; i < sizeof(secret) - 1; i++) {
		text[2 * i] = secret[i];
		text[2 * i + 1] = '\0';
	}
	assert_null(strstr(
		hide(*state, ks_span_of(text, 2 * (sizeof(secret) - 1)), ""),
		"2 L p 9 X v"));
}

static void test_hide__shows_all_if_asked_to(void **state)
{
	struct context *context = *state;

	context->hide.show = true;
	assert_string_equal(hide(context, ks_span_str("tok_" A), A), "tok_" A);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_hide__leaves_alone_what_is_no_secret),
		TEST(test_hide__redacts_what_the_rules_find),
		TEST(test_hide__redacts_every_place_of_the_known_one),
		TEST(test_hide__does_not_look_for_a_few_bytes),
		TEST(test_hide__redacts_known_parts_that_overlap),
		TEST(test_hide__redacts_utf16),
		TEST(test_hide__shows_all_if_asked_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
