/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "lib/packs.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct context {
	char *dir;
	char path[256];
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ .dir = test_dir_new() };
	snprintf(context.path, sizeof(context.path), "%s/x", context.dir);
	*state = &context;
	return 0;
}

static int tear_down(void **state)
{
	struct context *context = *state;

	test_dir_remove(context->dir);
	return 0;
}

/* By all that opens a file. */
static void expect(struct context *context, int open_rc, int read_rc)
{
	struct ks_buf buf = { 0 };
	struct ks_map map = { 0 };
	struct ks_err err = { 0 };
	uint64_t size = 0;
	int fd = -1;

	assert_int_equal(
		ks_file_open(&fd, &size, context->path, &err), open_rc);
	assert_int_equal(err.code, open_rc);
	if (open_rc == KS_OK) {
		assert_int_equal(size, 5);
		close(fd);
	}
	assert_int_equal(ks_buf_read_file(&buf, context->path, NULL), read_rc);
	assert_int_equal(buf.n, read_rc == KS_OK ? 5 : 0);
	assert_int_equal(ks_map_open(&map, context->path, NULL), open_rc);
	assert_int_equal(map.bytes.n, open_rc == KS_OK ? 5 : 0);
	ks_map_close(&map);
	ks_buf_release(&buf);
}

static void test_file__opens_a_file(void **state)
{
	struct context *context = *state;

	test_file_write(context->dir, "x", ks_span_str("hello"));
	expect(context, KS_OK, KS_OK);
}

static void test_file__follows_a_symlink(void **state)
{
	struct context *context = *state;

	test_file_write(context->dir, "y", ks_span_str("hello"));
	assert_int_equal(symlink("y", context->path), 0);
	expect(context, KS_OK, KS_OK);
}

static void test_file__tells_what_is_not_there(void **state)
{
	expect(*state, KS_E_NOTFOUND, KS_E_IO);
}

/* Opening any of the first two would wait, or read for ever. */
static void test_file__opens_nothing_else(void **state)
{
	struct context *context = *state;

	assert_int_equal(mkfifo(context->path, 0600), 0);
	expect(context, KS_E_IO, KS_E_IO);
	unlink(context->path);
	assert_int_equal(symlink("/dev/zero", context->path), 0);
	expect(context, KS_E_IO, KS_E_IO);
	unlink(context->path);
	assert_int_equal(symlink("x", context->path), 0);
	expect(context, KS_E_IO, KS_E_IO);
	unlink(context->path);
	assert_int_equal(mkdir(context->path, 0700), 0);
	expect(context, KS_E_IO, KS_E_IO);
}

static void test_file__reads_no_more_than_allowed(void **state)
{
	struct context *context = *state;
	struct ks_buf buf = { 0 };

	test_file_write(context->dir, "x", ks_span_str("hello"));
	assert_int_equal(
		ks_buf_read_file_max(&buf, context->path, 5, NULL), KS_OK);
	assert_int_equal(
		ks_buf_read_file_max(&buf, context->path, 4, NULL), KS_E_LIMIT);
	ks_buf_release(&buf);
}

static void test_file__is_replaced_as_a_whole(void **state)
{
	struct context *context = *state;
	struct ks_buf buf = { 0 };
	struct ks_err err = { 0 };
	struct stat st;

	test_file_write(context->dir, "x", ks_span_str("what was there"));
	assert_int_equal(
		ks_file_replace(context->path, ks_span_str("new"), 0640, &err),
		KS_OK);
	assert_int_equal(ks_buf_read_file(&buf, context->path, &err), KS_OK);
	assert_span_text(ks_buf_span(&buf), "new");
	assert_int_equal(stat(context->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	unlink(context->path);
	assert_int_equal(mkdir(context->path, 0700), 0);
	assert_int_equal(
		ks_file_replace(context->path, ks_span_str("new"), 0640, &err),
		KS_E_IO);
	/* Nothing half written stays beside it. */
	test_shell(context->dir, "test \"$(ls)\" = x");
	ks_buf_release(&buf);
}

static void test_file__is_made_only_where_there_is_none(void **state)
{
	struct context *context = *state;
	struct ks_buf buf = { 0 };
	struct ks_err err = { 0 };
	struct stat st;

	assert_int_equal(
		ks_file_make(context->path, ks_span_str("first"), 0600, &err),
		KS_OK);
	assert_int_equal(
		ks_file_make(context->path, ks_span_str("second"), 0600, &err),
		KS_E_IO);
	assert_int_equal(ks_buf_read_file(&buf, context->path, &err), KS_OK);
	assert_span_text(ks_buf_span(&buf), "first");
	assert_int_equal(stat(context->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	ks_buf_release(&buf);
}

static void test_file__is_read_line_by_line(void **state)
{
	struct ks_span rest = ks_span_str("one\n\nthree");
	struct ks_span line;

	(void)state;
	assert_true(ks_span_next_line(&rest, &line));
	assert_span_text(line, "one");
	assert_true(ks_span_next_line(&rest, &line));
	assert_int_equal(line.n, 0);
	assert_true(ks_span_next_line(&rest, &line));
	assert_span_text(line, "three");
	assert_false(ks_span_next_line(&rest, &line));
	rest = ks_span_str("one\n");
	assert_true(ks_span_next_line(&rest, &line));
	assert_false(ks_span_next_line(&rest, &line));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_file__opens_a_file),
		TEST(test_file__follows_a_symlink),
		TEST(test_file__tells_what_is_not_there),
		TEST(test_file__opens_nothing_else),
		TEST(test_file__reads_no_more_than_allowed),
		TEST(test_file__is_replaced_as_a_whole),
		TEST(test_file__is_made_only_where_there_is_none),
		TEST(test_file__is_read_line_by_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
