/* SPDX-License-Identifier: Apache-2.0 */
/* Trees that are lost, damaged, nested too deep, or go round in circles. */
#include "history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

static void test_descent__tells_of_each_lost_tree_once(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "d/x=1 e/y=2 z=3", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "d/x=1 e/y=2", &a, NULL);
	struct ks_oid d = history_tree(h, "x=1");

	(void)state;
	history_object(h, &d)->is_missing = true;
	history_expect_blob(h, "1", NULL, NULL);
	assert_int_equal(h->unreadable, 1);
	assert_int_equal(h->unreadable_code, KS_E_NOTFOUND);
	assert_memory_equal(&h->unreadable_oid, &d, sizeof(d));
	/* Both in the survey and in the walk. */
	history_tip(h, "HEAD", &b);
	history_tip(h, "refs/heads/main", &a);
	history_expect_blob(h, "1", NULL, NULL);
	assert_int_equal(h->unreadable, 1);
	history_expect_blob(h, "2", &a, "e/y");
	history_expect_blob(h, "3", &a, "z");
	/* A root. */
	d = history_tree(h, "d/x=1 e/y=2 z=3");
	history_object(h, &d)->is_broken = true;
	history_expect_blob(h, "2", &b, "e/y");
	assert_int_equal(h->unreadable, 2);
	history_free(h);
}

static void test_descent__keeps_what_precedes_the_damage(void **state)
{
	struct history *h = history_new();
	struct ks_oid tree = history_tree(h, "a=1 b=2");
	struct ks_buf raw = { 0 };
	struct ks_oid a;

	(void)state;
	assert_int_equal(ks_buf_add(&raw, history_object(h, &tree)->bytes.p,
				 history_object(h, &tree)->bytes.n - 1),
		0);
	tree = history_put(h, KS_OBJECT_TREE, raw.p, raw.n);
	a = history_commit_tree(h, 1, &tree, NULL, NULL);
	history_tip(h, "refs/heads/main", &a);
	history_expect_blob(h, "1", &a, "a");
	history_expect_blob(h, "2", NULL, NULL);
	assert_int_equal(h->unreadable, 1);
	assert_int_equal(h->unreadable_code, KS_E_CORRUPT);
	assert_memory_equal(&h->unreadable_oid, &tree, sizeof(tree));
	ks_buf_release(&raw);
	history_free(h);
}

static void add_entry(
	struct ks_buf *raw, const char *head, const struct ks_oid *oid)
{
	assert_int_equal(ks_buf_add_str(raw, head), 0);
	assert_int_equal(ks_buf_add_byte(raw, 0), 0);
	assert_int_equal(ks_buf_add(raw, oid->id, KS_OID_SHA1), 0);
}

static void test_descent__does_not_follow_submodules(void **state)
{
	struct history *h = history_new();
	struct ks_oid blob = history_blob(h, "1");
	struct ks_buf raw = { 0 };
	struct ks_oid tree, a;

	(void)state;
	add_entry(&raw, "160000 module", &blob);
	add_entry(&raw, "120000 symlink", &blob);
	tree = history_put(h, KS_OBJECT_TREE, raw.p, raw.n);
	a = history_commit_tree(h, 1, &tree, NULL, NULL);
	history_tip(h, "refs/heads/main", &a);
	history_expect_blob(h, "1", &a, "symlink");
	ks_buf_release(&raw);
	history_free(h);
}

/* A tree in ${depth} trees, each of one entry: as hostile as it is cheap. */
static struct ks_oid nest(struct history *h, struct ks_oid tree, int depth)
{
	for (int i = 0; i < depth; i++) {
		struct ks_buf raw = { 0 };

		add_entry(&raw, "40000 d", &tree);
		tree = history_put(h, KS_OBJECT_TREE, raw.p, raw.n);
		ks_buf_release(&raw);
	}
	return tree;
}

static void test_descent__bounds_the_depth_of_trees(void **state)
{
	for (int with_head = 0; with_head < 2; with_head++) {
		struct history *h = history_new();
		struct ks_oid bottom = history_tree(h, "x=deep");
		struct ks_oid fits = nest(h, bottom, 4000);
		struct ks_oid too_deep = nest(h, fits, 1000);
		struct ks_oid a =
			history_commit_tree(h, 1, &too_deep, NULL, NULL);

		(void)state;
		if (with_head)
			history_tip(h, "HEAD", &a);
		history_expect_blob(h, "deep", NULL, NULL);
		assert_int_equal(h->unreadable, 1);
		assert_int_equal(h->unreadable_code, KS_E_LIMIT);
		history_free(h);

		h = history_new();
		bottom = history_tree(h, "x=deep");
		fits = nest(h, bottom, 4000);
		a = history_commit_tree(h, 1, &fits, NULL, NULL);
		if (with_head)
			history_tip(h, "HEAD", &a);
		assert_int_equal(h->unreadable, 0);
		{
			struct ks_oid blob = history_blob(h, "deep");
			struct ks_origin origin = { .oid = blob };

			assert_int_equal(history_find(h, &origin, 1, 0), 0);
			assert_non_null(origin.path);
			assert_int_equal(strlen(origin.path), 8001);
		}
		history_free(h);
	}
}

/* Ids that are no hashes can make circles of trees. */
static void test_descent__circles_of_trees_end(void **state)
{
	struct history *h = history_new();
	struct ks_oid inner = history_tree(h, "x=1");
	struct ks_oid outer = nest(h, inner, 1);
	struct ks_oid a = history_commit_tree(h, 1, &outer, NULL, NULL);
	struct ks_oid blob = history_blob(h, "1");
	struct ks_buf *raw = &history_object(h, &inner)->bytes;
	struct ks_origin origin;

	(void)state;
	add_entry(raw, "40000 up", &outer);
	add_entry(&history_object(h, &outer)->bytes, "100644 z", &blob);
	history_expect_blob(h, "1", &a, "d/x");
	history_tip(h, "HEAD", &a);
	history_tip(h, "refs/heads/main", &a);
	origin = history_expect_blob(h, "1", &a, "d/x");
	assert_ptr_equal(origin.path, origin.head_path);
	assert_int_equal(origin.branch_count, 1);
	history_free(h);
}

/* 2^40 paths, forty trees. */
static void test_descent__shared_trees_cost_nothing(void **state)
{
	struct history *h = history_new();
	struct ks_oid tree = history_tree(h, "x=1");
	struct ks_oid a;
	struct ks_origin origin;
	struct ks_oid blob = history_blob(h, "1");

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct ks_buf raw = { 0 };

		add_entry(&raw, "40000 a", &tree);
		add_entry(&raw, "40000 b", &tree);
		tree = history_put(h, KS_OBJECT_TREE, raw.p, raw.n);
		ks_buf_release(&raw);
	}
	a = history_commit_tree(h, 1, &tree, NULL, NULL);
	history_tip(h, "HEAD", &a);
	history_tip(h, "refs/heads/main", &a);
	origin.oid = blob;
	assert_int_equal(history_find(h, &origin, 1, 0), 0);
	assert_int_equal(strlen(origin.path), 81);
	assert_int_equal(h->reads, 41);
	history_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descent__tells_of_each_lost_tree_once),
		cmocka_unit_test(test_descent__keeps_what_precedes_the_damage),
		cmocka_unit_test(test_descent__does_not_follow_submodules),
		cmocka_unit_test(test_descent__bounds_the_depth_of_trees),
		cmocka_unit_test(test_descent__circles_of_trees_end),
		cmocka_unit_test(test_descent__shared_trees_cost_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
