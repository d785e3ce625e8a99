/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks found along deltas must be those found entry by entry. */
#include "lib/check.h"

#include "history.h"
#include "provenance/relevant.h"

#include <stdlib.h>

enum {
	TREES = 60,
	OBJECTS = TREES + 20, /* trees, then blobs */
	HELD_MAX = 64
};

/* Trees, each with what it holds; ids by number. */
struct world {
	uint64_t random;
	uint32_t held[TREES][HELD_MAX];
	size_t count[TREES];
	uint32_t base[TREES];   /* a tree, or KS_GRAPH_NONE */
	uint32_t number[TREES]; /* in the graph */
	struct ks_graph graph;
	struct ks_relevant_root roots[TREES];
	size_t root_count;
	uint32_t first[OBJECTS]; /* the least rank */
	bool leads[OBJECTS];     /* to a wanted object, or is one */
};

static struct ks_oid oid_of(uint32_t object)
{
	struct ks_oid oid = { { 0 } };
	uint64_t word = (object + 1) * UINT64_C(0x9e3779b97f4a7c15);

	/* Ids are told apart by eight bytes without the lowest bit. */
	memcpy(oid.id, &word, sizeof(word));
	return oid;
}

static size_t times_in(const struct world *world, uint32_t tree, uint32_t held)
{
	size_t times = 0;

	for (size_t i = 0; i < world->count[tree]; i++)
		times += world->held[tree][i] == held;
	return times;
}

/* Tree ${tree} holds trees of lower numbers and blobs, some of them twice. */
static void fill_tree(struct world *world, uint32_t tree)
{
	uint32_t base = world->base[tree];

	world->count[tree] = 0;
	if (base != KS_GRAPH_NONE) {
		for (size_t i = 0; i < world->count[base]; i++) {
			if (history_random(&world->random, 4) > 0)
				world->held[tree][world->count[tree]++] =
					world->held[base][i];
		}
	}
	for (uint32_t i = history_random(&world->random, 4);
		i > 0 && world->count[tree] < HELD_MAX; i--) {
		uint32_t held =
			history_random(&world->random, 2) && tree
				? history_random(&world->random, tree)
				: TREES + history_random(&world->random, 20);

		world->held[tree][world->count[tree]++] = held;
	}
}

static void tell(struct world *world, uint32_t tree, struct ks_graph *graph)
{
	uint32_t base = world->base[tree];
	struct ks_oid id = oid_of(tree);

	assert_int_equal(
		ks_graph_begin(graph, id.id,
			base == KS_GRAPH_NONE ? base : world->number[base],
			&world->number[tree]),
		KS_OK);
	for (uint32_t object = 0; object < OBJECTS; object++) {
		size_t before = base == KS_GRAPH_NONE
					? 0
					: times_in(world, base, object);
		size_t now = times_in(world, tree, object);
		struct ks_oid held = oid_of(object);

		for (; before < now; before++)
			assert_int_equal(
				ks_graph_add(graph, held.id, false), KS_OK);
		for (; before > now; now++)
			assert_int_equal(
				ks_graph_add(graph, held.id, true), KS_OK);
	}
}

/* Half of the trees go through a second graph that is merged. */
static void make_world(struct world *world, uint64_t seed)
{
	struct ks_graph graphs[2] = { { 0 }, { 0 } };

	*world = (struct world){ .random = seed };
	/* Lists in memory, in a file, or first in one and then in the other. */
	graphs[0].memory = seed % 2 ? 100 : 0;
	graphs[1].memory = seed % 3 ? 800 : 0;
	world->graph.memory = seed % 5 ? 1000 : 0;
	for (uint32_t tree = 0; tree < TREES; tree++) {
		uint32_t half = tree < TREES / 2 ? 0 : TREES / 2;

		world->base[tree] =
			tree > half && history_random(&world->random, 4) > 0
				? half + history_random(
						 &world->random, tree - half)
				: KS_GRAPH_NONE;
		fill_tree(world, tree);
		tell(world, tree, &graphs[half != 0]);
	}
	assert_int_equal(ks_graph_merge(&world->graph, &graphs[0]), KS_OK);
	assert_int_equal(ks_graph_merge(&world->graph, &graphs[1]), KS_OK);
	assert_int_equal(world->graph.count, TREES);
	assert_int_equal(graphs[1].count, 0);
	world->root_count = history_random(&world->random, 30);
	for (size_t i = 0; i < world->root_count; i++)
		world->roots[i] = (struct ks_relevant_root){
			oid_of(history_random(&world->random, TREES)),
			history_random(&world->random, 1000),
		};
}

