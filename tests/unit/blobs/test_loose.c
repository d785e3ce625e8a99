/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "blobs/loose.h"
#include "lib/packs.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static struct ks_buf deflate_text(const char *text, size_t n)
{
	uLongf size = compressBound((uLong)n);
	struct ks_buf out = { 0 };

	assert_int_equal(ks_buf_reserve(&out, size), KS_OK);
	assert_int_equal(
		compress(out.p, &size, (const Bytef *)text, (uLong)n), Z_OK);
	out.n = size;
	return out;
}

/* Read all of the file ${deflated}; content and type go to ${out}. */
static int load(struct ks_buf *out, enum ks_object_type *type,
	struct ks_span deflated, uint64_t large)
{
	struct ks_room room = { .spool = { .n = 0 } };
	struct ks_inflate inflate = { 0 };
	struct ks_loose_file file;
	struct ks_span bytes;
	int rc = ks_loose_begin(&file, deflated, NULL);

	ks_buf_reset(out);
	if (rc == KS_OK)
		rc = ks_loose_load(&room, &bytes, &inflate, &file, large, NULL);
	if (rc == KS_OK)
		assert_int_equal(ks_buf_add(out, bytes.p, bytes.n), KS_OK);
	*type = file.type;
	ks_loose_close(&file);
	ks_room_release(&room);
	ks_inflate_release(&inflate);
	return rc;
}

/* "${text}" of ${n} bytes, deflated; returns the status. */
static int parse(struct ks_buf *out, enum ks_object_type *type,
	const char *text, size_t n, uint64_t large)
{
	struct ks_buf file = deflate_text(text, n);
	int rc = load(out, type, ks_buf_span(&file), large);

	ks_buf_release(&file);
	return rc;
}

static void test_loose__parses_each_type(void **state)
{
	enum ks_object_type type;
	struct ks_buf out = { 0 };

	(void)state;
	assert_int_equal(parse(&out, &type, "blob 5\0hello", 12, 100), KS_OK);
	assert_int_equal(type, KS_OBJECT_BLOB);
	assert_span_text(ks_buf_span(&out), "hello");
	assert_int_equal(parse(&out, &type, "tree 0\0", 7, 100), KS_OK);
	assert_int_equal(type, KS_OBJECT_TREE);
	assert_int_equal(out.n, 0);
	assert_int_equal(parse(&out, &type, "commit 1\0x", 10, 100), KS_OK);
	assert_int_equal(type, KS_OBJECT_COMMIT);
	assert_int_equal(parse(&out, &type, "tag 1\0x", 7, 100), KS_OK);
	assert_int_equal(type, KS_OBJECT_TAG);
	ks_buf_release(&out);
}

static void test_loose__refuses_bad_heads(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{ "", 0 },
		{ "blob", 4 },
		{ "blob 5", 6 },
		{ "blog 1\0x", 8 },
		{ "blob \0", 6 },
		{ "blob -1\0", 8 },
		{ "blob 1x\0y", 9 },
		{ "blob 99999999999999999999\0", 26 },
		{ "blob 4\0hello", 12 },
		{ "blob 6\0hello", 12 },
	};
	enum ks_object_type type;
	struct ks_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(parse(&out, &type, cases[i].text, cases[i].n,
					 UINT64_MAX),
			KS_E_CORRUPT);
	ks_buf_release(&out);
}

static void test_loose__puts_what_is_large_in_a_file(void **state)
{
	enum ks_object_type type;
	struct ks_buf out = { 0 };

	(void)state;
	assert_int_equal(parse(&out, &type, "blob 5\0hello", 12, 4), KS_OK);
	assert_span_text(ks_buf_span(&out), "hello");
	ks_buf_release(&out);
}

