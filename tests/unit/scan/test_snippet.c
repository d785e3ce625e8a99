/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "lib/packs.h"
#include "lib/rules.h"
#include "scan/snippet.h"

#include <stdio.h>

#define A "q7Rt2Lp9Xv4Kw3Zn8Hc5"
#define B "Bd6MfJ8sYe1Gu5Tk0Pa2"
#define PIECE 6 /* bytes of a secret that may not be seen together */

static const struct test_rule rules[] = {
	{ "token", "token=(?<secret>[A-Za-z0-9]{20})", NULL },
};

struct context {
	struct test_engine engine;
	struct ks_finder finder;
	struct ks_hide hide;
	struct ks_snippets snippets;
	struct ks_arena arena;
	char *dir;
	char path[256];
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ .dir = test_dir_new() };
	test_engine_open(&context.engine, rules, 1);
	snprintf(context.path, sizeof(context.path), "%s/file", context.dir);
	*state = &context;
	assert_int_equal(ks_hide_init(&context.hide, context.engine.patterns,
				 false, NULL),
		KS_OK);
	return ks_finder_init(
		&context.finder, context.engine.patterns, false, NULL);
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_snippets_release(&context->snippets);
	ks_hide_release(&context->hide);
	ks_finder_release(&context->finder);
	ks_arena_release(&context->arena);
	test_engine_close(&context->engine);
	test_dir_remove(context->dir);
	return 0;
}

/* Find the secrets in the file of ${bytes}: ${count} there must be. */
static void find(struct context *context, struct ks_span bytes, size_t count)
{
	struct ks_subject subject = { .bytes = bytes };
	struct ks_where where = { .kind = KS_PLACE_FILE,
		.name = context->path };
	size_t found;

	test_file_write(context->dir, "file", bytes);
	assert_int_equal(
		ks_finder_run(&context->finder, &subject, &where, &found, NULL),
		KS_OK);
	assert_int_equal(found, count);
	assert_int_equal(
		ks_snippets_init(&context->snippets, &context->finder.hits,
			NULL, &context->hide, &context->arena, 1 << 20),
		KS_OK);
}

static const char *snippet(struct context *context, size_t hit)
{
	const char *text = ks_snippet_of(
		&context->snippets, &context->finder.hits.list[hit]);

	assert_non_null(text);
	return text;
}

/* No PIECE bytes of ${secret}, with ${step} - 1 blanks between, are seen. */
static void expect_hidden(const char *text, const char *secret, size_t step)
{
	for (size_t i = 0; i + PIECE <= strlen(secret); i++) {
		char piece[4 * PIECE + 1] = { 0 };

		for (size_t b = 0; b < PIECE; b++) {
			piece[step * b] = secret[i + b];
			if (step == 2 && b + 1 < PIECE)
				piece[2 * b + 1] = ' ';
		}
		if (strstr(text, piece))
			fail_msg("'%s' is seen in '%s'", piece, text);
	}
}

static void test_snippet__shows_the_line_only(void **state)
{
	const char *text;

	find(*state, ks_span_str("before\nset token=" A "; end\nbehind\n"), 1);
	text = snippet(*state, 0);
	expect_hidden(text, A, 1);
	assert_int_equal(strncmp(text, "set token=", 10), 0);
	assert_non_null(strstr(text, "; end"));
	assert_null(strstr(text, "before"));
	assert_null(strstr(text, "behind"));
	assert_null(strchr(text, '\n'));
}

static void test_snippet__is_short_in_a_long_line(void **state)
{
	struct ks_buf line = { 0 };

	for (int i = 0; i < 500; i++)
		assert_int_equal(ks_buf_add_str(&line, "<>"), KS_OK);
	assert_int_equal(ks_buf_add_str(&line, "token=" A), KS_OK);
	for (int i = 0; i < 500; i++)
		assert_int_equal(ks_buf_add_str(&line, "[]"), KS_OK);
	find(*state, ks_buf_span(&line), 1);
	assert_in_range(strlen(snippet(*state, 0)), KS_SNIPPET_SIDE,
		2 * KS_SNIPPET_SIDE + 20);
	ks_buf_release(&line);
}

/* Cut off, the other secret is one that no rule would find again. */
static void test_snippet__hides_a_secret_that_its_ends_cut(void **state)
{
	for (unsigned gap = 60; gap < 100; gap++) {
		struct context *context = *state;
		char line[400];

		snprintf(line, sizeof(line),
			"token=" B "%*s token=" A "%*s token=" B, (int)gap, "",
			(int)gap, "");
		find(context, ks_span_str(line), 3);
		for (size_t i = 0; i < 3; i++) {
			expect_hidden(snippet(context, i), A, 1);
			expect_hidden(snippet(context, i), B, 1);
		}
		tear_down(state);
		set_up(state);
	}
}

static void test_snippet__hides_utf16(void **state)
{
	struct context *context = *state;

	for (int odd = 0; odd < 2; odd++) {
		const char text[] = "the token=" A " and so on\nx";
		struct ks_buf raw = { 0 };

		if (odd)
			assert_int_equal(ks_buf_add_byte(&raw, 0x80), KS_OK);
		for (size_t i = 0; i < sizeof(text) - 1; i++) {
			assert_int_equal(
				ks_buf_add_byte(&raw, (uint8_t)text[i]), KS_OK);
			assert_int_equal(ks_buf_add_byte(&raw, 0), KS_OK);
		}
		find(context, ks_buf_span(&raw), 1);
		expect_hidden(snippet(context, 0), A, 2);
		expect_hidden(snippet(context, 0), A, 1);
		assert_non_null(strstr(snippet(context, 0), "t o k e n ="));
		ks_buf_release(&raw);
		tear_down(state);
		set_up(state);
	}
}

static void test_snippet__is_empty_when_the_file_is_gone(void **state)
{
	struct context *context = *state;

	find(context, ks_span_str("token=" A), 1);
	assert_int_equal(remove(context->path), 0);
	assert_string_equal(snippet(context, 0), "");
}

static void test_snippet__survives_a_file_that_changed(void **state)
{
	struct context *context = *state;

	find(context, ks_span_str("xxxxxxxxxxxxxxxx token=" A " token=" B), 2);
	test_file_write(context->dir, "file", ks_span_str("short"));
	assert_string_equal(snippet(context, 1), "");
	context->snippets.file_where = KS_HITS_NONE;
	test_file_write(context->dir, "file",
		ks_span_str("token=" B " token=" A " token="));
	expect_hidden(snippet(context, 0), A, 1);
	expect_hidden(snippet(context, 0), B, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_snippet__shows_the_line_only),
		TEST(test_snippet__is_short_in_a_long_line),
		TEST(test_snippet__hides_a_secret_that_its_ends_cut),
		TEST(test_snippet__hides_utf16),
		TEST(test_snippet__is_empty_when_the_file_is_gone),
		TEST(test_snippet__survives_a_file_that_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
