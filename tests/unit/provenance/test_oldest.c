/* SPDX-License-Identifier: Apache-2.0 */
/* Commit and path of what is wanted, in histories made by hand. */
#include "history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

static const struct ks_oid *const NO_PARENT = NULL;

static void test_oldest__is_the_commit_that_brought_it_in(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "x=1 d/e/f=2", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "x=3", &b, NULL);
	struct ks_oid d = history_commit(h, 4, "x=3 d/e/f=2", &c, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &d);
	assert_true(history_expect_blob(h, "1", &a, "x").is_reachable);
	history_expect_blob(h, "2", &b, "d/e/f");
	history_expect_blob(h, "3", &c, "x");
	assert_false(
		history_expect_blob(h, "no such", NULL, NULL).is_reachable);
	history_free(h);
}

static void test_oldest__a_rename_keeps_the_first_path(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "old/x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "new/x=1", &a, NULL);

	(void)state;
	history_tip(h, "HEAD", &b);
	assert_string_equal(
		history_expect_blob(h, "1", &a, "old/x").head_path, "new/x");
	history_free(h);
}

static void test_oldest__takes_the_least_of_two_paths(void **state)
{
	static const char *const files[] = { "b=1 a=1", "b/x=1 a/x=1",
		"z=1 a/x/y=1", "a/x=1 a.b=1", "a/b/c=1 a/b-c=1" };
	static const char *const want[] = { "a", "a/x", "a/x/y", "a.b",
		"a/b-c" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct history *h = history_new();
		struct ks_oid a =
			history_commit(h, 1, files[i], NO_PARENT, NULL);

		history_expect_blob(h, "1", &a, want[i]);
		/* The same where the tree was surveyed before. */
		history_tip(h, "HEAD", &a);
		history_expect_blob(h, "1", &a, want[i]);
		history_free(h);
	}
}

static void test_oldest__sees_what_a_merge_itself_brings(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "x=1 y=2", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "x=1 z=3", &a, NULL);
	struct ks_oid m = history_commit(h, 4, "x=1 y=2 z=3 evil=4", &b, &c);
	struct ks_oid n = history_commit(h, 5, "x=1 y=2 z=3", &m, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &n);
	history_expect_blob(h, "3", &c, "z");
	history_expect_blob(h, "4", &m, "evil");
	history_free(h);
}

static void test_oldest__compares_two_roots_by_time_then_id(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 7, "a=1 p=2", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 5, "b=1 q=3", NO_PARENT, NULL);
	struct ks_oid c = history_commit(h, 7, "c=2", NO_PARENT, NULL);
	struct ks_oid m = history_commit(h, 8, "", &a, &b);
	bool is_a_first = memcmp(a.id, c.id, sizeof(a.id)) < 0;

	(void)state;
	history_tip(h, "refs/heads/main", &m);
	history_tip(h, "refs/heads/other", &c);
	history_expect_blob(h, "1", &b, "b");
	history_expect_blob(
		h, "2", is_a_first ? &a : &c, is_a_first ? "p" : "c");
	history_free(h);
}

static void test_oldest__a_parent_is_older_whatever_the_clock(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 100, "x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 1, "y=1", &a, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &b);
	history_expect_blob(h, "1", &a, "x");
	history_free(h);
}

static void test_oldest__reachable_wins_over_older(void **state)
{
	struct history *h = history_new();
	struct ks_oid lost = history_commit(h, 1, "l=1 o=2", NO_PARENT, NULL);
	struct ks_oid log = history_commit(h, 2, "r=1 s=3", NO_PARENT, NULL);
	struct ks_oid kept = history_commit(h, 3, "k=1", NO_PARENT, NULL);

	(void)state;
	history_tip(h, "refs/tags/v1", &kept);
	history_tip(h, "", &log);
	assert_true(history_expect_blob(h, "1", &kept, "k").is_reachable);
	assert_true(history_expect_blob(h, "3", &log, "s").is_reachable);
	assert_false(history_expect_blob(h, "2", &lost, "o").is_reachable);
	history_free(h);
}

