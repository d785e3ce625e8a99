/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/buf.h"
#include "blobs/pack_files.h"
#include "lib/packs.h"

#include <stdio.h>
#include <stdlib.h>

struct told {
	char *dir;
	struct ks_buf packs; /* names, a space behind each */
	struct ks_buf skips;
	int result; /* of on_pack() */
};

static int on_pack(void *payload, const char *path, struct ks_err *err)
{
	struct told *told = payload;

	assert_int_equal(
		ks_buf_printf(&told->packs, "%s ", strrchr(path, '/') + 1),
		KS_OK);
	return told->result < 0 ? ks_fail(err, told->result, "enough") : KS_OK;
}

static void on_skip(void *payload, const char *path, const struct ks_err *why)
{
	struct told *told = payload;

	assert_true(why->code < 0 && why->message[0]);
	assert_int_equal(
		ks_buf_printf(&told->skips, "%s ", strrchr(path, '/') + 1),
		KS_OK);
}

static void put(const struct told *told, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "pack/%s", name);
	test_file_write(told->dir, path, ks_span_str(""));
}

static int list(struct told *told, size_t *temporary)
{
	struct ks_pack_files files = {
		.pack = on_pack, .skip = on_skip, .payload = told
	};
	struct ks_err err = { 0 };
	int rc = ks_pack_files_each(told->dir, &files, &err);

	*temporary = files.temporary;
	return rc;
}

static int set_up(void **state)
{
	struct told *told = calloc(1, sizeof(*told));

	assert_non_null(told);
	told->dir = test_dir_new();
	*state = told;
	return 0;
}

static int tear_down(void **state)
{
	struct told *told = *state;

	test_dir_remove(told->dir);
	ks_buf_release(&told->packs);
	ks_buf_release(&told->skips);
	free(told);
	return 0;
}

static void test_pack_files__lists_packs_by_name(void **state)
{
	static const char *const names[] = { "pack-b.pack", "pack-b.idx",
		"odd.idx", "odd.pack", "pack-a.idx", "pack-a.pack",
		"pack-a.keep", "pack-a.bitmap", "pack-a.rev", "pack-a.mtimes",
		"multi-pack-index", ".tmp-1-pack-c.pack", ".tmp-1-pack-c.idx" };
	struct told *told = *state;
	size_t temporary;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		put(told, names[i]);
	assert_int_equal(list(told, &temporary), KS_OK);
	assert_string_equal(ks_buf_str(&told->packs),
		".tmp-1-pack-c.pack odd.pack pack-a.pack pack-b.pack ");
	assert_int_equal(told->skips.n, 0);
	assert_int_equal(temporary, 0);
}

static void test_pack_files__tells_what_is_amiss(void **state)
{
	static const char *const names[] = { "pack-a.pack", "pack-b.idx",
		"tmp_pack_x", "tmp_idx_x", ".tmp-1-pack-c.pack",
		".tmp-2-pack-c.idx", "pack-a.rev" };
	struct told *told = *state;
	size_t temporary;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		put(told, names[i]);
	assert_int_equal(list(told, &temporary), KS_OK);
	assert_int_equal(told->packs.n, 0);
	assert_string_equal(
		ks_buf_str(&told->skips), "pack-a.pack pack-b.idx ");
	assert_int_equal(temporary, 4);
}

static void test_pack_files__needs_no_folder(void **state)
{
	struct told *told = *state;
	size_t temporary;

	assert_int_equal(list(told, &temporary), KS_OK);
	assert_int_equal(told->packs.n + told->skips.n, 0);
	test_file_write(told->dir, "pack", ks_span_str("a file"));
	assert_int_equal(list(told, &temporary), KS_OK);
	assert_string_equal(ks_buf_str(&told->skips), "pack ");
}

static void test_pack_files__ends_with_the_first_error(void **state)
{
	struct told *told = *state;
	size_t temporary;

	put(told, "a.pack");
	put(told, "a.idx");
	put(told, "b.pack");
	put(told, "b.idx");
	told->result = KS_E_NOMEM;
	assert_int_equal(list(told, &temporary), KS_E_NOMEM);
	assert_string_equal(ks_buf_str(&told->packs), "a.pack ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_pack_files__lists_packs_by_name),
		CASE(test_pack_files__tells_what_is_amiss),
		CASE(test_pack_files__needs_no_folder),
		CASE(test_pack_files__ends_with_the_first_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
