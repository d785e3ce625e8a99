/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/rules.h"

static const struct test_rule rules[] = {
	{ "id", "ident=(?<secret>[0-9]{4})", NULL },
	{ "key", "\\b(?<secret>[a-z]{6})\\b",
		"  near: {id: id, within_lines: 1}\n" },
	{ "same-line", "\\b(?<secret>[A-Z]{6})\\b",
		"  near: {id: id, within_lines: 0}\n" },
};

enum {
	ID,
	KEY,
	SAME_LINE
};

static int set_up(void **state)
{
	static struct test_engine engine;

	test_engine_open(&engine, rules, sizeof(rules) / sizeof(*rules));
	*state = &engine;
	return 0;
}

static int tear_down(void **state)
{
	test_engine_close(*state);
	return 0;
}

/* How many matches of ${rule} are in ${text}, by both engines. */
static size_t count_of(
	const struct test_engine *engine, uint32_t rule, struct ks_span text)
{
	struct ks_matcher *matchers[] = { engine->fast, engine->reference };
	struct ks_subject subject = { .bytes = text };
	struct ks_matches matches = { 0 };
	size_t counts[2] = { 0 };

	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			ks_matcher_scan(matchers[i], &subject, &matches, NULL),
			KS_OK);
		for (size_t m = 0; m < matches.count; m++)
			counts[i] += matches.list[m].rule == rule;
	}
	assert_int_equal(counts[0], counts[1]);
	ks_matches_release(&matches);
	return counts[0];
}

static size_t count(void **state, uint32_t rule, const char *text)
{
	return count_of(*state, rule, ks_span_str(text));
}

static void test_near__finds_nothing_alone(void **state)
{
	assert_int_equal(count(state, KEY, "secret\nABCDEF\n"), 0);
	assert_int_equal(count(state, ID, "ident=1234\n"), 1);
}

static void test_near__looks_so_many_lines_each_way(void **state)
{
	assert_int_equal(count(state, KEY, "ident=1234\nsecret\n"), 1);
	assert_int_equal(count(state, KEY, "ident=1234\n\nsecret\n"), 0);
	assert_int_equal(count(state, KEY, "secret\nident=1234"), 1);
	assert_int_equal(count(state, KEY, "secret\n\nident=1234"), 0);
	assert_int_equal(count(state, KEY, "secret ident=1234 hidden"), 2);
}

static void test_near__keeps_to_the_line(void **state)
{
	assert_int_equal(
		count(state, SAME_LINE, "ABCDEF\nident=1234\nABCDEF"), 0);
	assert_int_equal(
		count(state, SAME_LINE, "A\nABCDEF ident=1234 FEDCBA\nB"), 2);
}

static void test_near__finds_once_what_is_near_to_two(void **state)
{
	assert_int_equal(
		count(state, KEY, "ident=1234\nsecret\nident=5678\n"), 1);
}

/* In a line of megabytes it looks at some thousand bytes each way. */
static void test_near__does_not_look_through_endless_lines(void **state)
{
	struct ks_buf text = { 0 };

	assert_int_equal(ks_buf_add_str(&text, "secret "), KS_OK);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(ks_buf_add_byte(&text, '.'), KS_OK);
	assert_int_equal(
		ks_buf_add_str(&text, "hidden ident=1234 secret"), KS_OK);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(ks_buf_add_byte(&text, '.'), KS_OK);
	assert_int_equal(ks_buf_add_str(&text, " secret"), KS_OK);
	assert_int_equal(count_of(*state, KEY, ks_buf_span(&text)), 2);
	ks_buf_release(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_near__finds_nothing_alone),
		TEST(test_near__looks_so_many_lines_each_way),
		TEST(test_near__keeps_to_the_line),
		TEST(test_near__finds_once_what_is_near_to_two),
		TEST(test_near__does_not_look_through_endless_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
