/* SPDX-License-Identifier: Apache-2.0 */
/* Which commit took objects out of HEAD's history. */
#include "provenance/removed.h"

#include "blobs/tree.h"
#include "history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

enum {
	THINGS_MAX = 80,
	LABELS_MAX = 3,
	ROUNDS = 300,
	COMMITS = 24
};

struct world {
	struct history *history;
	struct ks_graph graph;
	struct ks_order order;
	struct ks_relevant relevant;
	struct ks_arena arena;
	struct ks_oid objects[THINGS_MAX][LABELS_MAX];
	struct ks_removed things[THINGS_MAX];
	size_t count;
};

/* Versions of one file: the blobs whose contents are ${labels}. */
static void add_thing(struct world *world, const char *labels)
{
	struct ks_oid *objects = world->objects[world->count];
	struct ks_removed *thing = &world->things[world->count++];

	*thing = (struct ks_removed){ .objects = objects };
	for (const char *at = labels; *at; at++) {
		char label[2] = { *at, '\0' };

		objects[thing->count++] = history_blob(world->history, label);
	}
}

static void make_graph(struct world *world)
{
	for (size_t i = 0; i < world->history->count; i++) {
		const struct history_object *object =
			&world->history->objects[i];
		struct ks_tree_iter iter = ks_tree_iter_of(
			ks_buf_span(&object->bytes), KS_OID_SHA1);
		struct ks_tree_entry entry;
		uint32_t number;

		if (object->type != KS_OBJECT_TREE)
			continue;
		assert_int_equal(ks_graph_begin(&world->graph, object->oid.id,
					 KS_GRAPH_NONE, &number),
			KS_OK);
		while (ks_tree_next(&iter, &entry) == 1)
			assert_int_equal(
				ks_graph_add(&world->graph, entry.id, false),
				KS_OK);
	}
}

static void find_all(struct world *world, const struct ks_oid *head)
{
	const struct ks_commits *commits = &world->history->graph;
	struct ks_oid wanted[THINGS_MAX * LABELS_MAX];
	size_t wanted_n = 0;
	struct ks_removed_input input = {
		.commits = commits,
		.order = &world->order,
		.relevant = &world->relevant,
	};

	history_tip(world->history, "HEAD", head);
	history_gather(world->history, 0);
	make_graph(world);
	for (size_t i = 0; i < world->count; i++) {
		for (size_t k = 0; k < world->things[i].count; k++)
			wanted[wanted_n++] = world->objects[i][k];
	}
	assert_int_equal(
		ks_order_build(&world->order, commits, world->history->tips,
			world->history->tip_count, &world->arena),
		KS_OK);
	assert_int_equal(ks_relevant_find(&world->relevant, &world->graph,
				 wanted, wanted_n, NULL, 0, NULL),
		KS_OK);
	input.head = ks_oidmap_get(&world->order.index, head);
	assert_int_equal(
		ks_removed_find(world->things, world->count, &input, NULL),
		KS_OK);
}

static void release(struct world *world)
{
	ks_relevant_release(&world->relevant);
	ks_order_release(&world->order);
	ks_graph_release(&world->graph);
	ks_arena_release(&world->arena);
	history_free(world->history);
}

/* Thing ${i} was removed by ${commit}, NULL: by none. */
static void assert_removed(
	const struct world *world, size_t i, const struct ks_oid *commit)
{
	uint32_t at = world->things[i].commit;

	if (!commit) {
		assert_int_equal(at, UINT32_MAX);
		return;
	}
	assert_int_not_equal(at, UINT32_MAX);
	assert_memory_equal(
		&world->history->graph.list[at].oid, commit, sizeof(*commit));
}

static void test_removed__is_the_last_that_took_all_versions_out(void **state)
{
	struct world world = { .history = history_new() };
	struct history *h = world.history;
	struct ks_oid a = history_commit(h, 1, "d/x=1 y=9", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "y=9", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "d/x=2 y=9", &b, NULL);
	struct ks_oid d = history_commit(h, 4, "e/f/x=1 y=9", &c, NULL);
	struct ks_oid e = history_commit(h, 5, "d/x=3 y=9", &d, NULL);
	struct ks_oid f = history_commit(h, 6, "d/x=4 y=9", &e, NULL);

	(void)state;
	add_thing(&world, "12");
	add_thing(&world, "1");
	add_thing(&world, "2");
	add_thing(&world, "3");
	find_all(&world, &f);
	assert_removed(&world, 0, &e);
	assert_removed(&world, 1, &e);
	assert_removed(&world, 2, &d);
	assert_removed(&world, 3, &f);
	release(&world);
}

