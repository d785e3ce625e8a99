/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "source/alternates.h"

#include <stdio.h>
#include <sys/stat.h>

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

static void test_alternates__unquotes(void **state)
{
	struct context *context = *state;

	put(context, "a",
		"\"../b\"\n\"../\\\"c\\\\\"\n\"../d\\303\\244\\t\"\n"
		"\"../\\q\"\n\"../e\n");
	put(context, "b", "");
	put(context, "\"c\\", "");
	put(context, "d\303\244\t", "");
	/* Badly quoted ones are names as they stand. */
	EXPECT("a", "a", "b", "\"c\\", "d\303\244\t", "\\q\"", "e");
}

static void test_alternates__takes_lists_of_the_environment(void **state)
{
	struct context *context = *state;
	char list[512];

	put(context, "a", "");
	put(context, "b", "../c\n");
	put(context, "c", "");
	snprintf(list, sizeof(list), "%s/a::\"%s/\\142\":%s/a", context->dir,
		context->dir, context->dir);
	assert_int_equal(
		ks_dirs_add_list(&context->dirs, list, &context->arena, NULL),
		KS_OK);
	assert_int_equal(context->dirs.count, 3);
	assert_string_equal(strrchr(context->dirs.list[1], '/'), "/b");
	assert_string_equal(strrchr(context->dirs.list[2], '/'), "/c");
}

/* Each is compared with few others: more would take minutes. */
static void test_alternates__takes_many(void **state)
{
	enum {
		MANY = 20000
	};
	struct context *context = *state;
	struct ks_buf text = { 0 };
	char path[256];

	for (int twice = 0; twice < 2; twice++) {
		for (int i = 0; i < MANY; i++)
			assert_int_equal(
				ks_buf_printf(&text, "/nowhere/%d\n", i),
				KS_OK);
	}
	put(context, "a", ks_buf_str(&text));
	ks_buf_release(&text);
	snprintf(path, sizeof(path), "%s/a", context->dir);
	assert_int_equal(
		ks_dirs_find(&context->dirs, path, &context->arena, NULL),
		KS_OK);
	assert_int_equal(context->dirs.count, MANY + 1);
	assert_string_equal(context->dirs.list[MANY], "/nowhere/19999");
}

static void test_alternates__of_no_file_are_an_error(void **state)
{
	struct context *context = *state;
	struct ks_err err = { 0 };
	char path[256];

	put(context, "a", "../b\n");
	test_file_write(context->dir, "b/info/x", ks_span_str(""));
	snprintf(path, sizeof(path), "%s/b/info/alternates", context->dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(path, sizeof(path), "%s/a", context->dir);
	assert_int_equal(
		ks_dirs_find(&context->dirs, path, &context->arena, &err),
		KS_E_IO);
	assert_non_null(strstr(err.message, "b/info/alternates"));
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
		TEST(test_alternates__unquotes),
		TEST(test_alternates__takes_lists_of_the_environment),
		TEST(test_alternates__takes_many),
		TEST(test_alternates__of_no_file_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
