/* SPDX-License-Identifier: Apache-2.0 */
/* What is wanted of the trees of HEAD and the branches. */
#include "provenance/survey.h"

#include "base/array.h"

#include <stdlib.h>

/* All that a survey needs. */
struct job {
	struct ks_survey *survey;
	const struct ks_wanted *wanted;
	struct ks_descent *descent;
	struct ks_arena *arena;
};

/* The index of the tree ${oid}, which is made if it is new. */
static int tree_index(
	struct ks_survey *survey, const struct ks_oid *oid, uint32_t *out)
{
	const struct ks_survey_tree none = { .first = KS_SURVEY_NONE,
		.last = KS_SURVEY_NONE };

	if (survey->tree_count >= KS_OIDMAP_NONE ||
		ks_array_reserve(&survey->trees, &survey->tree_cap,
			survey->tree_count + 1, sizeof(none)) < 0 ||
		ks_oidmap_add(&survey->index, oid, (uint32_t)survey->tree_count,
			out) < 0)
		return KS_E_NOMEM;
	if (*out == survey->tree_count)
		survey->trees[survey->tree_count++] = none;
	return KS_OK;
}

static int add_hit(const struct job *job, uint32_t tree, struct ks_span name,
	bool is_tree, uint32_t target)
{
	struct ks_survey *survey = job->survey;
	struct ks_survey_tree *to = &survey->trees[tree];
	struct ks_survey_hit hit = {
		.name = ks_arena_copy(job->arena, name),
		.target = target,
		.next = KS_SURVEY_NONE,
		.is_tree = is_tree,
	};
	uint32_t at = (uint32_t)survey->count;

	if (!hit.name || survey->count >= KS_SURVEY_NONE ||
		ks_array_reserve(&survey->list, &survey->cap, survey->count + 1,
			sizeof(hit)) < 0)
		return KS_E_NOMEM;
	survey->list[survey->count++] = hit;
	if (to->last == KS_SURVEY_NONE)
		to->first = at;
	else
		survey->list[to->last].next = at;
	to->last = at;
	return KS_OK;
}

/* Open the tree ${oid}, which is ${tree}. */
static int open_tree(const struct job *job, uint32_t tree,
	const struct ks_oid *oid, bool may_be_other, struct ks_err *err)
{
	int rc = ks_descent_open(job->descent, oid, may_be_other, err);

	if (rc > 0)
		ks_descent_top(job->descent)->node = tree;
	return rc;
}

/* An entry that is a tree: what is below is known, or known later. */
static int enter(const struct job *job, uint32_t parent,
	const struct ks_tree_entry *entry, struct ks_err *err)
{
	struct ks_survey *survey = job->survey;
	struct ks_oid oid = ks_oid_of(entry->id, job->descent->hash_bytes);
	size_t before = survey->tree_count;
	uint32_t tree;
	int rc;

	if (tree_index(survey, &oid, &tree) < 0)
		return ks_fail_nomem(err);
	if (survey->tree_count == before) {
		/*
		 * Met before: known in full, or, if ids lie, a circle. A
		 * visit comes to each tree once, so that does no harm.
		 */
		if (survey->trees[tree].first == KS_SURVEY_NONE)
			return KS_OK;
		if (add_hit(job, parent, entry->name, true, tree) < 0)
			return ks_fail_nomem(err);
		return KS_OK;
	}
	rc = open_tree(job, tree, &oid, false, err);
	if (rc > 0)
		ks_descent_top(job->descent)->name = entry->name;
	return rc < 0 ? rc : KS_OK;
}

/* The tree on top is at its end: tell the one above. */
static int leave(const struct job *job, struct ks_err *err)
{
	struct ks_survey *survey = job->survey;
	struct ks_span name = ks_descent_top(job->descent)->name;
	uint32_t tree = ks_descent_top(job->descent)->node;
	uint32_t parent;

	ks_descent_close(job->descent);
	if (job->descent->depth == 0 ||
		survey->trees[tree].first == KS_SURVEY_NONE)
		return KS_OK;
	parent = ks_descent_top(job->descent)->node;
	if (add_hit(job, parent, name, true, tree) < 0)
		return ks_fail_nomem(err);
	return KS_OK;
}

