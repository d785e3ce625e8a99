/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of commits, by Kahn's algorithm with a heap: of the commits whose
 * parents are all out, the least by reach, time and id comes out next. As a
 * parent's reach is never behind its child's, all commits of one reach come
 * out before those of the next.
 */
#include "provenance/order.h"

/* A commit in the heap, with what is compared most. */
struct ready {
	int64_t time;
	uint32_t commit;
	uint32_t reach;
};

struct graph {
	const struct ks_commits *commits;
	uint32_t *parents;     /* as commits.parents, but indexes */
	uint32_t *waiting;     /* parents of each that are not out yet */
	uint32_t *child_start; /* of each, into children; one more at the end */
	uint32_t *children;
	struct ready *heap; /* least first */
	size_t heap_count;
};

bool ks_order_is_notes_ref(const char *name)
{
	return ks_span_starts(ks_span_str(name), "refs/notes/");
}

static bool is_before(
	const struct graph *graph, const struct ready *a, const struct ready *b)
{
	const struct ks_commit *list = graph->commits->list;

	if (a->reach != b->reach)
		return a->reach < b->reach;
	if (a->time != b->time)
		return a->time < b->time;
	return memcmp(list[a->commit].oid.id, list[b->commit].oid.id,
		       KS_OID_MAX) < 0;
}

static void heap_push(
	struct graph *graph, uint32_t commit, const uint8_t *reach)
{
	const struct ready new = {
		.time = graph->commits->list[commit].time,
		.commit = commit,
		.reach = reach[commit],
	};
	size_t at = graph->heap_count++;

	while (at > 0) {
		size_t up = (at - 1) / 2;

		if (!is_before(graph, &new, &graph->heap[up]))
			break;
		graph->heap[at] = graph->heap[up];
		at = up;
	}
	graph->heap[at] = new;
}

static uint32_t heap_pop(struct graph *graph)
{
	struct ready *heap = graph->heap;
	uint32_t commit = heap[0].commit;
	size_t count = --graph->heap_count;
	struct ready last = heap[count];
	size_t at = 0;

	for (;;) {
		size_t down = 2 * at + 1;

		if (down >= count)
			break;
		if (down + 1 < count &&
			is_before(graph, &heap[down + 1], &heap[down]))
			down++;
		if (!is_before(graph, &heap[down], &last))
			break;
		heap[at] = heap[down];
		at = down;
	}
	heap[at] = last;
	return commit;
}

/* Is this the first commit of its id? Only that one is part of the graph. */
static bool is_first(const struct ks_order *order,
	const struct ks_commits *commits, uint32_t commit)
{
	return ks_oidmap_get(&order->index, &commits->list[commit].oid) ==
	       commit;
}

static int index_commits(
	struct ks_order *order, const struct ks_commits *commits)
{
	for (uint32_t i = 0; i < commits->count; i++) {
		if (ks_oidmap_add(
			    &order->index, &commits->list[i].oid, i, NULL) < 0)
			return KS_E_NOMEM;
	}
	return KS_OK;
}

static int graph_alloc(struct graph *graph, struct ks_arena *arena)
{
	size_t n = graph->commits->count;
	size_t links = graph->commits->parent_count;
	const size_t size = sizeof(uint32_t);

	graph->parents = ks_arena_array(arena, links, size);
	graph->waiting = ks_arena_array(arena, n, size);
	graph->child_start = ks_arena_array(arena, n + 1, size);
	graph->children = ks_arena_array(arena, links, size);
	graph->heap = ks_arena_array(arena, n, sizeof(*graph->heap));
	return graph->parents && graph->waiting && graph->child_start &&
			       graph->children && graph->heap
		       ? KS_OK
		       : KS_E_NOMEM;
}

/* Resolve the parents and count the children of each into child_start. */
static void link_parents(struct graph *graph, const struct ks_order *order)
{
	const struct ks_commits *commits = graph->commits;

	for (size_t i = 0; i < commits->parent_count; i++)
		graph->parents[i] = KS_OIDMAP_NONE;
	for (uint32_t i = 0; i < commits->count; i++) {
		const struct ks_commit *commit = &commits->list[i];

		if (!is_first(order, commits, i))
			continue;
		for (uint32_t k = 0; k < commit->parent_count; k++) {
			size_t link = (size_t)commit->first_parent + k;
			uint32_t parent = ks_oidmap_get(
				&order->index, &commits->parents[link]);

			if (parent == KS_OIDMAP_NONE)
				continue;
			graph->parents[link] = parent;
			graph->waiting[i]++;
			graph->child_start[parent]++;
		}
	}
}

