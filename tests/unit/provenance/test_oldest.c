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

static struct history *begin(void)
{
	struct history *history = calloc(1, sizeof(*history));

	assert_non_null(history);
	return history;
}

static void end(struct history *history)
{
	history_release(history);
	free(history);
}

/* Find ${oid}: it must be at ${path} of ${commit} (NULL: none). */
static struct ks_origin find_oid(struct history *history,
	const struct ks_oid *oid, const struct ks_oid *commit, const char *path)
{
	const struct ks_oid none = { { 0 } };
	struct ks_origin origin = { .oid = *oid };
	struct ks_oid found;

	for (unsigned seed = 0; seed < 4; seed++) {
		assert_int_equal(history_find(history, &origin, 1, seed), 0);
		found = history_found(history, &origin);
		assert_memory_equal(
			&found, commit ? commit : &none, sizeof(found));
		if (path) {
			assert_non_null(origin.path);
			assert_string_equal(origin.path, path);
		} else {
			assert_null(origin.path);
		}
	}
	return origin;
}

static struct ks_origin find(struct history *history, const char *label,
	const struct ks_oid *commit, const char *path)
{
	struct ks_oid oid = history_blob(history, label);

	return find_oid(history, &oid, commit, path);
}

static void test_oldest__is_the_commit_that_brought_it_in(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 1, "x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "x=1 d/e/f=2", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "x=3", &b, NULL);
	struct ks_oid d = history_commit(h, 4, "x=3 d/e/f=2", &c, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &d);
	assert_true(find(h, "1", &a, "x").is_reachable);
	find(h, "2", &b, "d/e/f");
	find(h, "3", &c, "x");
	assert_false(find(h, "no such", NULL, NULL).is_reachable);
	end(h);
}

static void test_oldest__a_rename_keeps_the_first_path(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 1, "old/x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "new/x=1", &a, NULL);

	(void)state;
	history_tip(h, "HEAD", &b);
	assert_string_equal(find(h, "1", &a, "old/x").head_path, "new/x");
	end(h);
}

static void test_oldest__takes_the_least_of_two_paths(void **state)
{
	static const char *const files[] = { "b=1 a=1", "b/x=1 a/x=1",
		"z=1 a/x/y=1", "a/x=1 a.b=1", "a/b/c=1 a/b-c=1" };
	static const char *const want[] = { "a", "a/x", "a/x/y", "a.b",
		"a/b-c" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct history *h = begin();
		struct ks_oid a =
			history_commit(h, 1, files[i], NO_PARENT, NULL);

		find(h, "1", &a, want[i]);
		/* The same where the tree was surveyed before. */
		history_tip(h, "HEAD", &a);
		find(h, "1", &a, want[i]);
		end(h);
	}
}

static void test_oldest__sees_what_a_merge_itself_brings(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 1, "x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "x=1 y=2", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "x=1 z=3", &a, NULL);
	struct ks_oid m = history_commit(h, 4, "x=1 y=2 z=3 evil=4", &b, &c);
	struct ks_oid n = history_commit(h, 5, "x=1 y=2 z=3", &m, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &n);
	find(h, "3", &c, "z");
	find(h, "4", &m, "evil");
	end(h);
}

static void test_oldest__compares_two_roots_by_time_then_id(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 7, "a=1 p=2", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 5, "b=1 q=3", NO_PARENT, NULL);
	struct ks_oid c = history_commit(h, 7, "c=2", NO_PARENT, NULL);
	struct ks_oid m = history_commit(h, 8, "", &a, &b);
	bool is_a_first = memcmp(a.id, c.id, sizeof(a.id)) < 0;

	(void)state;
	history_tip(h, "refs/heads/main", &m);
	history_tip(h, "refs/heads/other", &c);
	find(h, "1", &b, "b");
	find(h, "2", is_a_first ? &a : &c, is_a_first ? "p" : "c");
	end(h);
}

static void test_oldest__a_parent_is_older_whatever_the_clock(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 100, "x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 1, "y=1", &a, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &b);
	find(h, "1", &a, "x");
	end(h);
}

static void test_oldest__reachable_wins_over_older(void **state)
{
	struct history *h = begin();
	struct ks_oid lost = history_commit(h, 1, "l=1 o=2", NO_PARENT, NULL);
	struct ks_oid log = history_commit(h, 2, "r=1 s=3", NO_PARENT, NULL);
	struct ks_oid kept = history_commit(h, 3, "k=1", NO_PARENT, NULL);

	(void)state;
	history_tip(h, "refs/tags/v1", &kept);
	history_tip(h, "", &log);
	assert_true(find(h, "1", &kept, "k").is_reachable);
	assert_true(find(h, "3", &log, "s").is_reachable);
	assert_false(find(h, "2", &lost, "o").is_reachable);
	end(h);
}

