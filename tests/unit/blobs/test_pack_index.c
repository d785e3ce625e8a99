/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "blobs/pack_index.h"
#include "lib/packs.h"

#include <stdio.h>
#include <stdlib.h>

/* An index of ${count} objects, as bytes; the caller releases them. */
static struct ks_buf make(size_t count, int version)
{
	char *dir = test_dir_new();
	struct test_pack pack = { 0 };
	struct ks_buf bytes = { 0 };
	char path[256];
	char text[32];

	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "object %zu", i);
		test_pack_full(&pack, 3, ks_span_str(text));
	}
	test_pack_write(&pack, dir, "x", version);
	snprintf(path, sizeof(path), "%s/pack/pack-x.idx", dir);
	assert_int_equal(ks_buf_read_file(&bytes, path, NULL), KS_OK);
	test_pack_release(&pack);
	test_dir_remove(dir);
	return bytes;
}

static void test_pack_index__finds_each_object(void **state)
{
	(void)state;
	for (int version = 1; version <= 2; version++) {
		struct ks_buf bytes = make(300, version);
		struct ks_pack_index index;

		assert_int_equal(
			ks_pack_index_parse(
				&index, ks_buf_span(&bytes), KS_OID_SHA1, NULL),
			KS_OK);
		assert_int_equal(index.count, 300);
		for (size_t i = 0; i < 300; i++) {
			char text[32];
			struct ks_oid oid;
			uint32_t at;

			snprintf(text, sizeof(text), "object %zu", i);
			oid = test_oid_of(3, ks_span_str(text));
			at = ks_pack_index_find(&index, oid.id);
			assert_true(at < 300);
			assert_memory_equal(ks_pack_index_id(&index, at),
				oid.id, KS_OID_SHA1);
			assert_true(ks_pack_index_offset(&index, at) >= 12);
		}
		ks_buf_release(&bytes);
	}
}

static void test_pack_index__does_not_find_others(void **state)
{
	struct ks_buf bytes = make(50, 2);
	struct ks_pack_index index;

	(void)state;
	assert_int_equal(ks_pack_index_parse(&index, ks_buf_span(&bytes),
				 KS_OID_SHA1, NULL),
		KS_OK);
	for (int i = 0; i < 256; i++) {
		struct ks_oid oid;

		memset(oid.id, i, sizeof(oid.id));
		assert_int_equal(
			ks_pack_index_find(&index, oid.id), UINT32_MAX);
	}
	ks_buf_release(&bytes);
}

/* Each length but the right one is refused. */
static void test_pack_index__refuses_every_truncation(void **state)
{
	(void)state;
	for (int version = 1; version <= 2; version++) {
		struct ks_buf bytes = make(3, version);
		struct ks_pack_index index;

		for (size_t n = 0; n < bytes.n; n++) {
			int rc = ks_pack_index_parse(&index,
				ks_span_of(bytes.p, n), KS_OID_SHA1, NULL);

			assert_true(rc == KS_E_CORRUPT);
		}
		ks_buf_release(&bytes);
	}
}

static void test_pack_index__refuses_a_fanout_out_of_order(void **state)
{
	struct ks_buf bytes = make(3, 2);
	struct ks_pack_index index;
	struct ks_err err = { 0 };

	(void)state;
	bytes.p[8] = 0x7f;
	assert_int_equal(ks_pack_index_parse(&index, ks_buf_span(&bytes),
				 KS_OID_SHA1, &err),
		KS_E_CORRUPT);
	assert_non_null(strstr(err.message, "fan-out"));
	ks_buf_release(&bytes);
}

static void test_pack_index__refuses_an_unknown_version(void **state)
{
	struct ks_buf bytes = make(3, 2);
	struct ks_pack_index index;
	struct ks_err err = { 0 };

	(void)state;
	bytes.p[7] = 3;
	assert_int_equal(ks_pack_index_parse(&index, ks_buf_span(&bytes),
				 KS_OID_SHA1, &err),
		KS_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "version 3"));
	ks_buf_release(&bytes);
}

/* An offset of 2^31 and more says where in a table, which must have it. */
static void test_pack_index__checks_large_offsets(void **state)
{
	struct ks_buf bytes = make(1, 2);
	struct ks_pack_index index;
	size_t offset = 8 + 1024 + 20 + 4;

	(void)state;
	bytes.p[offset] = 0x80;
	memset(bytes.p + offset + 1, 0, 3);
	assert_int_equal(ks_pack_index_parse(&index, ks_buf_span(&bytes),
				 KS_OID_SHA1, NULL),
		KS_OK);
	assert_true(ks_pack_index_offset(&index, 0) == UINT64_MAX);
	ks_buf_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pack_index__finds_each_object),
		cmocka_unit_test(test_pack_index__does_not_find_others),
		cmocka_unit_test(test_pack_index__refuses_every_truncation),
		cmocka_unit_test(
			test_pack_index__refuses_a_fanout_out_of_order),
		cmocka_unit_test(test_pack_index__refuses_an_unknown_version),
		cmocka_unit_test(test_pack_index__checks_large_offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
