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
	if (ks_array_reserve(&graph->list, &graph->list_cap, graph->list_n + 1,
		    sizeof(*graph->list)) < 0)
		return KS_E_NOMEM;
	graph->list[graph->list_n++] =
		(word_of(id) & ~(uint64_t)1) | (is_gone ? 1 : 0);
	return KS_OK;
}

int ks_graph_merge(struct ks_graph *into, struct ks_graph *from)
{
	if (into->count == 0) {
		ks_graph_release(into);
		*into = *from;
		*from = (struct ks_graph){ 0 };
		return KS_OK;
	}
	if (into->count + from->count >= KS_GRAPH_NONE ||
		into->list_n + from->list_n >= KS_GRAPH_NONE)
		return KS_E_LIMIT;
	if (ks_array_reserve(&into->trees, &into->cap,
		    into->count + from->count, sizeof(*into->trees)) < 0 ||
		ks_array_reserve(&into->list, &into->list_cap,
			into->list_n + from->list_n, sizeof(*into->list)) < 0)
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
	free(graph->list);
	*graph = (struct ks_graph){ 0 };
}