/*
 * Fill children: child_start becomes the end of each list, and moves to its
 * start while the list is filled from behind.
 */
static void link_children(struct graph *graph)
{
	const struct ks_commits *commits = graph->commits;

	for (size_t i = 1; i <= commits->count; i++)
		graph->child_start[i] += graph->child_start[i - 1];
	for (uint32_t i = 0; i < commits->count; i++) {
		const struct ks_commit *commit = &commits->list[i];

		for (uint32_t k = 0; k < commit->parent_count; k++) {
			size_t link = (size_t)commit->first_parent + k;
			uint32_t parent = graph->parents[link];

			if (parent != KS_OIDMAP_NONE)
				graph->children[--graph->child_start[parent]] =
					i;
		}
	}
}

static enum ks_reach reach_of_tip(const struct ks_tip *tip)
{
	if (!tip->name[0])
		return KS_REACH_REFLOG;
	return ks_order_is_notes_ref(tip->name) ? KS_REACH_NOTE : KS_REACH_REF;
}

/* Mark all that ${tip} reaches; ${stack} has room for each commit once. */
static void mark_from(struct ks_order *order, const struct graph *graph,
	const struct ks_oid *tip, enum ks_reach reach, uint32_t *stack)
{
	uint32_t at = ks_oidmap_get(&order->index, tip);
	size_t depth = 0;

	if (at == KS_OIDMAP_NONE || order->reach[at] <= reach)
		return;
	order->reach[at] = (uint8_t)reach;
	stack[depth++] = at;
	while (depth > 0) {
		const struct ks_commit *commit =
			&graph->commits->list[stack[--depth]];

		for (uint32_t k = 0; k < commit->parent_count; k++) {
			at = graph->parents[commit->first_parent + (size_t)k];
			if (at == KS_OIDMAP_NONE || order->reach[at] <= reach)
				continue;
			order->reach[at] = (uint8_t)reach;
			stack[depth++] = at;
		}
	}
}

static void mark_reach(struct ks_order *order, const struct graph *graph,
	const struct ks_tip *tips, size_t tip_count)
{
	/* The list is filled later only: it serves as the stack. */
	memset(order->reach, KS_REACH_NONE, graph->commits->count);
	for (int reach = KS_REACH_REF; reach < KS_REACH_NONE; reach++) {
		for (size_t i = 0; i < tip_count; i++) {
			if ((int)reach_of_tip(&tips[i]) == reach)
				mark_from(order, graph, &tips[i].oid,
					(enum ks_reach)reach, order->list);
		}
	}
}

/* Put out what the heap has and what thereby becomes ready. */
static void drain(struct ks_order *order, struct graph *graph)
{
	while (graph->heap_count > 0) {
		uint32_t commit = heap_pop(graph);
		uint32_t end = graph->child_start[commit + 1];

		order->list[order->count++] = commit;
		for (uint32_t k = graph->child_start[commit]; k < end; k++) {
			uint32_t child = graph->children[k];

			/* 0: in a circle, and put out as such. */
			if (graph->waiting[child] > 0 &&
				--graph->waiting[child] == 0)
				heap_push(graph, child, order->reach);
		}
	}
}

static void sort(struct ks_order *order, struct graph *graph)
{
	const struct ks_commits *commits = graph->commits;

	for (uint32_t i = 0; i < commits->count; i++) {
		if (!graph->waiting[i] && is_first(order, commits, i))
			heap_push(graph, i, order->reach);
	}
	drain(order, graph);
	for (uint32_t i = 0; i < commits->count; i++) {
		if (graph->waiting[i]) {
			graph->waiting[i] = 0;
			heap_push(graph, i, order->reach);
		}
	}
	drain(order, graph);
}

int ks_order_build(struct ks_order *order, const struct ks_commits *commits,
	const struct ks_tip *tips, size_t tip_count, struct ks_arena *arena)
{
	struct graph graph = { .commits = commits };
	size_t n = commits->count;

	order->reach = ks_arena_array(arena, n, sizeof(*order->reach));
	order->list = ks_arena_array(arena, n, sizeof(*order->list));
	if (!order->reach || !order->list ||
		index_commits(order, commits) < 0 ||
		graph_alloc(&graph, arena) < 0)
		return KS_E_NOMEM;
	link_parents(&graph, order);
	link_children(&graph);
	mark_reach(order, &graph, tips, tip_count);
	sort(order, &graph);
	return KS_OK;
}

void ks_order_release(struct ks_order *order)
{
	ks_oidmap_release(&order->index);
	*order = (struct ks_order){ 0 };
}
