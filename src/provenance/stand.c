/* SPDX-License-Identifier: Apache-2.0 */
/* Where wanted objects still stand: in HEAD, at the tips of branches. */
#include "provenance/stand.h"

#include "base/array.h"

#include <stdlib.h>

/* Origins found at one tree: a piece of stand.pool. */
struct list {
	size_t start;
	size_t n;
	bool is_known;
};

struct stand {
	struct ks_search *search;
	struct ks_buf path;
	/* HEAD: the tree that is visited. */
	uint32_t head;
	/* Branches. */
	uint32_t visit;
	uint32_t *marks; /* of each origin: the visit that found it last */
	uint32_t *pool;  /* indexes of origins */
	size_t pool_n;
	size_t pool_cap;
	struct list *lists; /* of each tree of search->survey */
};

static const struct ks_oid *root_of(
	const struct ks_search *search, const struct ks_tip *tip)
{
	uint32_t commit = ks_search_commit(search, tip);

	return commit == KS_OIDMAP_NONE
		       ? &tip->oid
		       : &search->input->commits->list[commit].tree;
}

/* The surveyed tree of ${tip}. */
static uint32_t tree_of(
	const struct ks_search *search, const struct ks_tip *tip)
{
	return ks_oidmap_get(&search->survey.index, root_of(search, tip));
}

int ks_stand_survey(struct ks_search *search, struct ks_err *err)
{
	const struct ks_origin_input *input = search->input;

	for (size_t i = 0; i < input->tip_count; i++) {
		const struct ks_tip *tip = &input->tips[i];
		const struct ks_oid *root = root_of(search, tip);
		int rc;

		if (!tip->is_branch && !tip->is_head)
			continue;
		rc = ks_survey_run(&search->survey, &search->wanted,
			&search->descent, root, root == &tip->oid,
			&search->scratch, err);
		if (rc < 0)
			return rc;
	}
	return KS_OK;
}

/* Tell ${fn} of the tree ${root} of ${tip} itself if it is wanted. */
static int visit_root(
	struct stand *stand, const struct ks_tip *tip, ks_survey_fn fn)
{
	const struct ks_oid *root = root_of(stand->search, tip);
	uint32_t origin = ks_oidmap_get(&stand->search->wanted.map, root);

	/* A tip that is no commit names it, but has it at no path. */
	if (origin == KS_OIDMAP_NONE || root == &tip->oid)
		return KS_OK;
	return fn(stand, origin, ks_span_of(NULL, 0));
}

/* Found in HEAD: the path of its oldest commit, else the least. */
static int found_in_head(void *payload, uint32_t origin, struct ks_span path)
{
	struct stand *stand = payload;
	struct ks_search *search = stand->search;
	struct ks_origin *to = &search->origins[origin];
	const char *copy;

	if (to->path && to->head_path == to->path)
		return KS_OK;
	if (to->path && (ks_span_eq(ks_span_str(to->path), path) ||
				ks_survey_has(&search->survey, stand->head,
					to->path, origin))) {
		to->head_path = to->path;
		return KS_OK;
	}
	copy = ks_arena_copy(search->arena, path);
	if (!copy)
		return KS_E_NOMEM;
	if (!to->head_path || strcmp(copy, to->head_path) < 0)
		to->head_path = copy;
	return KS_OK;
}

static int visit_head(struct stand *stand, const struct ks_tip *tip)
{
	struct ks_survey *survey = &stand->search->survey;
	uint32_t visit = ks_survey_begin(survey);

	stand->head = tree_of(stand->search, tip);
	if (visit_root(stand, tip, found_in_head) < 0)
		return KS_E_NOMEM;
	return ks_survey_visit(
		survey, visit, stand->head, &stand->path, found_in_head, stand);
}

static int found_in_branch(void *payload, uint32_t origin, struct ks_span path)
{
	struct stand *stand = payload;

	(void)path;
	if (stand->marks[origin] == stand->visit)
		return KS_OK;
	stand->marks[origin] = stand->visit;
	if (ks_array_reserve(&stand->pool, &stand->pool_cap, stand->pool_n + 1,
		    sizeof(*stand->pool)) < 0)
		return KS_E_NOMEM;
	stand->pool[stand->pool_n++] = origin;
	return KS_OK;
}

/* Count the branch ${tip} for each origin at it. */
static int visit_branch(struct stand *stand, const struct ks_tip *tip)
{
	struct ks_search *search = stand->search;
	uint32_t tree = tree_of(search, tip);
	struct list *list = &stand->lists[tree];

	if (!list->is_known) {
		stand->visit = ks_survey_begin(&search->survey);
		list->start = stand->pool_n;
		if (visit_root(stand, tip, found_in_branch) < 0 ||
			ks_survey_visit(&search->survey, stand->visit, tree,
				&stand->path, found_in_branch, stand) < 0)
			return KS_E_NOMEM;
		list->n = stand->pool_n - list->start;
		list->is_known = true;
	}
	for (size_t i = 0; i < list->n; i++) {
		uint32_t origin = stand->pool[list->start + i];

		search->origins[origin].branch_count++;
	}
	return KS_OK;
}

/* Make the arrays as large as visit_branch() counted, and fill them. */
static int list_branches(struct stand *stand)
{
	struct ks_search *search = stand->search;
	const struct ks_origin_input *input = search->input;
	uint32_t **arrays = ks_arena_array(
		&search->scratch, search->count, sizeof(*arrays));

	if (!arrays)
		return KS_E_NOMEM;
	for (size_t i = 0; i < search->count; i++) {
		struct ks_origin *origin = &search->origins[i];

		if (!origin->branch_count)
			continue;
		arrays[i] = ks_arena_array(
			search->arena, origin->branch_count, sizeof(uint32_t));
		if (!arrays[i])
			return KS_E_NOMEM;
		origin->branches = arrays[i];
	}
	for (uint32_t i = 0; i < input->tip_count; i++) {
		const struct list *list;

		if (!input->tips[i].is_branch)
			continue;
		list = &stand->lists[tree_of(search, &input->tips[i])];
		for (size_t k = 0; k < list->n; k++)
			*arrays[stand->pool[list->start + k]]++ = i;
	}
	return KS_OK;
}

static int fill(struct stand *stand, struct ks_err *err)
{
	struct ks_search *search = stand->search;
	const struct ks_origin_input *input = search->input;

	stand->marks = ks_arena_array(
		&search->scratch, search->count, sizeof(*stand->marks));
	stand->lists = ks_arena_array(&search->scratch,
		search->survey.tree_count, sizeof(*stand->lists));
	if (!stand->marks || !stand->lists)
		return ks_fail_nomem(err);
	for (size_t i = 0; i < input->tip_count; i++) {
		const struct ks_tip *tip = &input->tips[i];
		int rc = ks_descent_check(&search->descent, err);

		if (rc < 0)
			return rc;
		if (tip->is_head && visit_head(stand, tip) < 0)
			return ks_fail_nomem(err);
		if (tip->is_branch && visit_branch(stand, tip) < 0)
			return ks_fail_nomem(err);
	}
	if (list_branches(stand) < 0)
		return ks_fail_nomem(err);
	return KS_OK;
}

int ks_stand_fill(struct ks_search *search, struct ks_err *err)
{
	struct stand stand = { .search = search };
	int rc = fill(&stand, err);

	free(stand.pool);
	ks_buf_release(&stand.path);
	return rc;
}
