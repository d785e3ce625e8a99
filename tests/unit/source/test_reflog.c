/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "source/reflog.h"

#include <stdio.h>

#define ID(digit) digit digit digit digit digit digit digit digit digit digit
#define HEX(digit) ID(digit) ID(digit) ID(digit) ID(digit)
#define WHO " A U Thor <author@example.com> 1700000000 +0000\twhy\n"

struct context {
	char *dir;
	char told[1024];
	unsigned calls;
	unsigned most; /* calls after which it is refused; 0: never */
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

/* "ref:first digit of the id " each. */
static int tell(void *payload, const char *ref, const struct ks_oid *oid)
{
	struct context *context = payload;
	size_t n = strlen(context->told);

	snprintf(context->told + n, sizeof(context->told) - n, "%s:%x ", ref,
		oid->id[0] & 15u);
	return ++context->calls == context->most ? -42 : 0;
}

static int read_all(struct context *context)
{
	char common[256];

	snprintf(common, sizeof(common), "%s/", context->dir);
	return ks_reflogs_read(common, KS_OID_SHA1, tell, context);
}

static void put(struct context *context, const char *name, const char *text)
{
	test_file_write(context->dir, name, ks_span_str(text));
}

static void test_reflog__tells_both_ids_once(void **state)
{
	struct context *context = *state;

	put(context, "logs/HEAD",
		HEX("0") " " HEX("1") WHO HEX("1") " " HEX("2")
			WHO HEX("3") " " HEX("1") WHO);
	assert_int_equal(read_all(context), 0);
	assert_string_equal(context->told, "HEAD:1 HEAD:2 HEAD:3 HEAD:1 ");
}

static void test_reflog__names_refs_in_folders(void **state)
{
	struct context *context = *state;

	put(context, "logs/refs/heads/a/b", HEX("0") " " HEX("1") WHO);
	assert_int_equal(read_all(context), 0);
	assert_string_equal(context->told, "refs/heads/a/b:1 ");
}

static void test_reflog__reads_those_of_worktrees(void **state)
{
	struct context *context = *state;

	put(context, "worktrees/other/logs/HEAD", HEX("0") " " HEX("7") WHO);
	assert_int_equal(read_all(context), 0);
	assert_string_equal(context->told, "HEAD:7 ");
}

static void test_reflog__passes_over_what_is_no_line(void **state)
{
	struct context *context = *state;

	put(context, "logs/HEAD",
		"\n\nnonsense\n" HEX("0") "\n" HEX("g") " " HEX("1")
			WHO HEX("1") "-" HEX("1") WHO HEX("5") " " HEX("6")
				WHO HEX("8"));
	assert_int_equal(read_all(context), 0);
	assert_string_equal(context->told, "HEAD:5 HEAD:6 ");
}

static void test_reflog__reads_a_last_line_without_an_end(void **state)
{
	struct context *context = *state;

	put(context, "logs/HEAD", HEX("1") " " HEX("2"));
	assert_int_equal(read_all(context), 0);
	assert_string_equal(context->told, "HEAD:1 HEAD:2 ");
}

static void test_reflog__ends_when_told_to(void **state)
{
	struct context *context = *state;

	context->most = 1;
	put(context, "logs/HEAD", HEX("1") " " HEX("2") WHO);
	put(context, "worktrees/other/logs/HEAD", HEX("0") " " HEX("7") WHO);
	assert_int_equal(read_all(context), -42);
	assert_int_equal(context->calls, 1);
}

static void test_reflog__needs_none(void **state)
{
	assert_int_equal(read_all(*state), 0);
	assert_string_equal(((struct context *)*state)->told, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_reflog__tells_both_ids_once),
		TEST(test_reflog__names_refs_in_folders),
		TEST(test_reflog__reads_those_of_worktrees),
		TEST(test_reflog__passes_over_what_is_no_line),
		TEST(test_reflog__reads_a_last_line_without_an_end),
		TEST(test_reflog__ends_when_told_to),
		TEST(test_reflog__needs_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
