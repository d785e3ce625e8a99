/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "source/index.h"

#include <stdio.h>
#include <stdlib.h>

struct context {
	struct ks_buf bytes;
	struct ks_index index;
};

static int set_up(void **state)
{
	static struct context context;

	context = (struct context){ .index = { .count = 0 } };
	*state = &context;
	return 0;
}

static int tear_down(void **state)
{
	struct context *context = *state;

	ks_index_close(&context->index);
	ks_buf_release(&context->bytes);
	return 0;
}

static void add(struct context *context, const void *p, size_t n)
{
	assert_int_equal(ks_buf_add(&context->bytes, p, n), KS_OK);
}

static void add_number(struct context *context, uint32_t number)
{
	uint8_t bytes[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number };

	add(context, bytes, sizeof(bytes));
}

static void begin(struct context *context, uint32_t version, uint32_t count)
{
	ks_buf_reset(&context->bytes);
	add(context, "DIRC", 4);
	add_number(context, version);
	add_number(context, count);
}

/* What stands before the name. */
static void add_fixed(
	struct context *context, char id, unsigned flags, unsigned more)
{
	uint8_t bytes[62] = { 0 };

	bytes[26] = 0x81;
	bytes[27] = 0xa4;
	memset(bytes + 40, id, 20);
	bytes[60] = (uint8_t)(flags >> 8);
	bytes[61] = (uint8_t)flags;
	add(context, bytes, sizeof(bytes));
	if (flags & 0x4000) {
		uint8_t extended[2] = { (uint8_t)(more >> 8), (uint8_t)more };

		add(context, extended, 2);
	}
}

/* An entry of version 2 or 3, padded. */
static void add_entry(struct context *context, char id, unsigned flags,
	unsigned more, const char *name)
{
	size_t from = context->bytes.n;

	add_fixed(context, id, flags, more);
	add(context, name, strlen(name));
	do
		add(context, "", 1);
	while ((context->bytes.n - from) % 8);
}

static int end(struct context *context, struct ks_err *err)
{
	add(context, "01234567890123456789", 20);
	ks_index_close(&context->index);
	return ks_index_parse(&context->index, ks_buf_span(&context->bytes),
		KS_OID_SHA1, err);
}

/* Paths with the first byte of their ids and the stage. */
static void expect(struct context *context, const char *expected)
{
	struct ks_index_iter iter = { 0 };
	struct ks_index_entry entry;
	struct ks_buf got = { 0 };
	int rc;

	while ((rc = ks_index_next(&context->index, &iter, &entry, NULL)) > 0) {
		assert_int_equal(
			ks_buf_printf(&got, "%.*s=%c%u%s ", (int)entry.path.n,
				(const char *)entry.path.p, entry.oid.id[0],
				entry.stage, entry.is_intended ? "i" : ""),
			KS_OK);
		assert_int_equal(entry.mode, 0100644);
	}
	assert_int_equal(rc, 0);
	assert_string_equal(ks_buf_str(&got), expected);
	ks_buf_release(&got);
	ks_index_iter_release(&iter);
}

static void test_index__reads_version_2_and_3(void **state)
{
	struct context *context = *state;

	begin(context, 2, 0);
	assert_int_equal(end(context, NULL), KS_OK);
	expect(context, "");
	begin(context, 3, 3);
	add_entry(context, 'a', 1, 0, "a");
	add_entry(context, 'b', 0x2000 | 8, 0, "dir/name");
	add_entry(context, 'c', 0x4000 | 9, 0x2000, "dir/name1");
	assert_int_equal(end(context, NULL), KS_OK);
	expect(context, "a=a0 dir/name=b2 dir/name1=c0i ");
}

static void test_index__reads_version_4(void **state)
{
	struct context *context = *state;

	begin(context, 4, 3);
	add_fixed(context, 'a', 7, 0);
	add(context, "\0dir/one", 9);
	add_fixed(context, 'b', 7, 0);
	add(context, "\3two", 5);
	add_fixed(context, 'c', 3, 0);
	add(context, "\7end", 5);
	assert_int_equal(end(context, NULL), KS_OK);
	expect(context, "dir/one=a0 dir/two=b0 end=c0 ");
}

static void test_index__knows_unchanged_folders(void **state)
{
	static const char trees[] = "\0"
				    "-1 2\n"
				    "a\0"
				    "2 1\nAAAAAAAAAAAAAAAAAAAA"
				    "x\0"
				    "1 0\nBBBBBBBBBBBBBBBBBBBB"
				    "b\0"
				    "-1 0\n";
	struct context *context = *state;

	begin(context, 2, 0);
	add(context, "TREE", 4);
	add_number(context, sizeof(trees) - 1);
	add(context, trees, sizeof(trees) - 1);
	assert_int_equal(end(context, NULL), KS_OK);
	assert_null(ks_index_tree_of(&context->index, ""));
	assert_null(ks_index_tree_of(&context->index, "b"));
	assert_int_equal(ks_index_tree_of(&context->index, "a")->id[0], 'A');
	assert_int_equal(ks_index_tree_of(&context->index, "a/x")->id[0], 'B');
}

static void test_index__refuses_what_it_cannot_read(void **state)
{
	struct context *context = *state;
	struct ks_err err = { 0 };

	begin(context, 5, 0);
	assert_int_equal(end(context, &err), KS_E_UNSUPPORTED);
	begin(context, 2, 0);
	add(context, "link", 4);
	add_number(context, 0);
	assert_int_equal(end(context, &err), KS_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "--no-split-index"));
	begin(context, 2, 2);
	add_entry(context, 'a', 1, 0, "a");
	assert_int_equal(end(context, &err), KS_E_CORRUPT);
	begin(context, 4, 1);
	add_fixed(context, 'a', 1, 0);
	add(context, "\1a", 3);
	assert_int_equal(end(context, &err), KS_E_CORRUPT);
}

/* Cut anywhere it is read to its end or found to be corrupt. */
static void test_index__survives_being_cut(void **state)
{
	struct context *context = *state;
	size_t n;

	begin(context, 3, 2);
	add_entry(context, 'a', 1, 0, "a");
	add_entry(context, 'c', 0x4000 | 9, 0x2000, "dir/name1");
	assert_int_equal(end(context, NULL), KS_OK);
	n = context->bytes.n;
	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *copy = malloc(cut + 1);
		struct ks_index index = { .count = 0 };

		assert_non_null(copy);
		memcpy(copy, context->bytes.p, cut);
		assert_int_equal(ks_index_parse(&index, ks_span_of(copy, cut),
					 KS_OID_SHA1, NULL),
			KS_E_CORRUPT);
		ks_index_close(&index);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(test_index__reads_version_2_and_3),
		TEST(test_index__reads_version_4),
		TEST(test_index__knows_unchanged_folders),
		TEST(test_index__refuses_what_it_cannot_read),
		TEST(test_index__survives_being_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
