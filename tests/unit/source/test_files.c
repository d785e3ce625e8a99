/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "source/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct context {
	char *dir;
	char told[1024];
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
	test_dir_remove(((struct context *)*state)->dir);
	return 0;
}

static void note(struct context *context, const char *path, const char *mark)
{
	size_t n = strlen(context->told);

	snprintf(context->told + n, sizeof(context->told) - n, "%s%s ",
		path + strlen(context->dir), mark);
}

static int on_file(
	void *payload, const char *path, bool is_symlink, struct ks_err *err)
{
	(void)err;
	note(payload, path, is_symlink ? "@" : "");
	return KS_OK;
}

static int on_skip(void *payload, const char *path, bool is_special,
	const struct ks_err *why, struct ks_err *err)
{
	(void)why;
	(void)err;
	note(payload, path, is_special ? "?" : "!");
	return KS_OK;
}

static int walk(struct context *context, const char *name)
{
	struct ks_files_visitor visitor = { on_file, on_skip, context };
	char path[512];

	snprintf(path, sizeof(path), "%s%s", context->dir, name);
	return ks_files_walk(path, &visitor, NULL);
}

static void put(struct context *context, const char *name)
{
	test_file_write(context->dir, name, ks_span_str("text"));
}

static void test_files__are_visited_by_name(void **state)
{
	struct context *context = *state;

	put(context, "b");
	put(context, "a/z");
	put(context, "a/.hidden");
	put(context, "a.txt");
	put(context, "c/.git/config");
	put(context, "c/.gitignore");
	assert_int_equal(walk(context, ""), KS_OK);
	assert_string_equal(
		context->told, "/a/.hidden /a/z /a.txt /b /c/.gitignore ");
}

static void test_files__takes_one(void **state)
{
	put(*state, "a");
	assert_int_equal(walk(*state, "/a"), KS_OK);
	assert_string_equal(((struct context *)*state)->told, "/a ");
}

static void test_files__does_not_follow_links_it_meets(void **state)
{
	struct context *context = *state;
	char link[512];

	put(context, "a/b");
	snprintf(link, sizeof(link), "%s/link", context->dir);
	assert_int_equal(symlink("a", link), 0);
	assert_int_equal(walk(context, ""), KS_OK);
	assert_string_equal(context->told, "/a/b /link@ ");
}

static void test_files__passes_over_pipes(void **state)
{
	struct context *context = *state;
	char pipe[512];

	snprintf(pipe, sizeof(pipe), "%s/pipe", context->dir);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(walk(context, ""), KS_OK);
	assert_string_equal(context->told, "/pipe? ");
}

static void test_files__says_what_does_not_exist(void **state)
{
	assert_int_equal(walk(*state, "/nowhere"), KS_E_IO);
}

static void test_files__reads_up_to_a_limit(void **state)
{
	struct context *context = *state;
	struct ks_buf out = { 0 };
	char path[512];
	int fd;

	put(context, "four");
	snprintf(path, sizeof(path), "%s/four", context->dir);
	for (uint64_t limit = 3; limit < 6; limit++) {
		fd = open(path, O_RDONLY);
		assert_true(fd >= 0);
		assert_int_equal(
			ks_files_read_fd(&out, fd, "four", limit, NULL, NULL),
			limit < 4 ? KS_E_LIMIT : KS_OK);
		if (limit >= 4)
			assert_span_text(ks_buf_span(&out), "text");
		close(fd);
	}
	ks_buf_release(&out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_files__are_visited_by_name),
		TEST(test_files__takes_one),
		TEST(test_files__does_not_follow_links_it_meets),
		TEST(test_files__passes_over_pipes),
		TEST(test_files__says_what_does_not_exist),
		TEST(test_files__reads_up_to_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
