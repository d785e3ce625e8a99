/* SPDX-License-Identifier: Apache-2.0 */
/* Which tree holds what, as the deltas of the pack tell it. */
#include "provenance/graph.h"

#include "base/array.h"

#include <stdlib.h>

static uint64_t word_of(const uint8_t *id)
{
	uint64_t word;

	memcpy(&word, id, sizeof(word));
	return word;
}

/* ${cap} entries in a file; false where there can be none. */
static bool reserve_in_file(struct ks_graph *graph, size_t cap)
{
	uint64_t size = (uint64_t)cap * sizeof(*graph->list);

	if (graph->spool.p) {
		if (ks_spool_grow(&graph->spool, size, NULL) < 0)
			return false;
	} else {
		if (ks_spool_open(&graph->spool, size, NULL) < 0)
			return false;
		if (graph->list_n)
			memcpy(graph->spool.p, graph->list,
				graph->list_n * sizeof(*graph->list));
		free(graph->list);
	}
	graph->list = (uint64_t *)(void *)graph->spool.p;
	graph->list_cap = cap;
	return true;
}

/* Room for ${n} entries. Without a disk to use, memory is used. */
static int reserve(struct ks_graph *graph, size_t n)
{
	size_t most = graph->memory
			      ? (size_t)(graph->memory / sizeof(*graph->list))
			      : SIZE_MAX;
	size_t cap = graph->list_cap ? 2 * graph->list_cap : 1024;
	uint64_t *list;

	if (n <= graph->list_cap)
		return KS_OK;
	if (cap > most && n <= most)
		cap = most;
	if (cap < n)
		cap = n;
	if (graph->spool.p || cap > most) {
		if (reserve_in_file(graph, cap))
			return KS_OK;
		if (graph->spool.p)
			return KS_E_NOMEM;
	}
	list = realloc(graph->list, cap * sizeof(*list));
	if (!list)
		return KS_E_NOMEM;
	graph->list = list;
	graph->list_cap = cap;
	return KS_OK;
}

int ks_graph_begin(
	struct ks_graph *graph, const uint8_t *id, uint32_t base, uint32_t *out)
{
	if (graph->count >= KS_GRAPH_NONE || graph->list_n >= KS_GRAPH_NONE)
		return KS_E_LIMIT;
	if (ks_array_reserve(&graph->trees, &graph->cap, graph->count + 1,
		    sizeof(*graph->trees)) < 0)
		return KS_E_NOMEM;
	*out = (uint32_t)graph->count;
	graph->trees[graph->count++] = (struct ks_graph_tree){
		.id = word_of(id),
		.base = base,
		.first = (uint32_t)graph->list_n,
	};
	return KS_OK;
}

int ks_graph_add(struct ks_graph *graph, const uint8_t *id, bool is_gone)
{
	if (graph->list_n >= KS_GRAPH_NONE)
		return KS_E_LIMIT;
	if (graph->list_n == graph->list_cap &&
		reserve(graph, graph->list_n + 1) < 0)
		return KS_E_NOMEM;
	graph->list[graph->list_n++] =
		(word_of(id) & ~(uint64_t)1) | (is_gone ? 1 : 0);
	return KS_OK;
}

int ks_graph_merge(struct ks_graph *into, struct ks_graph *from)
{
	if (into->count == 0) {
		uint64_t memory = into->memory;

		ks_graph_release(into);
		*into = *from;
		into->memory = memory;
		*from = (struct ks_graph){ 0 };
		return KS_OK;
	}
	if (into->count + from->count >= KS_GRAPH_NONE ||
		into->list_n + from->list_n >= KS_GRAPH_NONE)
		return KS_E_LIMIT;
	if (ks_array_reserve(&into->trees, &into->cap,
		    into->count + from->count, sizeof(*into->trees)) < 0 ||
		reserve(into, into->list_n + from->list_n) < 0)
		return KS_E_NOMEM;
	for (size_t i = 0; i < from->count; i++) {
		struct ks_graph_tree tree = from->trees[i];

		tree.first += (uint32_t)into->list_n;
		if (tree.base != KS_GRAPH_NONE)
			tree.base += (uint32_t)into->count;
		into->trees[into->count + i] = tree;
	}
	if (from->list_n)
		memcpy(into->list + into->list_n, from->list,
			from->list_n * sizeof(*from->list));
	into->count += from->count;
	into->list_n += from->list_n;
	ks_graph_release(from);
	return KS_OK;
}

void ks_graph_release(struct ks_graph *graph)
{
	free(graph->trees);
	if (!graph->spool.p)
		free(graph->list);
	ks_spool_close(&graph->spool);
	*graph = (struct ks_graph){ 0 };
}
