/* SPDX-License-Identifier: Apache-2.0 */
/* Which commit is the oldest, in small and in hostile graphs. */
#include "provenance/order.h"

#include "base/array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

/* A commit whose id begins with the byte ${id}; parents end with 0. */
struct node {
	uint8_t id;
	int64_t time;
	uint8_t parents[4];
};

static struct ks_oid oid_of(uint32_t id)
{
	struct ks_oid oid = { { 0 } };

	oid.id[0] = (uint8_t)(id >> 16);
	oid.id[1] = (uint8_t)(id >> 8);
	oid.id[2] = (uint8_t)id;
	return oid;
}

static void add(struct ks_commits *commits, uint32_t id, int64_t time,
	const uint32_t *parents, uint32_t parent_count)
{
	struct ks_commit commit = {
		.oid = oid_of(id),
		.time = time,
		.first_parent = (uint32_t)commits->parent_count,
		.parent_count = parent_count,
	};

	assert_int_equal(ks_array_reserve(&commits->list, &commits->cap,
				 commits->count + 1, sizeof(commit)),
		0);
	assert_int_equal(
		ks_array_reserve(&commits->parents, &commits->parent_cap,
			commits->parent_count + parent_count + 1,
			sizeof(*commits->parents)),
		0);
	for (uint32_t i = 0; i < parent_count; i++)
		commits->parents[commits->parent_count++] = oid_of(parents[i]);
	commits->list[commits->count++] = commit;
}

static void add_node(struct ks_commits *commits, const struct node *node)
{
	uint32_t parents[4];
	uint32_t n = 0;

	for (; n < 4 && node->parents[n]; n++)
		parents[n] = node->parents[n];
	add(commits, node->id, node->time, parents, n);
}

/* The order of ${nodes} (id 0 ends them) must be ${want}, ids, also turned. */
static void assert_order(const struct node *nodes, const struct ks_tip *tips,
	size_t tip_count, const uint8_t *want, size_t want_n)
{
	for (int turned = 0; turned < 2; turned++) {
		struct ks_commits commits = { 0 };
		struct ks_order order = { 0 };
		struct ks_arena arena = { 0 };
		size_t n = 0;

		while (nodes[n].id)
			n++;
		for (size_t i = 0; i < n; i++)
			add_node(&commits, &nodes[turned ? n - 1 - i : i]);
		assert_int_equal(ks_order_build(&order, &commits, tips,
					 tip_count, &arena),
			0);
		assert_int_equal(order.count, want_n);
		for (size_t i = 0; i < want_n; i++)
			assert_int_equal(
				commits.list[order.list[i]].oid.id[2], want[i]);
		ks_order_release(&order);
		ks_arena_release(&arena);
		ks_commits_release(&commits);
	}
}

static struct ks_tip tip(const char *name, uint8_t id)
{
	return (struct ks_tip){ .name = name, .oid = oid_of(id) };
}

static void test_order__parents_come_first_whatever_their_time(void **state)
{
	/* 1 <- 2 <- 3, clocks running backwards. */
	const struct node nodes[] = { { 3, 10, { 2 } }, { 2, 20, { 1 } },
		{ 1, 30, { 0 } }, { 0 } };
	const struct ks_tip tips[] = { tip("refs/heads/a", 3) };

	(void)state;
	assert_order(nodes, tips, 1, (const uint8_t[]){ 1, 2, 3 }, 3);
}

static void test_order__time_then_id_decide_between_lines(void **state)
{
	/* Two roots, a criss-cross, equal times. */
	const struct node nodes[] = { { 5, 5, { 0 } }, { 4, 5, { 0 } },
		{ 6, 6, { 5, 4 } }, { 7, 6, { 4, 5 } }, { 8, 6, { 7, 6 } },
		{ 1, 9, { 6, 7 } }, { 0 } };
	const struct ks_tip tips[] = { tip("refs/heads/a", 8),
		tip("refs/tags/b", 1) };

	(void)state;
	assert_order(nodes, tips, 2, (const uint8_t[]){ 4, 5, 6, 7, 8, 1 }, 6);
}

