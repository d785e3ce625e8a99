/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "source/ref_files.h"

#include <stdio.h>
#include <stdlib.h>

#define ID(digit)                                                              \
#digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit #digit

struct context {
	char *dir;
	char common[512];
	struct ks_buf got;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ .dir = test_dir_new() };
	snprintf(context.common, sizeof(context.common), "%s/", context.dir);
	*state = &context;
	return 0;
}

static int tear_down(void **state)
{
	struct context *context = *state;

	test_dir_remove(context->dir);
	ks_buf_release(&context->got);
	return 0;
}

static void put(struct context *context, const char *name, const char *text)
{
	test_file_write(context->dir, name, ks_span_str(text));
}

/* Names with the first digit of their ids. */
static int take(void *payload, const char *name, const struct ks_oid *oid)
{
	struct context *context = payload;

	return ks_buf_printf(
		&context->got, "%s=%x ", name, (unsigned)oid->id[0] >> 4);
}

static void expect(
	struct context *context, const char *prefix, const char *expected)
{
	ks_buf_reset(&context->got);
	assert_int_equal(ks_ref_files_each(context->common, prefix, KS_OID_SHA1,
				 take, context, NULL),
		KS_OK);
	assert_string_equal(ks_buf_str(&context->got), expected);
}

static const char
	packed
		[] =
			"# pack-refs with: peeled fully-peeled sorted \n" ID(1) " refs/heads/a\n" ID(
				2) " refs/remotes/o/a\n" ID(3) " refs/remotes/"
							       "o/b\n"
							       "^" ID(9) "\n" ID(4) " refs/remotes/o2/a\n" ID(
								       5) " ref"
									  "s/"
									  "tags"
									  "/t\n"
									  "^" ID(9) "\n";

static void test_ref_files__gives_those_with_the_prefix(void **state)
{
	struct context *context = *state;

	put(context, "packed-refs", packed);
	expect(context, "refs/remotes/o/",
		"refs/remotes/o/a=2 refs/remotes/o/b=3 ");
	expect(context, "refs/remotes/o2/", "refs/remotes/o2/a=4 ");
	expect(context, "refs/tags/t", "refs/tags/t=5 ");
	expect(context, "refs/a", "");
	expect(context, "refs/z", "");
	expect(context, "refs/",
		"refs/heads/a=1 refs/remotes/o/a=2 refs/remotes/o/b=3 "
		"refs/remotes/o2/a=4 refs/tags/t=5 ");
}

static void test_ref_files__prefers_loose_ones(void **state)
{
	struct context *context = *state;

	put(context, "packed-refs", packed);
	put(context, "refs/remotes/o/a", ID(7) "\n");
	put(context, "refs/remotes/o/b.lock", ID(7) "\n");
	put(context, "refs/remotes/o/HEAD", "ref: refs/remotes/o/a\n");
	put(context, "refs/remotes/o/broken", "garbage\n");
	expect(context, "refs/remotes/o/",
		"refs/remotes/o/a=7 refs/remotes/o/b=3 ");
}

static void test_ref_files__reads_unsorted_ones(void **state)
{
	struct context *context = *state;

	put(context, "packed-refs",
		ID(2) " refs/remotes/o/a\n" ID(
			1) " refs/heads/a\n"
			   "\n" ID(3) " refs/remotes/o/b\n^\nx\n" ID(4));
	expect(context, "refs/remotes/o/",
		"refs/remotes/o/a=2 refs/remotes/o/b=3 ");
}

static void test_ref_files__needs_no_files(void **state)
{
	expect(*state, "refs/remotes/o/", "");
}

/* Many, so that the search for the first one has to be right. */
static void test_ref_files__finds_each_of_many(void **state)
{
	struct context *context = *state;
	struct ks_buf text = { 0 };
	char prefix[64];
	char expected[128];

	assert_int_equal(
		ks_buf_add_str(&text, "# pack-refs with: sorted \n"), KS_OK);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(ks_buf_printf(&text, ID(6) " refs/%03d/x\n%s",
					 i, i % 3 ? "" : "^" ID(9) "\n"),
			KS_OK);
	}
	put(context, "packed-refs", ks_buf_str(&text));
	ks_buf_release(&text);
	for (int i = 0; i < 300; i++) {
		snprintf(prefix, sizeof(prefix), "refs/%03d/", i);
		snprintf(expected, sizeof(expected), "%sx=6 ", prefix);
		expect(context, prefix, expected);
	}
}

static void test_ref_files__resolves(void **state)
{
	struct context *context = *state;
	const char *common = context->common;
	struct ks_err err = { 0 };
	struct ks_oid oid;

	put(context, "packed-refs", packed);
	put(context, "HEAD", "ref: refs/heads/a\n");
	assert_int_equal(ks_ref_files_resolve(&oid, common, common, "HEAD",
				 KS_OID_SHA1, &err),
		KS_OK);
	assert_int_equal(oid.id[0], 0x11);
	put(context, "HEAD", ID(8) "\n");
	assert_int_equal(ks_ref_files_resolve(&oid, common, common, "HEAD",
				 KS_OID_SHA1, &err),
		KS_OK);
	assert_int_equal(oid.id[0], 0x88);
	put(context, "HEAD", "ref: refs/heads/unborn\n");
	assert_int_equal(ks_ref_files_resolve(&oid, common, common, "HEAD",
				 KS_OID_SHA1, &err),
		KS_E_NOTFOUND);
	put(context, "refs/heads/loop", "ref: refs/heads/loop\n");
	assert_int_equal(ks_ref_files_resolve(&oid, common, common,
				 "refs/heads/loop", KS_OID_SHA1, &err),
		KS_E_CORRUPT);
	put(context, "HEAD", "nonsense\n");
	assert_int_equal(ks_ref_files_resolve(&oid, common, common, "HEAD",
				 KS_OID_SHA1, &err),
		KS_E_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(test_ref_files__gives_those_with_the_prefix),
		TEST(test_ref_files__prefers_loose_ones),
		TEST(test_ref_files__reads_unsorted_ones),
		TEST(test_ref_files__needs_no_files),
		TEST(test_ref_files__finds_each_of_many),
		TEST(test_ref_files__resolves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
