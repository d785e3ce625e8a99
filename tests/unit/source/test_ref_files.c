/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "lib/packs.h"
#include "source/ref_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int take_symbolic(void *payload, const char *name, const char *target)
{
	struct context *context = payload;

	return ks_buf_printf(&context->got, "%s>%s ", name, target);
}

static int take_broken(void *payload, const char *name)
{
	struct context *context = payload;

	return ks_buf_printf(&context->got, "%s! ", name);
}

/* All that is told of "refs/", sorted as the folder never is. */
static void expect_told(
	struct context *context, size_t hash_bytes, const char *expected)
{
	struct ks_ref_visitor visitor = {
		.ref = take,
		.symbolic = take_symbolic,
		.broken = take_broken,
		.payload = context,
	};

	ks_buf_reset(&context->got);
	assert_int_equal(ks_ref_files_visit(context->common, "refs/",
				 hash_bytes, &visitor, NULL),
		KS_OK);
	assert_string_equal(ks_buf_str(&context->got), expected);
}

static void test_ref_files__tells_symbolic_ones(void **state)
{
	put(*state, "refs/x", "ref: refs/heads/a\n");
	expect_told(*state, KS_OID_SHA1, "refs/x>refs/heads/a ");
	put(*state, "refs/x", "ref:\trefs/heads/a \n\n");
	expect_told(*state, KS_OID_SHA1, "refs/x>refs/heads/a ");
}

static void test_ref_files__tells_broken_ones(void **state)
{
	static const char *const texts[] = { "", "\n", "ref:\n", "ref: \n",
		"garbage\n", ID(1) "0\n", " " ID(1) "\n", ID(1) "x" };
	struct context *context = *state;
	char path[600];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		put(context, "refs/x", texts[i]);
		expect_told(context, KS_OID_SHA1, "refs/x! ");
	}
	snprintf(path, sizeof(path), "%srefs/x", context->common);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_told(context, KS_OID_SHA1, "refs/x! ");
	unlink(path);
	assert_int_equal(symlink("/", path), 0);
	expect_told(context, KS_OID_SHA1, "refs/x! ");
	unlink(path);
	snprintf(path, sizeof(path), "%spacked-refs", context->common);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_told(context, KS_OID_SHA1, "packed-refs! ");
}

static void test_ref_files__tells_broken_packed_refs_once(void **state)
{
	put(*state, "packed-refs",
		"# pack-refs with: peeled fully-peeled sorted \n" ID(
			7) " zzz\nx\n" ID(1) " refs/a\n" ID(2) "\ny\n");
	/* What is out of order is seen all the same. */
	expect_told(*state, KS_OID_SHA1, "packed-refs! refs/a=1 ");
}

static void test_ref_files__knows_the_length_of_ids(void **state)
{
	put(*state, "refs/a", ID(1) "111111111111111111111111\n");
	put(*state, "packed-refs", ID(2) "222222222222222222222222 refs/b\n");
	expect_told(*state, KS_OID_SHA256, "refs/a=1 refs/b=2 ");
	expect_told(*state, KS_OID_SHA1, "refs/a! packed-refs! ");
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
		TEST(test_ref_files__tells_symbolic_ones),
		TEST(test_ref_files__tells_broken_ones),
		TEST(test_ref_files__tells_broken_packed_refs_once),
		TEST(test_ref_files__knows_the_length_of_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
