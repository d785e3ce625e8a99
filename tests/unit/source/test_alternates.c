/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "source/alternates.h"

#include <stdio.h>

struct context {
	char *dir;
	struct ks_arena arena;
	struct ks_dirs dirs;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ .dir = test_dir_new() };
	*state = &context;
	return 0;
}

static int tear_down(void **state)
{
	struct context *context = *state;

	test_dir_remove(context->dir);
	ks_dirs_release(&context->dirs);
	ks_arena_release(&context->arena);
	return 0;
}

/* The objects folder ${name} names ${alternates}. */
static void put(
	struct context *context, const char *name, const char *alternates)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/info/alternates", name);
	test_file_write(context->dir, path, ks_span_str(alternates));
}

/* The folders of ${name} are those of the NULL-terminated ${expected}. */
static void expect(
	struct context *context, const char *name, const char *const *expected)
{
	char path[512];
	size_t i;

	snprintf(path, sizeof(path), "%s/%s", context->dir, name);
	assert_int_equal(
		ks_dirs_find(&context->dirs, path, &context->arena, NULL),
		KS_OK);
	for (i = 0; expected[i]; i++) {
		const char *end;

		assert_true(i < context->dirs.count);
		end = strrchr(context->dirs.list[i], '/');
		assert_non_null(end);
		assert_string_equal(end + 1, expected[i]);
	}
	assert_int_equal(context->dirs.count, i);
}

#define EXPECT(name, ...)                                                      \
	do {                                                                   \
		const char *const expected[] = { __VA_ARGS__, NULL };          \
		expect(*state, name, expected);                                \
	} while (0)

static void test_alternates__without_any_there_is_one(void **state)
{
	test_file_write(
		((struct context *)*state)->dir, "a/x", ks_span_str(""));
	EXPECT("a", "a");
}

static void test_alternates__follows_relative_and_absolute_ones(void **state)
{
	struct context *context = *state;
	char text[512];

	snprintf(text, sizeof(text), "# a comment\n../b\n\n%s/c\n",
		context->dir);
	put(context, "a", text);
	put(context, "b", "../d\n");
	put(context, "c", "");
	put(context, "d", "");
	EXPECT("a", "a", "b", "c", "d");
}

static void test_alternates__goes_round_no_circle(void **state)
{
	put(*state, "a", "../b\n../a\n../b/../b\n");
	put(*state, "b", "../a\n../b");
	EXPECT("a", "a", "b");
}

static void test_alternates__goes_five_deep(void **state)
{
	static const char *const names[] = { "0", "1", "2", "3", "4", "5",
		"6" };

	for (int i = 0; i < 7; i++) {
		char text[16];

		snprintf(text, sizeof(text), "../%d", i + 1);
		put(*state, names[i], text);
	}
	EXPECT("0", "0", "1", "2", "3", "4", "5");
}

/* It is for the one who reads it to say that it is missing. */
static void test_alternates__lists_what_does_not_exist(void **state)
{
	put(*state, "a", "../nowhere\n");
	EXPECT("a", "a", "nowhere");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_alternates__without_any_there_is_one),
		TEST(test_alternates__follows_relative_and_absolute_ones),
		TEST(test_alternates__goes_round_no_circle),
		TEST(test_alternates__goes_five_deep),
		TEST(test_alternates__lists_what_does_not_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
