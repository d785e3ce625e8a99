/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "blobs/families.h"
#include "blobs/reader.h"
#include "lib/packs.h"

#include <stdlib.h>

/* A pack in a folder; its objects are called "a", "b", and so on. */
struct home {
	char *dir;
	struct test_pack pack;
	struct ks_oid oids[26];
};

static struct ks_oid *oid_of(struct home *home, char name)
{
	return &home->oids[name - 'a'];
}

static struct home home_new(void)
{
	struct home home = { .dir = test_dir_new() };

	for (char name = 'a'; name <= 'z'; name++)
		*oid_of(&home, name) =
			test_oid_of(3, ks_span_of((uint8_t *)&name, 1));
	return home;
}

static void add_full(struct home *home, char name)
{
	test_pack_full(&home->pack, 3, ks_span_of((uint8_t *)&name, 1));
}

/* A delta of one byte against ${base}, by its id: it may come later. */
static void add_delta(struct home *home, char name, char base)
{
	struct ks_buf code = { 0 };

	test_delta_begin(&code, 1, 1);
	test_delta_insert(&code, ks_span_of((uint8_t *)&name, 1));
	test_pack_ref_delta(&home->pack, oid_of(home, base), ks_buf_span(&code),
		oid_of(home, name));
	ks_buf_release(&code);
}

static void on_skip(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	fail_msg("%s: %s", path, why->message);
}

/*
 * Sort the objects that ${given} names; ${expected} has each behind '/' where
 * a family begins, and in capitals those that have a twin.
 */
static void expect(struct home *home, const char *given, const char *expected)
{
	const char *dirs[] = { home->dir };
	struct ks_member members[26] = { 0 };
	size_t count = strlen(given);
	struct ks_store store;
	struct ks_err err;
	char text[64] = "";
	size_t n = 0;

	test_pack_write(&home->pack, home->dir, "x", 2);
	assert_int_equal(ks_store_open_unlisted(&store, dirs, 1, KS_OID_SHA1,
				 on_skip, NULL, &err),
		KS_OK);
	for (size_t i = 0; i < count; i++)
		members[i].oid = oid_of(home, given[i]);
	assert_int_equal(ks_families_sort(&store, members, count, &err), KS_OK);
	for (size_t i = 0; i < count; i++) {
		long name = members[i].oid - home->oids;

		if (i == 0 || members[i].family == UINT32_MAX ||
			members[i].family != members[i - 1].family)
			text[n++] = '/';
		text[n++] = (char)((members[i].has_twin ? 'A' : 'a') + name);
	}
	text[n] = '\0';
	assert_string_equal(text, expected);
	ks_store_close(&store);
	test_pack_release(&home->pack);
	test_dir_remove(home->dir);
}

static void test_families__come_one_after_the_other(void **state)
{
	struct home home = home_new();

	(void)state;
	add_full(&home, 'a');
	add_full(&home, 'b');
	add_delta(&home, 'c', 'a');
	add_delta(&home, 'd', 'b');
	add_delta(&home, 'e', 'c');
	add_delta(&home, 'f', 'b');
	add_delta(&home, 'g', 'a');
	expect(&home, "gfedcba", "/aCeG/bDF");
}

static void test_families__join_by_bases_that_are_not_asked_for(void **state)
{
	struct home home = home_new();

	(void)state;
	add_full(&home, 'a');
	add_full(&home, 'b');
	add_delta(&home, 'c', 'a');
	add_delta(&home, 'd', 'b');
	add_delta(&home, 'e', 'c');
	add_delta(&home, 'f', 'c');
	add_delta(&home, 'g', 'a');
	expect(&home, "gfde", "/EFg/d");
}

static void test_families__know_bases_that_lie_behind(void **state)
{
	struct home home = home_new();

	(void)state;
	add_delta(&home, 'a', 'c');
	add_delta(&home, 'b', 'a');
	add_full(&home, 'c');
	expect(&home, "abc", "/cab");
}

static void test_families__put_what_is_not_packed_last(void **state)
{
	struct home home = home_new();

	(void)state;
	add_full(&home, 'c');
	add_full(&home, 'd');
	expect(&home, "adbc", "/c/d/a/b");
}

static void test_families__have_no_end_to_find_in_a_circle(void **state)
{
	struct home home = home_new();

	(void)state;
	add_delta(&home, 'a', 'b');
	add_delta(&home, 'b', 'a');
	add_delta(&home, 'c', 'c');
	add_full(&home, 'd');
	expect(&home, "abcd", "/d/a/b/c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families__come_one_after_the_other),
		cmocka_unit_test(
			test_families__join_by_bases_that_are_not_asked_for),
		cmocka_unit_test(test_families__know_bases_that_lie_behind),
		cmocka_unit_test(test_families__put_what_is_not_packed_last),
		cmocka_unit_test(
			test_families__have_no_end_to_find_in_a_circle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
