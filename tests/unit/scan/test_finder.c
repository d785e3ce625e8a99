/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/rules.h"
#include "scan/finder.h"

#include <stdio.h>

/* What the secrets of these tests look like: nothing that means anything. */
#define A "q7Rt2Lp9Xv4K"
#define B "w3Zn8Hc5Bd6M"

static const struct test_rule rules[] = {
	{ "token", "tok_(?<secret>[A-Za-z0-9]{12})", NULL },
	{ "generic", "key=(?<secret>[A-Za-z0-9_]{8,40})", "  kind: generic\n" },
	{ "longer", "(?<secret>tok_[A-Za-z0-9]{12})", NULL },
	{ "ident", "ident:(?<secret>[A-Z0-9]{6})",
		"  pairs_with: {id: secret, within_lines: 2}\n" },
	{ "secret", "value:(?<secret>[A-Za-z0-9]{12})", NULL },
};

struct context {
	struct test_engine engine;
	struct ks_finder finder;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ 0 };
	test_engine_open(
		&context.engine, rules, sizeof(rules) / sizeof(*rules));
	*state = &context;
	return ks_finder_init(
		&context.finder, context.engine.patterns, false, NULL);
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_finder_release(&context->finder);
	test_engine_close(&context->engine);
	return 0;
}

/* What is found in ${text}: "offset-end:rule " of each. */
static const char *look(struct context *context, struct ks_span text)
{
	static char list[512];
	struct ks_subject subject = { .bytes = text };
	size_t n = 0;

	list[0] = '\0';
	assert_int_equal(
		ks_finder_look(&context->finder, &subject, NULL), KS_OK);
	for (size_t i = 0; i < context->finder.accepted_count; i++) {
		const struct ks_accepted *one = &context->finder.accepted[i];

		n += (size_t)snprintf(list + n, sizeof(list) - n, "%zu-%zu:%s ",
			one->raw_start, one->raw_end,
			context->engine.rules->list[one->match.rule].id);
	}
	return list;
}

static const char *look_str(struct context *context, const char *text)
{
	return look(context, ks_span_str(text));
}

static void test_finder__keeps_a_single_one(void **state)
{
	assert_string_equal(look_str(*state, "value:" A), "6-18:secret ");
	assert_string_equal(look_str(*state, "nothing"), "");
	assert_string_equal(look_str(*state, ""), "");
}

static void test_finder__prefers_the_specific_kind(void **state)
{
	/* The generic one is the longest. */
	assert_string_equal(
		look_str(*state, "key=tok_" A "_more"), "4-20:longer ");
}

static void test_finder__prefers_the_longer(void **state)
{
	assert_string_equal(look_str(*state, "tok_" A), "0-16:longer ");
}

static void test_finder__keeps_both_where_they_only_touch(void **state)
{
	assert_string_equal(look_str(*state, "tok_" A "tok_" B),
		"0-16:longer 16-32:longer ");
}

/*
 * The generic one overlaps both tokens; with the middle one gone the others
 * do not overlap one another.
 */
static void test_finder__resolves_a_chain(void **state)
{
	assert_string_equal(look_str(*state, "key=abc_tok_" A "tok_" B "_x"),
		"8-24:longer 24-40:longer ");
}

static void add_units(
	struct ks_buf *out, const char *text, bool is_big, bool with_mark)
{
	if (with_mark)
		assert_int_equal(
			ks_buf_add(out, is_big ? "\xfe\xff" : "\xff\xfe", 2),
			KS_OK);
	for (; *text; text++) {
		uint8_t unit[2] = { 0 };

		unit[is_big] = (uint8_t)*text;
		assert_int_equal(ks_buf_add(out, unit, 2), KS_OK);
	}
}

