/* SPDX-License-Identifier: Apache-2.0 */
/* Where wanted objects still stand: in HEAD, at the tips of branches. */
#include "history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

static struct ks_origin find(
	struct history *history, const char *label, unsigned seed)
{
	struct ks_oid blob = history_blob(history, label);
	struct ks_origin origin = { .oid = blob };

	assert_int_equal(history_find(history, &origin, 1, seed), 0);
	return origin;
}

static void test_stand__head_has_it_where_it_came_in(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "d/m=1", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "a=1 d/m=1 z=1", &a, NULL);
	struct ks_origin origin;

	(void)state;
	history_tip(h, "HEAD", &b);
	origin = find(h, "1", 0);
	assert_string_equal(origin.path, "d/m");
	assert_ptr_equal(origin.head_path, origin.path);
	history_free(h);
}

static void test_stand__head_has_it_at_that_path_of_a_shared_tree(void **state)
{
	/* b/ and c/ are one tree, which is met at b/ first. */
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "c/d/m=1", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "b/d/m=1 c/d/m=1", &a, NULL);
	struct ks_origin origin;

	(void)state;
	history_tip(h, "HEAD", &b);
	origin = find(h, "1", 0);
	assert_string_equal(origin.path, "c/d/m");
	assert_ptr_equal(origin.head_path, origin.path);
	history_free(h);
}

static void test_stand__head_has_it_elsewhere(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "c/m=1", NULL, NULL);
	struct ks_oid b =
		history_commit(h, 2, "c/m=2 c/mm=1 b/m=1 a.x/y=1", &a, NULL);
	struct ks_origin origin;

	(void)state;
	history_tip(h, "HEAD", &b);
	origin = find(h, "1", 0);
	assert_string_equal(origin.path, "c/m");
	assert_string_equal(origin.head_path, "a.x/y");
	history_free(h);
}

static void test_stand__head_has_it_no_more(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "c/m=1", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "c/m=2", &a, NULL);

	(void)state;
	history_tip(h, "HEAD", &b);
	history_tip(h, "refs/tags/v1", &a);
	assert_string_equal(find(h, "1", 0).path, "c/m");
	assert_null(find(h, "1", 0).head_path);
	assert_int_equal(find(h, "1", 0).branch_count, 0);
	history_free(h);
}

static void test_stand__of_two_heads_either_counts(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "a=1", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "b=1 e=2", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "c=1 d=2", &a, NULL);

	(void)state;
	history_tip(h, "HEAD", &c);
	history_tip(h, "HEAD", &b);
	for (unsigned seed = 0; seed < 5; seed++) {
		assert_string_equal(find(h, "1", seed).head_path, "b");
		assert_string_equal(find(h, "2", seed).head_path, "e");
	}
	history_tip(h, "HEAD", &a);
	for (unsigned seed = 0; seed < 5; seed++)
		assert_string_equal(find(h, "1", seed).head_path, "a");
	history_free(h);
}

static void test_stand__a_tip_that_names_it_has_no_path(void **state)
{
	struct history *h = history_new();
	struct ks_oid tree = history_tree(h, "a=1");
	struct ks_origin origin = { .oid = tree };

	(void)state;
	history_tip(h, "HEAD", &tree);
	history_tip(h, "refs/heads/main", &tree);
	assert_int_equal(history_find(h, &origin, 1, 0), 0);
	assert_true(origin.is_reachable);
	assert_null(origin.head_path);
	assert_int_equal(origin.branch_count, 0);
	origin = find(h, "1", 0);
	assert_string_equal(origin.head_path, "a");
	assert_int_equal(origin.branch_count, 1);
	history_free(h);
}

static void test_stand__lists_branches_in_the_order_of_tips(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "a/x=1 b=2", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "a/x=1", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "c/a/x=1 c/b=2", &b, NULL);
	struct ks_oid tree = history_tree(h, "a/x=1");
	struct ks_oid gone = { { 9 } };
	struct ks_origin origin;

	(void)state;
	history_tip(h, "refs/heads/c", &c);
	history_tip(h, "refs/tags/t", &a);
	history_tip(h, "refs/heads/gone", &gone);
	history_tip(h, "refs/heads/a", &a);
	history_tip(h, "refs/heads/b", &b);
	history_tip(h, "refs/heads/tree", &tree);
	history_tip(h, "refs/heads/a2", &a);
	origin = find(h, "1", 0);
	assert_int_equal(origin.branch_count, 5);
	assert_memory_equal(origin.branches,
		((const uint32_t[]){ 0, 3, 4, 5, 6 }), 5 * sizeof(uint32_t));
	origin = find(h, "2", 0);
	assert_int_equal(origin.branch_count, 3);
	assert_memory_equal(origin.branches, ((const uint32_t[]){ 0, 3, 6 }),
		3 * sizeof(uint32_t));
	history_free(h);
}

static void test_stand__reads_no_tree_twice_for_5000_branches(void **state)
{
	enum {
		BRANCHES = 5000
	};
	struct history *h = history_new();
	struct ks_oid base = history_commit(h, 1, "d/x=1", NULL, NULL);
	char *names = malloc(BRANCHES * 32);
	struct ks_origin origin;

	(void)state;
	assert_non_null(names);
	for (int i = 0; i < BRANCHES; i++) {
		char files[64];
		char *name = names + (ptrdiff_t)i * 32;
		struct ks_oid oid;

		snprintf(files, sizeof(files), "d/x=%d e/f/g=7 y=%d",
			i % 3 ? 1 : 2, i);
		snprintf(name, 32, "refs/heads/b%d", i);
		oid = history_commit(h, 2 + i, files, &base, NULL);
		history_tip(h, name, &oid);
	}
	origin = find(h, "1", 0);
	assert_string_equal(origin.path, "d/x");
	assert_int_equal(origin.branch_count, BRANCHES - (BRANCHES + 2) / 3);
	for (size_t i = 0; i < origin.branch_count; i++)
		assert_true(origin.branches[i] % 3 != 0);
	for (size_t i = 0; i < h->count; i++)
		assert_true(h->objects[i].reads <= 1);
	/* Roots, two d, e and e/f; then the root of the base. */
	assert_int_equal(h->reads, BRANCHES + 4 + 1);
	free(names);
	history_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stand__head_has_it_where_it_came_in),
		cmocka_unit_test(
			test_stand__head_has_it_at_that_path_of_a_shared_tree),
		cmocka_unit_test(test_stand__head_has_it_elsewhere),
		cmocka_unit_test(test_stand__head_has_it_no_more),
		cmocka_unit_test(test_stand__of_two_heads_either_counts),
		cmocka_unit_test(test_stand__a_tip_that_names_it_has_no_path),
		cmocka_unit_test(
			test_stand__lists_branches_in_the_order_of_tips),
		cmocka_unit_test(
			test_stand__reads_no_tree_twice_for_5000_branches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