static void test_oldest__finds_trees_and_the_root_too(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 1, "k/sub/x=1", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "a/x=1 k/sub/x=1", &a, NULL);
	struct ks_oid sub = history_tree(h, "x=1");
	struct ks_oid root = history_tree(h, "k/sub/x=1");
	struct ks_origin origin;

	(void)state;
	history_tip(h, "HEAD", &b);
	history_tip(h, "refs/heads/main", &b);
	history_tip(h, "refs/heads/old", &a);
	origin = find_oid(h, &sub, &a, "k/sub");
	assert_ptr_equal(origin.head_path, origin.path);
	origin = find_oid(h, &root, &a, "");
	assert_null(origin.head_path);
	assert_int_equal(origin.branch_count, 1);
	end(h);
}

static void test_oldest__a_note_is_told_by_what_it_is_about(void **state)
{
	const char *id = "0123456789abcdef0123456789abcdef01234567";
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 9, "x=both", NO_PARENT, NULL);
	struct ks_oid n = history_commit(h, 1,
		"01/23/456789abcdef0123456789abcdef01234567=note y=both "
		"0123456789abcdef0123456789abcdef0123456g=almost "
		"README=other",
		NO_PARENT, NULL);

	(void)state;
	history_tip(h, "refs/heads/main", &a);
	history_tip(h, "refs/notes/commits", &n);
	assert_true(find(h, "note", &n, id).is_note);
	assert_false(find(h, "other", &n, "README").is_note);
	assert_false(find(
		h, "almost", &n, "0123456789abcdef0123456789abcdef0123456g")
			     .is_note);
	assert_false(find(h, "both", &a, "x").is_note);
	end(h);
}

static void test_oldest__a_tip_may_name_it_or_its_tree(void **state)
{
	struct history *h = begin();
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
	assert_true(find(h, "alone", NULL, NULL).is_reachable);
	assert_true(find(h, "named", &lost, "l").is_reachable);
	assert_true(find(h, "below", NULL, "d/x").is_reachable);
	assert_true(find_oid(h, &tree, NULL, NULL).is_reachable);
	assert_int_equal(h->unreadable, 0);
	end(h);
}

static void test_oldest__compares_tips_of_trees_by_their_ids(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_tree(h, "a=1");
	struct ks_oid b = history_tree(h, "b=1");
	bool is_a_first = memcmp(a.id, b.id, sizeof(a.id)) < 0;

	(void)state;
	history_tip(h, "refs/tags/a", &a);
	history_tip(h, "refs/tags/b", &b);
	find(h, "1", NULL, is_a_first ? "a" : "b");
	history_tip(h, "refs/tags/a", &a);
	find(h, "1", NULL, is_a_first ? "a" : "b");
	end(h);
}

static void test_oldest__answers_a_question_asked_twice(void **state)
{
	struct history *h = begin();
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
	end(h);
}

static void test_oldest__tells_of_each_lost_tree_once(void **state)
{
	struct history *h = begin();
	struct ks_oid a =
		history_commit(h, 1, "d/x=1 e/y=2 z=3", NO_PARENT, NULL);
	struct ks_oid b = history_commit(h, 2, "d/x=1 e/y=2", &a, NULL);
	struct ks_oid d = history_tree(h, "x=1");

	(void)state;
	history_object(h, &d)->is_missing = true;
	find(h, "1", NULL, NULL);
	assert_int_equal(h->unreadable, 1);
	assert_int_equal(h->unreadable_code, KS_E_NOTFOUND);
	assert_memory_equal(&h->unreadable_oid, &d, sizeof(d));
	/* Both in the survey and in the walk. */
	history_tip(h, "HEAD", &b);
	history_tip(h, "refs/heads/main", &a);
	find(h, "1", NULL, NULL);
	assert_int_equal(h->unreadable, 1);
	find(h, "2", &a, "e/y");
	find(h, "3", &a, "z");
	/* A root. */
	d = history_tree(h, "d/x=1 e/y=2 z=3");
	history_object(h, &d)->is_broken = true;
	find(h, "2", &b, "e/y");
	assert_int_equal(h->unreadable, 2);
	end(h);
}

static void test_oldest__keeps_what_precedes_the_damage(void **state)
{
	struct history *h = begin();
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
	find(h, "1", &a, "a");
	find(h, "2", NULL, NULL);
	assert_int_equal(h->unreadable, 1);
	assert_int_equal(h->unreadable_code, KS_E_CORRUPT);
	assert_memory_equal(&h->unreadable_oid, &tree, sizeof(tree));
	ks_buf_release(&raw);
	end(h);
}