static int step(const struct job *job, struct ks_err *err)
{
	struct ks_tree_entry entry;
	uint32_t tree = ks_descent_top(job->descent)->node;
	uint32_t origin;

	if (!ks_descent_next(job->descent, &entry))
		return leave(job, err);
	origin = ks_wanted_find(job->wanted, entry.id);
	if (origin != KS_OIDMAP_NONE &&
		add_hit(job, tree, entry.name, false, origin) < 0)
		return ks_fail_nomem(err);
	if (!ks_tree_entry_is_tree(&entry))
		return KS_OK;
	return enter(job, tree, &entry, err);
}

int ks_survey_run(struct ks_survey *survey, const struct ks_wanted *wanted,
	struct ks_descent *descent, const struct ks_oid *root,
	bool may_be_other, struct ks_arena *arena, struct ks_err *err)
{
	const struct job job = { survey, wanted, descent, arena };
	size_t before = survey->tree_count;
	uint32_t tree;
	int rc;

	if (tree_index(survey, root, &tree) < 0)
		return ks_fail_nomem(err);
	if (survey->tree_count == before)
		return KS_OK;
	rc = open_tree(&job, tree, root, may_be_other, err);
	while (rc >= 0 && descent->depth > 0)
		rc = step(&job, err);
	return rc < 0 ? rc : KS_OK;
}

uint32_t ks_survey_begin(struct ks_survey *survey)
{
	return ++survey->visits;
}

/* Put the hits of ${tree} on the stack unless this visit was there. */
static int visit_tree(struct ks_survey *survey, uint32_t visit, uint32_t tree,
	size_t path_n, size_t *depth)
{
	struct ks_survey_tree *at = &survey->trees[tree];

	if (at->visit == visit || at->first == KS_SURVEY_NONE)
		return KS_OK;
	at->visit = visit;
	if (ks_array_reserve(&survey->stack, &survey->stack_cap, *depth + 1,
		    sizeof(*survey->stack)) < 0)
		return KS_E_NOMEM;
	survey->stack[*depth] = (struct ks_survey_place){ at->first, path_n };
	++*depth;
	return KS_OK;
}

int ks_survey_visit(struct ks_survey *survey, uint32_t visit, uint32_t tree,
	struct ks_buf *path, ks_survey_fn fn, void *payload)
{
	size_t path_n = path->n;
	size_t depth = 0;
	int rc = visit_tree(survey, visit, tree, path_n, &depth);

	while (rc == KS_OK && depth > 0) {
		struct ks_survey_place *place = &survey->stack[depth - 1];
		const struct ks_survey_hit *hit;

		if (place->hit == KS_SURVEY_NONE) {
			depth--;
			continue;
		}
		hit = &survey->list[place->hit];
		place->hit = hit->next;
		path->n = place->path_n;
		rc = ks_buf_add_str(path, hit->name);
		if (rc == KS_OK && !hit->is_tree)
			rc = fn(payload, hit->target, ks_buf_span(path));
		else if (rc == KS_OK)
			rc = ks_buf_add_byte(path, '/');
		if (rc == KS_OK && hit->is_tree)
			rc = visit_tree(
				survey, visit, hit->target, path->n, &depth);
	}
	path->n = path_n;
	return rc;
}

/* What ${path} leads to from ${tree}; names in ${path} end with '/' or NUL. */
static const struct ks_survey_hit *find_name(const struct ks_survey *survey,
	uint32_t tree, const char *path, uint32_t origin)
{
	uint32_t at = survey->trees[tree].first;

	for (; at != KS_SURVEY_NONE; at = survey->list[at].next) {
		const struct ks_survey_hit *hit = &survey->list[at];
		size_t n = strlen(hit->name);

		if (strncmp(hit->name, path, n) != 0)
			continue;
		if (hit->is_tree ? path[n] == '/'
				 : !path[n] && hit->target == origin)
			return hit;
	}
	return NULL;
}

bool ks_survey_has(const struct ks_survey *survey, uint32_t tree,
	const char *path, uint32_t origin)
{
	const struct ks_survey_hit *hit = find_name(survey, tree, path, origin);

	while (hit && hit->is_tree) {
		path += strlen(hit->name) + 1;
		hit = find_name(survey, hit->target, path, origin);
	}
	return hit != NULL;
}

void ks_survey_release(struct ks_survey *survey)
{
	ks_oidmap_release(&survey->index);
	free(survey->trees);
	free(survey->list);
	free(survey->stack);
	*survey = (struct ks_survey){ 0 };
}