static void test_finder__places_utf16_in_the_raw_bytes(void **state)
{
	for (int big = 0; big < 2; big++) {
		struct ks_buf raw = { 0 };

		add_units(&raw, "value:" A, big, true);
		assert_string_equal(
			look(*state, ks_buf_span(&raw)), "14-38:secret ");
		ks_buf_reset(&raw);
		assert_int_equal(ks_buf_add_str(&raw, "\x80\x81\x82"), KS_OK);
		add_units(&raw, "value:" A, big, false);
		assert_string_equal(
			look(*state, ks_buf_span(&raw)), "15-39:secret ");
		ks_buf_release(&raw);
	}
}

static void test_finder__finds_text_of_both_widths(void **state)
{
	struct ks_buf raw = { 0 };

	assert_int_equal(ks_buf_add_str(&raw, "value:" A "\n\x80"), KS_OK);
	add_units(&raw, "value:" B, false, false);
	assert_string_equal(
		look(*state, ks_buf_span(&raw)), "6-18:secret 32-56:secret ");
	ks_buf_release(&raw);
}

static size_t run(struct context *context, const char *text)
{
	struct ks_subject subject = { .bytes = ks_span_str(text) };
	struct ks_where where = { .kind = KS_PLACE_FILE, .name = "file" };
	size_t found = 99;

	assert_int_equal(
		ks_finder_run(&context->finder, &subject, &where, &found, NULL),
		KS_OK);
	return found;
}

static void test_finder__counts_lines_and_columns(void **state)
{
	struct context *context = *state;
	const struct ks_hits *hits = &context->finder.hits;

	assert_int_equal(run(context, "one\n  value:" A "\n\ntok_" B), 2);
	assert_int_equal(hits->count, 2);
	assert_int_equal(hits->list[0].line, 2);
	assert_int_equal(hits->list[0].column, 9);
	assert_int_equal(hits->list[0].end_line, 2);
	assert_int_equal(hits->list[0].end_column, 20);
	assert_int_equal(hits->list[1].line, 4);
	assert_int_equal(hits->list[1].column, 1);
	assert_string_equal(hits->where[hits->list[0].where].name, "file");
}

static void test_finder__adds_no_place_without_a_secret(void **state)
{
	struct context *context = *state;

	assert_int_equal(run(context, "nothing here"), 0);
	assert_int_equal(context->finder.hits.where_count, 0);
}

/* The other half of ident ${n}, or NULL. */
static const struct ks_secret *half(const struct ks_hits *hits, size_t n)
{
	const struct ks_secret *secret = &hits->secrets[hits->list[n].secret];

	return secret->pair == KS_HITS_NONE ? NULL
					    : &hits->secrets[secret->pair];
}

static void test_finder__pairs_with_the_nearest(void **state)
{
	struct context *context = *state;
	const struct ks_hits *hits = &context->finder.hits;

	assert_int_equal(
		run(context, "value:" A "\n\nident:Q7R2L9\nvalue:" B), 3);
	assert_span_text(half(hits, 1)->bytes, B);
	assert_null(half(hits, 0)); /* only the ident asks for the other */
}

static void test_finder__pairs_only_within_its_lines(void **state)
{
	struct context *context = *state;

	assert_int_equal(run(context, "ident:Q7R2L9\n\n\nvalue:" B), 2);
	assert_null(half(&context->finder.hits, 0));
	assert_int_equal(run(context, "ident:Q7R2L9\n\nvalue:" B), 2);
	assert_non_null(half(&context->finder.hits, 0));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_finder__keeps_a_single_one),
		TEST(test_finder__prefers_the_specific_kind),
		TEST(test_finder__prefers_the_longer),
		TEST(test_finder__keeps_both_where_they_only_touch),
		TEST(test_finder__resolves_a_chain),
		TEST(test_finder__places_utf16_in_the_raw_bytes),
		TEST(test_finder__finds_text_of_both_widths),
		TEST(test_finder__counts_lines_and_columns),
		TEST(test_finder__adds_no_place_without_a_secret),
		TEST(test_finder__pairs_with_the_nearest),
		TEST(test_finder__pairs_only_within_its_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