static void lower(struct world *world, uint32_t object, uint32_t rank)
{
	if (rank >= world->first[object])
		return;
	world->first[object] = rank;
	for (size_t i = 0; object < TREES && i < world->count[object]; i++)
		lower(world, world->held[object][i], rank);
}

static void work_out(
	struct world *world, const uint32_t *wanted, size_t wanted_n)
{
	memset(world->first, 0xff, sizeof(world->first));
	memset(world->leads, 0, sizeof(world->leads));
	for (size_t i = 0; i < world->root_count; i++) {
		for (uint32_t tree = 0; tree < TREES; tree++) {
			struct ks_oid oid = oid_of(tree);

			if (ks_oid_eq(&oid, &world->roots[i].oid))
				lower(world, tree, world->roots[i].rank);
		}
	}
	for (size_t i = 0; i < wanted_n; i++)
		world->leads[wanted[i]] = true;
	for (uint32_t tree = 0; tree < TREES; tree++) {
		for (size_t i = 0; i < world->count[tree]; i++)
			world->leads[tree] |=
				world->leads[world->held[tree][i]];
	}
}

static void compare(
	struct world *world, const uint32_t *wanted, size_t wanted_n)
{
	struct ks_relevant relevant = { 0 };
	struct ks_oid oids[OBJECTS] = { { { 0 } } };

	for (size_t i = 0; i < wanted_n; i++)
		oids[i] = oid_of(wanted[i]);
	assert_int_equal(
		ks_relevant_find(&relevant, &world->graph, oids, wanted_n,
			world->roots, world->root_count, NULL),
		KS_OK);
	work_out(world, wanted, wanted_n);
	for (uint32_t object = 0; object < OBJECTS; object++) {
		struct ks_oid oid = oid_of(object);
		uint32_t rank = 0;

		assert_int_equal(ks_relevant_rank(&relevant, oid.id, &rank),
			world->leads[object]);
		if (world->leads[object])
			assert_int_equal(rank, world->first[object]);
	}
	ks_relevant_release(&relevant);
}

static void test_relevant__finds_the_ranks_of_a_plain_walk(void **state)
{
	static struct world world;

	(void)state;
	for (uint64_t seed = 0; seed < 3000; seed++) {
		uint32_t wanted[8];
		size_t count;

		make_world(&world, seed);
		count = history_random(&world.random, 8);
		for (size_t i = 0; i < count; i++)
			wanted[i] =
				history_random(&world.random, 3)
					? TREES + history_random(
							  &world.random, 20)
					: history_random(&world.random, TREES);
		compare(&world, wanted, count);
		ks_graph_release(&world.graph);
	}
}