static void test_loose__reads_in_pieces(void **state)
{
	static const char text[] = "blob 60\0"
				   "0123456789012345678901234567890123456789"
				   "abcdefghijklmnopqrst";
	struct ks_buf packed = deflate_text(text, sizeof(text) - 1);

	(void)state;
	for (size_t step = 1; step < 70; step++) {
		struct ks_loose_file file;
		uint8_t all[128];
		size_t n = 0;
		size_t got;

		assert_int_equal(
			ks_loose_begin(&file, ks_buf_span(&packed), NULL),
			KS_OK);
		assert_int_equal(file.size, 60);
		assert_int_equal(ks_loose_check(&file, NULL), KS_OK);
		do {
			assert_true(n + step <= sizeof(all));
			assert_int_equal(
				ks_loose_next(&file, all + n, step, &got, NULL),
				KS_OK);
			n += got;
		} while (got == step);
		assert_int_equal(n, 60);
		assert_memory_equal(all, text + 8, 60);
		ks_loose_close(&file);
	}
	packed.p[packed.n - 1] ^= 1;
	for (int cut = 0; cut < 2; cut++) {
		struct ks_loose_file file;

		assert_int_equal(
			ks_loose_begin(&file, ks_buf_span(&packed), NULL),
			KS_OK);
		assert_int_equal(ks_loose_check(&file, NULL), KS_E_CORRUPT);
		ks_loose_close(&file);
		packed.p[packed.n - 1] ^= 1;
		packed.n--;
	}
	ks_buf_release(&packed);
}

static void test_loose__refuses_what_is_not_deflated(void **state)
{
	enum ks_object_type type;
	struct ks_buf out = { 0 };

	(void)state;
	assert_int_equal(load(&out, &type, ks_span_str("blob 5\nhello"), 100),
		KS_E_CORRUPT);
	ks_buf_release(&out);
}

static void test_loose__lists_ids_only(void **state)
{
	char *dir = test_dir_new();
	struct ks_loose_list list = { 0 };
	char hex[KS_OID_HEX_MAX];

	(void)state;
	test_file_write(dir, "ab/0123456789012345678901234567890123456f",
		ks_span_str("x"));
	test_file_write(dir, "ab/tmp_obj_X", ks_span_str("x"));
	test_file_write(dir, "pack/x", ks_span_str("x"));
	test_file_write(dir, "info/packs", ks_span_str("x"));
	assert_int_equal(
		ks_loose_find(&list, dir, 3, KS_OID_SHA1, NULL), KS_OK);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.list[0].dir, 3);
	ks_oid_hex(&list.list[0].oid, KS_OID_SHA1, hex);
	assert_string_equal(hex, "ab0123456789012345678901234567890123456f");
	ks_loose_release(&list);
	test_dir_remove(dir);
}

/* The rest of a folder is listed though some of it cannot be. */
static void test_loose__lists_all_that_can_be_listed(void **state)
{
	static const char tail[] = "0123456789012345678901234567890123456f";
	struct ks_loose_list list = { 0 };
	struct ks_err err = { 0 };
	char *dir = test_dir_new();
	char path[64];

	(void)state;
	test_file_write(dir, "7f", ks_span_str("no folder"));
	for (int fan = 0; fan < 256; fan += fan == 0x7e ? 2 : 1) {
		snprintf(path, sizeof(path), "%02x/%s", fan, tail);
		test_file_write(dir, path, ks_span_str("x"));
	}
	assert_int_equal(
		ks_loose_find(&list, dir, 0, KS_OID_SHA1, &err), KS_E_IO);
	assert_non_null(strstr(err.message, "/7f'"));
	assert_int_equal(list.count, 255);
	ks_loose_release(&list);
	test_dir_remove(dir);
}

static void test_loose__counts_what_has_another_hash(void **state)
{
	struct ks_loose_list list = { 0 };
	char *dir = test_dir_new();

	(void)state;
	test_file_write(dir, "ab/0123456789012345678901234567890123456f",
		ks_span_str("x"));
	test_file_write(dir,
		"ab/01234567890123456789012345678901234567890123456789012345"
		"678901",
		ks_span_str("x"));
	for (size_t bytes = KS_OID_SHA1; bytes <= KS_OID_SHA256;
		bytes += KS_OID_SHA256 - KS_OID_SHA1) {
		assert_int_equal(
			ks_loose_find(&list, dir, 0, bytes, NULL), KS_OK);
		assert_int_equal(list.count, 1);
		assert_int_equal(list.foreign, 1);
		ks_loose_release(&list);
	}
	test_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loose__parses_each_type),
		cmocka_unit_test(test_loose__refuses_bad_heads),
		cmocka_unit_test(test_loose__puts_what_is_large_in_a_file),
		cmocka_unit_test(test_loose__reads_in_pieces),
		cmocka_unit_test(test_loose__refuses_what_is_not_deflated),
		cmocka_unit_test(test_loose__lists_ids_only),
		cmocka_unit_test(test_loose__lists_all_that_can_be_listed),
		cmocka_unit_test(test_loose__counts_what_has_another_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