static void test_order__reach_comes_before_time(void **state)
{
	/* 1: unreachable and oldest; 2: a reflog's; 3: a note; 4, 5: refs. */
	const struct node nodes[] = { { 1, 1, { 0 } }, { 2, 2, { 0 } },
		{ 3, 3, { 0 } }, { 4, 4, { 0 } }, { 5, 5, { 4 } }, { 0 } };
	const struct ks_tip tips[] = { tip("", 2), tip("refs/notes/x", 3),
		tip("refs/heads/a", 5), tip("", 5), tip("refs/notes/y", 4) };

	(void)state;
	assert_order(nodes, tips, 5, (const uint8_t[]){ 4, 5, 3, 2, 1 }, 5);
}

static void test_order__missing_and_double_parents_do_not_hold_up(void **state)
{
	const struct node nodes[] = { { 1, 1, { 9 } }, { 2, 2, { 1, 1, 8 } },
		{ 3, 3, { 2 } }, { 0 } };
	const struct ks_tip tips[] = { tip("refs/heads/a", 3),
		tip("refs/heads/gone", 77) };

	(void)state;
	assert_order(nodes, tips, 2, (const uint8_t[]){ 1, 2, 3 }, 3);
}

static void test_order__a_commit_added_twice_counts_once(void **state)
{
	const struct node nodes[] = { { 1, 1, { 0 } }, { 2, 2, { 1 } },
		{ 1, 1, { 0 } }, { 2, 2, { 1 } }, { 0 } };

	(void)state;
	assert_order(nodes, NULL, 0, (const uint8_t[]){ 1, 2 }, 2);
}

static void test_order__circles_come_last_and_end(void **state)
{
	/* 2 <-> 3, 4 its own parent, 5 above the circle; 6 is sane. */
	const struct node nodes[] = { { 2, 1, { 3 } }, { 3, 2, { 2 } },
		{ 4, 3, { 4 } }, { 5, 4, { 3 } }, { 6, 9, { 0 } }, { 0 } };
	const struct ks_tip tips[] = { tip("refs/heads/a", 5),
		tip("refs/heads/b", 4) };

	(void)state;
	assert_order(nodes, tips, 2, (const uint8_t[]){ 6, 2, 3, 4, 5 }, 5);
}

static void test_order__of_nothing_is_nothing(void **state)
{
	const struct node nodes[] = { { 0 } };
	const struct ks_tip tips[] = { tip("refs/heads/a", 5) };

	(void)state;
	assert_order(nodes, tips, 1, NULL, 0);
}

static void test_order__takes_a_million_commits_in_a_row(void **state)
{
	enum {
		N = 1000000
	};
	struct ks_commits commits = { 0 };
	struct ks_order order = { 0 };
	struct ks_arena arena = { 0 };
	const struct ks_tip last = { .name = "HEAD", .oid = oid_of(1) };

	(void)state;
	/* Youngest first, and each younger by its time than its parent. */
	for (uint32_t i = 1; i <= N; i++) {
		uint32_t parent = i + 1;

		add(&commits, i, i, &parent, 1);
	}
	assert_int_equal(ks_order_build(&order, &commits, &last, 1, &arena), 0);
	assert_int_equal(order.count, N);
	for (uint32_t i = 0; i < N; i++) {
		assert_int_equal(order.list[i], N - 1 - i);
		assert_int_equal(order.reach[i], KS_REACH_REF);
	}
	ks_order_release(&order);
	ks_arena_release(&arena);
	ks_commits_release(&commits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_order__parents_come_first_whatever_their_time),
		cmocka_unit_test(test_order__time_then_id_decide_between_lines),
		cmocka_unit_test(test_order__reach_comes_before_time),
		cmocka_unit_test(
			test_order__missing_and_double_parents_do_not_hold_up),
		cmocka_unit_test(test_order__a_commit_added_twice_counts_once),
		cmocka_unit_test(test_order__circles_come_last_and_end),
		cmocka_unit_test(test_order__of_nothing_is_nothing),
		cmocka_unit_test(test_order__takes_a_million_commits_in_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
