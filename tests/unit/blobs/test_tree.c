/* SPDX-License-Identifier: Apache-2.0 */
/* Raw tree entries, whole and hostile. */
#include "blobs/tree.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

static void add(
	struct ks_buf *raw, const char *head, size_t hash_bytes, uint8_t fill)
{
	uint8_t id[KS_OID_MAX];

	memset(id, fill, sizeof(id));
	assert_int_equal(ks_buf_add_str(raw, head), 0);
	assert_int_equal(ks_buf_add_byte(raw, 0), 0);
	assert_int_equal(ks_buf_add(raw, id, hash_bytes), 0);
}

static void test_tree__yields_each_entry(void **state)
{
	static const struct {
		const char *head;
		uint32_t mode;
		const char *name;
	} cases[] = {
		{ "100644 a", 0100644, "a" },
		{ "100644 ", 0100644, "" },
		{ "100644 a longer name.c", 0100644, "a longer name.c" },
		{ "100755 exactly8", 0100755, "exactly8" },
		{ "120000 link", 0120000, "link" },
		{ "40000 dir", 0040000, "dir" },
		{ "040000 olddir", 0040000, "olddir" },
		{ "160000 module", 0160000, "module" },
		{ "7 odd", 7, "odd" },
		{ "100644 \xff\n\t/..", 0100644, "\xff\n\t/.." },
	};
	const size_t hashes[] = { KS_OID_SHA1, KS_OID_SHA256 };

	(void)state;
	for (size_t h = 0; h < 2; h++) {
		struct ks_buf raw = { 0 };
		struct ks_tree_iter iter;
		struct ks_tree_entry entry;

		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
			add(&raw, cases[i].head, hashes[h], (uint8_t)i);
		iter = ks_tree_iter_of(ks_buf_span(&raw), hashes[h]);
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
			assert_int_equal(ks_tree_next(&iter, &entry), 1);
			assert_int_equal(entry.mode, cases[i].mode);
			assert_true(ks_span_eq(
				entry.name, ks_span_str(cases[i].name)));
			assert_int_equal(entry.id[0], i);
			assert_int_equal(entry.id[hashes[h] - 1], i);
			assert_int_equal(ks_tree_entry_is_tree(&entry),
				cases[i].mode == 0040000);
		}
		assert_int_equal(ks_tree_next(&iter, &entry), 0);
		assert_int_equal(ks_tree_next(&iter, &entry), 0);
		ks_buf_release(&raw);
	}
}

static void test_tree__ends_at_once_if_empty(void **state)
{
	struct ks_tree_iter iter =
		ks_tree_iter_of((struct ks_span){ 0 }, KS_OID_SHA1);
	struct ks_tree_entry entry;

	(void)state;
	assert_int_equal(ks_tree_next(&iter, &entry), 0);
}

static void test_tree__rejects_what_is_no_entry(void **state)
{
	static const char *const heads[] = {
		" a",
		"a",
		"100644",
		"100648 a",
		"10064x a",
		"-100644 a",
		"00000100644 a",
		"777777777777777777777 a",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct ks_buf raw = { 0 };
		struct ks_tree_iter iter;
		struct ks_tree_entry entry;

		add(&raw, "100644 good", KS_OID_SHA1, 1);
		add(&raw, heads[i], KS_OID_SHA1, 2);
		iter = ks_tree_iter_of(ks_buf_span(&raw), KS_OID_SHA1);
		assert_int_equal(ks_tree_next(&iter, &entry), 1);
		assert_int_equal(ks_tree_next(&iter, &entry), KS_E_CORRUPT);
		assert_int_equal(ks_tree_next(&iter, &entry), KS_E_CORRUPT);
		ks_buf_release(&raw);
	}
}

/* Each prefix in memory of its own, so that a sanitizer sees a step too far. */
static void test_tree__never_reads_past_the_end(void **state)
{
	struct ks_buf raw = { 0 };
	size_t first;

	(void)state;
	add(&raw, "100644 a name of some length", KS_OID_SHA1, 1);
	first = raw.n;
	add(&raw, "40000 d", KS_OID_SHA1, 2);
	for (size_t n = 1; n < raw.n; n++) {
		uint8_t *copy = malloc(n);
		struct ks_tree_iter iter;
		struct ks_tree_entry entry;
		size_t count = 0;

		assert_non_null(copy);
		memcpy(copy, raw.p, n);
		iter = ks_tree_iter_of(ks_span_of(copy, n), KS_OID_SHA1);
		while (ks_tree_next(&iter, &entry) == 1)
			count++;
		assert_int_equal(count, n < first ? 0 : 1);
		assert_int_equal(ks_tree_next(&iter, &entry),
			n == first ? 0 : KS_E_CORRUPT);
		free(copy);
	}
	ks_buf_release(&raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree__yields_each_entry),
		cmocka_unit_test(test_tree__ends_at_once_if_empty),
		cmocka_unit_test(test_tree__rejects_what_is_no_entry),
		cmocka_unit_test(test_tree__never_reads_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