static void test_removed__is_none_of_what_head_has_or_never_had(void **state)
{
	struct world world = { .history = history_new() };
	struct history *h = world.history;
	struct ks_oid a = history_commit(h, 1, "x=1", NULL, NULL);
	struct ks_oid b = history_commit(h, 2, "y=2", &a, NULL);
	struct ks_oid c = history_commit(h, 3, "z/x=1", &b, NULL);
	struct ks_oid other = history_commit(h, 4, "x=5", &a, NULL);
	struct ks_oid gone = history_commit(h, 5, "x=6", &other, NULL);

	(void)state;
	history_tip(h, "refs/heads/other", &gone);
	add_thing(&world, "1");
	add_thing(&world, "5");
	add_thing(&world, "7");
	find_all(&world, &c);
	assert_removed(&world, 0, NULL);
	assert_removed(&world, 1, NULL);
	assert_removed(&world, 2, NULL);
	release(&world);
}

static void test_removed__is_the_commit_of_the_branch_merged(void **state)
{
	struct world world = { .history = history_new() };
	struct history *h = world.history;
	struct ks_oid a = history_commit(h, 1, "x=1", NULL, NULL);
	struct ks_oid side = history_commit(h, 2, "y=2", &a, NULL);
	struct ks_oid more = history_commit(h, 3, "y=3", &side, NULL);
	struct ks_oid main = history_commit(h, 4, "x=1 z=4", &a, NULL);
	struct ks_oid merge = history_commit(h, 5, "y=3 z=4", &main, &more);
	struct ks_oid tip = history_commit(h, 6, "y=3 z=5", &merge, NULL);

	(void)state;
	add_thing(&world, "1");
	find_all(&world, &tip);
	assert_removed(&world, 0, &side);
	release(&world);
}

static void test_removed__is_the_merge_that_dropped_it(void **state)
{
	struct world world = { .history = history_new() };
	struct history *h = world.history;
	struct ks_oid a = history_commit(h, 1, "y=1", NULL, NULL);
	struct ks_oid side = history_commit(h, 2, "y=1 x=8", &a, NULL);
	struct ks_oid main = history_commit(h, 3, "y=1 x=9", &a, NULL);
	struct ks_oid merge = history_commit(h, 4, "y=1", &main, &side);

	(void)state;
	add_thing(&world, "8");
	add_thing(&world, "9");
	find_all(&world, &merge);
	assert_removed(&world, 0, &merge);
	assert_removed(&world, 1, &merge);
	release(&world);
}

static void test_removed__is_on_a_branch_that_brought_it_too(void **state)
{
	struct world world = { .history = history_new() };
	struct history *h = world.history;
	struct ks_oid a = history_commit(h, 1, "y=1", NULL, NULL);
	struct ks_oid side = history_commit(h, 2, "y=1 x=8", &a, NULL);
	struct ks_oid more = history_commit(h, 3, "y=1", &side, NULL);
	struct ks_oid main = history_commit(h, 4, "y=2", &a, NULL);
	struct ks_oid merge = history_commit(h, 5, "y=2", &main, &more);

	(void)state;
	add_thing(&world, "8");
	find_all(&world, &merge);
	assert_removed(&world, 0, &more);
	release(&world);
}

static void test_removed__tells_more_than_sixty_four_apart(void **state)
{
	struct world world = { .history = history_new() };
	struct history *h = world.history;
	struct ks_oid commits[THINGS_MAX + 1];
	char files[32];

	(void)state;
	for (int i = 0; i <= THINGS_MAX; i++) {
		snprintf(files, sizeof(files), "d/x=%c", '!' + i);
		commits[i] = history_commit(
			h, i, files, i ? &commits[i - 1] : NULL, NULL);
	}
	for (int i = 0; i < THINGS_MAX; i++)
		add_thing(&world, (char[]){ (char)('!' + i), '\0' });
	find_all(&world, &commits[THINGS_MAX]);
	for (size_t i = 0; i < THINGS_MAX; i++)
		assert_removed(&world, i, &commits[i + 1]);
	release(&world);
}

static bool tree_has(struct history *h, const struct ks_oid *tree,
	const struct ks_removed *thing)
{
	const struct history_object *object = history_object(h, tree);
	struct ks_tree_iter iter =
		ks_tree_iter_of(ks_buf_span(&object->bytes), KS_OID_SHA1);
	struct ks_tree_entry entry;

	while (ks_tree_next(&iter, &entry) == 1) {
		struct ks_oid oid = ks_oid_of(entry.id, KS_OID_SHA1);

		for (size_t i = 0; i < thing->count; i++) {
			if (ks_oid_eq(&thing->objects[i], &oid))
				return true;
		}
		if (ks_tree_entry_is_tree(&entry) && tree_has(h, &oid, thing))
			return true;
	}
	return false;
}