/* A blob under two names of a tree: one of them goes, the blob stays. */
static void test_relevant__counts_what_stands_twice(void **state)
{
	struct ks_oid trees[3] = { oid_of(0), oid_of(1), oid_of(2) };
	struct ks_oid blob = oid_of(99);
	struct ks_relevant_root roots[] = { { trees[1], 5 }, { trees[2], 3 } };
	struct ks_relevant relevant = { 0 };
	struct ks_graph graph = { 0 };
	uint32_t number;
	uint32_t rank;

	(void)state;
	assert_int_equal(
		ks_graph_begin(&graph, trees[0].id, KS_GRAPH_NONE, &number),
		KS_OK);
	assert_int_equal(ks_graph_add(&graph, blob.id, false), KS_OK);
	assert_int_equal(ks_graph_add(&graph, blob.id, false), KS_OK);
	assert_int_equal(
		ks_graph_begin(&graph, trees[1].id, 0, &number), KS_OK);
	assert_int_equal(ks_graph_add(&graph, blob.id, true), KS_OK);
	assert_int_equal(
		ks_graph_begin(&graph, trees[2].id, 1, &number), KS_OK);
	assert_int_equal(ks_graph_add(&graph, blob.id, true), KS_OK);
	assert_int_equal(
		ks_relevant_find(&relevant, &graph, &blob, 1, roots, 2, NULL),
		KS_OK);
	assert_true(ks_relevant_rank(&relevant, blob.id, &rank));
	assert_int_equal(rank, 5);
	assert_true(ks_relevant_rank(&relevant, trees[1].id, &rank));
	assert_false(ks_relevant_rank(&relevant, trees[2].id, &rank));
	ks_relevant_release(&relevant);
	ks_graph_release(&graph);
}

static void test_relevant__knows_nothing_of_an_empty_graph(void **state)
{
	struct ks_relevant relevant = { 0 };
	struct ks_graph graph = { 0 };
	struct ks_oid blob = oid_of(1);
	struct ks_oid other = oid_of(2);
	uint32_t rank = 0;

	(void)state;
	assert_false(ks_relevant_rank(&relevant, blob.id, &rank));
	assert_int_equal(
		ks_relevant_find(&relevant, &graph, &blob, 1, NULL, 0, NULL),
		KS_OK);
	assert_true(ks_relevant_rank(&relevant, blob.id, &rank));
	assert_int_equal(rank, UINT32_MAX);
	assert_false(ks_relevant_rank(&relevant, other.id, &rank));
	ks_relevant_release(&relevant);
}

static void test_relevant__stops_when_cancelled(void **state)
{
	static struct world world;
	struct ks_relevant relevant = { 0 };
	struct ks_oid wanted = oid_of(TREES);
	const volatile int cancel = 1;

	(void)state;
	make_world(&world, 1);
	assert_int_equal(ks_relevant_find(&relevant, &world.graph, &wanted, 1,
				 world.roots, world.root_count, &cancel),
		KS_E_INTERRUPTED);
	ks_relevant_release(&relevant);
	ks_graph_release(&world.graph);
}

static void test_relevant__gives_up_at_the_pairs_allowed(void **state)
{
	static struct world world;
	const struct ks_oid wanted = oid_of(TREES);
	int last = KS_OK;

	(void)state;
	make_world(&world, 1);
	for (size_t most = 200; most > 0; most--) {
		struct ks_relevant relevant = { .most = most };
		int rc = ks_relevant_find(&relevant, &world.graph, &wanted, 1,
			world.roots, world.root_count, NULL);

		assert_true(rc == KS_E_LIMIT || rc == last);
		last = rc;
		ks_relevant_release(&relevant);
	}
	assert_int_equal(last, KS_E_LIMIT);
	ks_graph_release(&world.graph);
}

/* TMPDIR is none: the list stays in memory. */
static void test_relevant__needs_no_disk(void **state)
{
	static struct world world;

	(void)state;
	assert_int_equal(setenv("TMPDIR", "/none", 1), 0);
	make_world(&world, 1);
	assert_null(world.graph.spool.p);
	assert_true(world.graph.list_n * sizeof(*world.graph.list) >
		    world.graph.memory);
	compare(&world, &(uint32_t){ TREES }, 1);
	ks_graph_release(&world.graph);
	unsetenv("TMPDIR");
	make_world(&world, 1);
	assert_non_null(world.graph.spool.p);
	ks_graph_release(&world.graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_relevant__finds_the_ranks_of_a_plain_walk),
		cmocka_unit_test(test_relevant__counts_what_stands_twice),
		cmocka_unit_test(
			test_relevant__knows_nothing_of_an_empty_graph),
		cmocka_unit_test(test_relevant__stops_when_cancelled),
		cmocka_unit_test(test_relevant__gives_up_at_the_pairs_allowed),
		cmocka_unit_test(test_relevant__needs_no_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