static void test_oldest__finds_trees_and_the_root_too(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "k/sub/x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "a/x=1 k/sub/x=1", &a, NULL);
	struct ks_oid sub = history_tree(h, "x=1");
	struct ks_oid root = history_tree(h, "k/sub/x=1");
	struct ks_origin origin;

	(void)state;
	history_tip(h, "HEAD", &b);
	history_tip(h, "refs/heads/main", &b);
	history_tip(h, "refs/heads/old", &a);
	origin = history_expect(h, &sub, &a, "k/sub");
	assert_ptr_equal(origin.head_path, origin.path);
	origin = history_expect(h, &root, &a, "");
	assert_null(origin.head_path);
	assert_int_equal(origin.branch_count, 1);
	history_free(h);
}

static void test_oldest__a_note_is_told_by_what_it_is_about(void **state)
{
	const char *id = "0123456789abcdef0123456789abcdef01234567";
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 9, "x=both", NO_PARENT, NULL);
	struct ks_oid n = history_commit(h, 1,
		"01/23/456789abcdef0123456789abcdef01234567=note y=both "
		"0123456789abcdef0123456789abcdef0123456g=almost "
		"README=other",
		NO_PARENT, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &a);
	history_tip(h, "refs/notes/commits", &n);
	assert_true(history_expect_blob(h, "note", &n, id).is_note);
	assert_false(history_expect_blob(h, "other", &n, "README").is_note);
	assert_false(history_expect_blob(
		h, "almost", &n, "0123456789abcdef0123456789abcdef0123456g")
			     .is_note);
	assert_false(history_expect_blob(h, "both", &a, "x").is_note);
	history_free(h);
}

static void test_oldest__a_tip_may_name_it_or_its_tree(void **state)
{
	struct history *h = history_new();
	struct ks_oid lost = history_commit(h, 1, "l=named", NO_PARENT, NULL);
	struct ks_oid blob = history_blob(h, "named");
	struct ks_oid alone = history_blob(h, "alone");
	struct ks_oid tree = history_tree(h, "d/x=below");
	struct ks_oid gone = { { 1, 2, 3 } };

	(void)state;
	history_tip(h, "refs/tags/blob", &blob);
	history_tip(h, "refs/tags/alone", &alone);
	history_tip(h, "refs/tags/tree", &tree);
	history_tip(h, "refs/heads/gone", &gone);
	assert_true(history_expect_blob(h, "alone", NULL, NULL).is_reachable);
	assert_true(history_expect_blob(h, "named", &lost, "l").is_reachable);
	assert_true(history_expect_blob(h, "below", NULL, "d/x").is_reachable);
	assert_true(history_expect(h, &tree, NULL, NULL).is_reachable);
	assert_int_equal(h->unreadable, 0);
	history_free(h);
}

static void test_oldest__compares_tips_of_trees_by_their_ids(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_tree(h, "a=1");
	struct ks_oid b = history_tree(h, "b=1");
	bool is_a_first = memcmp(a.id, b.id, sizeof(a.id)) < 0;

	(void)state;
	history_tip(h, "refs/tags/a", &a);
	history_tip(h, "refs/tags/b", &b);
	history_expect_blob(h, "1", NULL, is_a_first ? "a" : "b");
	history_tip(h, "refs/tags/a", &a);
	history_expect_blob(h, "1", NULL, is_a_first ? "a" : "b");
	history_free(h);
}

static void test_oldest__answers_a_question_asked_twice(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "x=1", NO_PARENT, NULL);
	struct ks_oid blob = history_blob(h, "1");
	struct ks_origin origins[2] = { { .oid = blob }, { .oid = blob } };

	(void)state;
	history_tip(h, "refs/heads/main", &a);
	assert_int_equal(history_find(h, origins, 2, 0), 0);
	assert_int_equal(origins[1].commit, 0);
	assert_string_equal(origins[1].path, "x");
	assert_int_equal(origins[1].branch_count, 1);
	assert_int_equal(history_find(h, NULL, 0, 0), 0);
	assert_int_equal(h->reads, 0);
	history_free(h);
}