static uint32_t parent_of(
	const struct world *world, const struct ks_commit *commit, uint32_t i)
{
	return ks_oidmap_get(&world->order.index,
		&world->history->graph.parents[commit->first_parent + i]);
}

/* Has any commit from ${at} on, back along first parents, the thing? */
static bool line_has(
	const struct world *world, uint32_t at, const struct ks_removed *thing)
{
	for (;;) {
		const struct ks_commit *commit =
			&world->history->graph.list[at];

		if (tree_has(world->history, &commit->tree, thing))
			return true;
		if (commit->parent_count == 0)
			return false;
		at = parent_of(world, commit, 0);
	}
}

/* Has HEAD, or any commit that led there, the thing? */
static bool was_there(
	const struct world *world, uint32_t at, const struct ks_removed *thing)
{
	const struct ks_commit *commit = &world->history->graph.list[at];

	if (tree_has(world->history, &commit->tree, thing))
		return true;
	for (uint32_t i = 0; i < commit->parent_count; i++) {
		if (was_there(world, parent_of(world, commit, i), thing))
			return true;
	}
	return false;
}

static void check_thing(const struct world *world, uint32_t head,
	const struct ks_removed *thing)
{
	struct history *h = world->history;
	const struct ks_commits *graph = &h->graph;
	const struct ks_commit *commit;
	bool was = false;

	if (thing->commit == UINT32_MAX) {
		assert_true(tree_has(h, &graph->list[head].tree, thing) ||
			    !was_there(world, head, thing));
		return;
	}
	commit = &graph->list[thing->commit];
	assert_false(tree_has(h, &graph->list[head].tree, thing));
	assert_false(tree_has(h, &commit->tree, thing));
	for (uint32_t i = 0; i < commit->parent_count; i++) {
		uint32_t parent = parent_of(world, commit, i);
		bool has = tree_has(h, &graph->list[parent].tree, thing);

		was |= has;
		/* Else the commit of that branch would be the one. */
		assert_true(has || commit->parent_count == 1 ||
			    !line_has(world, parent, thing));
	}
	assert_true(was);
}

static void make_random(struct world *world, uint64_t *random)
{
	struct ks_oid commits[COMMITS];
	char files[64];

	for (uint32_t i = 0; i < COMMITS; i++) {
		uint32_t first =
			i ? i - 1 - history_random(random, i < 3 ? i : 3) : 0;
		uint32_t second = i ? history_random(random, i) : 0;
		bool is_merge = i && history_random(random, 3) == 0;

		snprintf(files, sizeof(files), "a/b/x=%c a/y=%c z=%c",
			'0' + (char)history_random(random, 7),
			'0' + (char)history_random(random, 7),
			'0' + (char)history_random(random, 7));
		commits[i] = history_commit(world->history, i, files,
			i ? &commits[first] : NULL,
			is_merge ? &commits[second] : NULL);
	}
	for (char label = '0'; label < '7'; label++) {
		add_thing(world, (char[]){ label, '\0' });
		add_thing(world, (char[]){ label, '6', '\0' });
	}
	find_all(world, &commits[COMMITS - 1]);
}

static void test_removed__holds_for_random_histories(void **state)
{
	size_t removed = 0;
	uint64_t random = 7;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct world world = { .history = history_new() };
		uint32_t head;

		make_random(&world, &random);
		head = ks_oidmap_get(
			&world.order.index, &world.history->tips[0].oid);
		for (size_t i = 0; i < world.count; i++) {
			check_thing(&world, head, &world.things[i]);
			removed += world.things[i].commit != UINT32_MAX;
		}
		release(&world);
	}
	assert_true(removed > ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_removed__is_the_last_that_took_all_versions_out),
		cmocka_unit_test(
			test_removed__is_none_of_what_head_has_or_never_had),
		cmocka_unit_test(
			test_removed__is_the_commit_of_the_branch_merged),
		cmocka_unit_test(test_removed__is_the_merge_that_dropped_it),
		cmocka_unit_test(
			test_removed__is_on_a_branch_that_brought_it_too),
		cmocka_unit_test(
			test_removed__tells_more_than_sixty_four_apart),
		cmocka_unit_test(test_removed__holds_for_random_histories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