static void add_entry(
	struct ks_buf *raw, const char *head, const struct ks_oid *oid)
{
	assert_int_equal(ks_buf_add_str(raw, head), 0);
	assert_int_equal(ks_buf_add_byte(raw, 0), 0);
	assert_int_equal(ks_buf_add(raw, oid->id, KS_OID_SHA1), 0);
}

static void test_oldest__does_not_follow_submodules(void **state)
{
	struct history *h = begin();
	struct ks_oid blob = history_blob(h, "1");
	struct ks_buf raw = { 0 };
	struct ks_oid tree, a;

	(void)state;
	add_entry(&raw, "160000 module", &blob);
	add_entry(&raw, "120000 symlink", &blob);
	tree = history_put(h, KS_OBJECT_TREE, raw.p, raw.n);
	a = history_commit_tree(h, 1, &tree, NULL, NULL);
	history_tip(h, "refs/heads/main", &a);
	find(h, "1", &a, "symlink");
	ks_buf_release(&raw);
	end(h);
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

static void test_oldest__bounds_the_depth_of_trees(void **state)
{
	for (int with_head = 0; with_head < 2; with_head++) {
		struct history *h = begin();
		struct ks_oid bottom = history_tree(h, "x=deep");
		struct ks_oid fits = nest(h, bottom, 4000);
		struct ks_oid too_deep = nest(h, fits, 1000);
		struct ks_oid a =
			history_commit_tree(h, 1, &too_deep, NULL, NULL);

		(void)state;
		if (with_head)
			history_tip(h, "HEAD", &a);
		find(h, "deep", NULL, NULL);
		assert_int_equal(h->unreadable, 1);
		assert_int_equal(h->unreadable_code, KS_E_LIMIT);
		end(h);

		h = begin();
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
		end(h);
	}
}

/* Ids that are no hashes can make circles of trees. */
static void test_oldest__circles_of_trees_end(void **state)
{
	struct history *h = begin();
	struct ks_oid inner = history_tree(h, "x=1");
	struct ks_oid outer = nest(h, inner, 1);
	struct ks_oid a = history_commit_tree(h, 1, &outer, NULL, NULL);
	struct ks_oid blob = history_blob(h, "1");
	struct ks_buf *raw = &history_object(h, &inner)->bytes;
	struct ks_origin origin;

	(void)state;
	add_entry(raw, "40000 up", &outer);
	add_entry(&history_object(h, &outer)->bytes, "100644 z", &blob);
	find(h, "1", &a, "d/x");
	history_tip(h, "HEAD", &a);
	history_tip(h, "refs/heads/main", &a);
	origin = find(h, "1", &a, "d/x");
	assert_ptr_equal(origin.path, origin.head_path);
	assert_int_equal(origin.branch_count, 1);
	end(h);
}

/* 2^40 paths, forty trees. */
static void test_oldest__shared_trees_cost_nothing(void **state)
{
	struct history *h = begin();
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
	end(h);
}

static void test_oldest__stops_where_the_caller_says(void **state)
{
	struct history *h = begin();
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
	end(h);
}

static void test_oldest__stops_when_all_is_found(void **state)
{
	struct history *h = begin();
	struct ks_oid a = history_commit(h, 1, "x=1 y/z=2", NO_PARENT, NULL);

	(void)state;
	for (int i = 2; i < 100; i++) {
		char files[32];

		snprintf(files, sizeof(files), "x=1 n=%d", i);
		a = history_commit(h, i, files, &a, NULL);
	}
	history_tip(h, "refs/tags/v1", &a);
	find(h, "1", &h->commits[0], "x");
	assert_int_equal(h->reads, 1);
	end(h);
}

static void test_oldest__walks_a_long_line(void **state)
{
	enum {
		N = 200000
	};
	struct history *h = begin();
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
	end(h);
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
		cmocka_unit_test(test_oldest__tells_of_each_lost_tree_once),
		cmocka_unit_test(test_oldest__keeps_what_precedes_the_damage),
		cmocka_unit_test(test_oldest__does_not_follow_submodules),
		cmocka_unit_test(test_oldest__bounds_the_depth_of_trees),
		cmocka_unit_test(test_oldest__circles_of_trees_end),
		cmocka_unit_test(test_oldest__shared_trees_cost_nothing),
		cmocka_unit_test(test_oldest__stops_where_the_caller_says),
		cmocka_unit_test(test_oldest__stops_when_all_is_found),
		cmocka_unit_test(test_oldest__walks_a_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