static void test_oldest__stops_where_the_caller_says(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "d/x=1", NO_PARENT, NULL);
	struct ks_oid blob = history_blob(h, "no such");
	struct ks_origin origin = { .oid = blob };

	(void)state;
	h->cancel_after = 1;
	assert_int_equal(history_find(h, &origin, 1, 0), KS_E_INTERRUPTED);
	assert_int_equal(h->reads, 1);
	h->cancel = 0;
	history_tip(h, "HEAD", &a);
	assert_int_equal(history_find(h, &origin, 1, 0), KS_E_INTERRUPTED);
	assert_int_equal(h->reads, 1);
	history_free(h);
}

static void test_oldest__stops_when_all_is_found(void **state)
{
	struct history *h = history_new();
	struct ks_oid a = history_commit(h, 1, "x=1 y/z=2", NO_PARENT, NULL);

	(void)state;
	for (int i = 2; i < 100; i++) {
		char files[32];

		snprintf(files, sizeof(files), "x=1 n=%d", i);
		a = history_commit(h, i, files, &a, NULL);
	}
	history_tip(h, "refs/tags/v1", &a);
	history_expect_blob(h, "1", &h->commits[0], "x");
	assert_int_equal(h->reads, 1);
	history_free(h);
}

static void test_oldest__walks_a_long_line(void **state)
{
	enum {
		N = 200000
	};
	struct history *h = history_new();
	struct ks_oid last = history_commit(h, 1, "d/x=1", NO_PARENT, NULL);
	struct ks_oid found = { { 0 } };
	struct ks_oid blob = history_blob(h, "late");
	struct ks_origin origins[2] = { { .oid = blob } };

	(void)state;
	for (int i = 2; i <= N; i++) {
		char files[64];

		snprintf(files, sizeof(files), "d/x=%d e/y=%s", i % 1000,
			i >= N - 3 ? "late" : "early");
		last = history_commit(h, i, files, &last, NULL);
		if (i == N - 3)
			found = last;
	}
	history_tip(h, "refs/heads/main", &last);
	origins[1].oid = history_blob(h, "never");
	assert_int_equal(history_find(h, origins, 2, 1), 0);
	last = history_found(h, &origins[0]);
	assert_memory_equal(&last, &found, sizeof(found));
	assert_null(origins[1].path);
	/* Roots, a thousand d, two e: none twice. */
	for (size_t i = 0; i < h->count; i++)
		assert_true(h->objects[i].reads <= 1);
	history_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oldest__is_the_commit_that_brought_it_in),
		cmocka_unit_test(test_oldest__a_rename_keeps_the_first_path),
		cmocka_unit_test(test_oldest__takes_the_least_of_two_paths),
		cmocka_unit_test(test_oldest__sees_what_a_merge_itself_brings),
		cmocka_unit_test(
			test_oldest__compares_two_roots_by_time_then_id),
		cmocka_unit_test(
			test_oldest__a_parent_is_older_whatever_the_clock),
		cmocka_unit_test(test_oldest__reachable_wins_over_older),
		cmocka_unit_test(test_oldest__finds_trees_and_the_root_too),
		cmocka_unit_test(
			test_oldest__a_note_is_told_by_what_it_is_about),
		cmocka_unit_test(test_oldest__a_tip_may_name_it_or_its_tree),
		cmocka_unit_test(
			test_oldest__compares_tips_of_trees_by_their_ids),
		cmocka_unit_test(test_oldest__answers_a_question_asked_twice),
		cmocka_unit_test(test_oldest__stops_where_the_caller_says),
		cmocka_unit_test(test_oldest__stops_when_all_is_found),
		cmocka_unit_test(test_oldest__walks_a_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
