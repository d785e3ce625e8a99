/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which commit and path brought an object in, and where it still stands.
 *
 * The trees of HEAD and the branches come first (survey.c): they are read in
 * full and reduced to the few entries that lead to wanted objects. Then the
 * walk over all commits, oldest first (order.c, oldest.c), which knows those
 * trees already. So no tree is read twice, and the walk may end as soon as
 * all is found. Last, what was kept of the first trees tells where each
 * object still stands (stand.c).
 */
#include "provenance/origin.h"

#include "provenance/stand.h"
#include "provenance/oldest.h"

static void reset(struct ks_origin *origins, size_t count)
{
	for (size_t i = 0; i < count; i++)
		origins[i] = (struct ks_origin){
			.oid = origins[i].oid,
			.commit = UINT32_MAX,
		};
}

static int prepare(struct ks_search *search)
{
	const struct ks_origin_input *input = search->input;

	if (search->count >= KS_OIDMAP_NONE ||
		ks_wanted_init(&search->wanted, search->origins, search->count,
			search->descent.hash_bytes, &search->scratch) < 0)
		return KS_E_NOMEM;
	if (input->order) {
		search->order = *input->order;
		return KS_OK;
	}
	return ks_order_build(&search->order, input->commits, input->tips,
		input->tip_count, &search->scratch);
}

/* The trees that history starts from, oldest first. */
static struct ks_relevant_root *list_roots(
	struct ks_search *search, size_t *count)
{
	const struct ks_origin_input *input = search->input;
	const struct ks_order *order = &search->order;
	struct ks_relevant_root *roots = ks_arena_array(&search->scratch,
		order->count + input->tip_count + 1, sizeof(*roots));

	*count = 0;
	for (size_t i = 0; roots && i < order->count; i++)
		roots[(*count)++] = (struct ks_relevant_root){
			input->commits->list[order->list[i]].tree,
			ks_oldest_rank(i)
		};
	for (size_t i = 0; roots && i < input->tip_count; i++) {
		if (ks_search_commit(search, &input->tips[i]) == KS_OIDMAP_NONE)
			roots[(*count)++] =
				(struct ks_relevant_root){ input->tips[i].oid,
					ks_oldest_tip_rank(search) };
	}
	return roots;
}

/* Only commits that bring in something wanted have to be looked at. */
static int mark_ranks(struct ks_search *search)
{
	size_t most = ks_oldest_rank(search->order.count) + (size_t)1;
	uint8_t *wanted = ks_arena_alloc(&search->scratch, most);

	if (!wanted)
		return KS_E_NOMEM;
	for (size_t i = 0; i < search->count; i++) {
		uint32_t rank;

		if (ks_relevant_rank(&search->relevant,
			    search->origins[i].oid.id, &rank) &&
			rank < most)
			wanted[rank] = 1;
	}
	search->is_rank_wanted = wanted;
	return KS_OK;
}

/* Find out which trees have to be read, if that can be known. */
static int find_relevant(struct ks_search *search, struct ks_err *err)
{
	struct ks_oid *wanted = ks_arena_array(
		&search->scratch, search->count, sizeof(*wanted));
	struct ks_relevant_root *roots;
	size_t root_n;
	int rc;

	search->descent.rank = UINT32_MAX;
	if (!search->input->graph)
		return KS_OK;
	roots = list_roots(search, &root_n);
	if (!wanted || !roots)
		return ks_fail_nomem(err);
	for (size_t i = 0; i < search->count; i++)
		wanted[i] = search->origins[i].oid;
	rc = ks_relevant_find(&search->relevant, search->input->graph, wanted,
		search->count, roots, root_n, search->input->cancel);
	if (rc == KS_OK)
		rc = mark_ranks(search);
	if (rc == KS_OK)
		search->descent.relevant = &search->relevant;
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc == KS_E_INTERRUPTED)
		return ks_fail(err, rc, "interrupted");
	return KS_OK;
}

/* Is there one not found that was said to be below a root? */
static bool is_doubtful(const struct ks_search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		uint32_t rank = UINT32_MAX;

		if (!search->origins[i].path &&
			ks_relevant_rank(&search->relevant,
				search->origins[i].oid.id, &rank) &&
			rank != UINT32_MAX)
			return true;
	}
	return false;
}

/* A collision of ids may have led the walk astray: then all is read. */
static int find_oldest(struct ks_search *search, struct ks_err *err)
{
	size_t missing;
	int rc = ks_oldest_find(search, &missing, err);

	if (rc < 0 || !missing || !search->descent.relevant ||
		!is_doubtful(search))
		return rc;
	search->descent.relevant = NULL;
	ks_survey_release(&search->survey);
	rc = ks_stand_survey(search, err);
	return rc < 0 ? rc : ks_oldest_find(search, &missing, err);
}

/* An id that was asked for twice gets the same answer twice. */
static void repeat(struct ks_search *search)
{
	struct ks_origin *origins = search->origins;

	for (size_t i = 0; i < search->count; i++)
		origins[i] = origins[ks_oidmap_get(
			&search->wanted.map, &origins[i].oid)];
}

/* For the caller, if it can be relied on. */
static void hand_over(struct ks_search *search)
{
	if (!search->input->relevant || !search->descent.relevant)
		return;
	*search->input->relevant = search->relevant;
	search->relevant = (struct ks_relevant){ 0 };
}

int ks_origin_find(struct ks_origin *origins, size_t count,
	const struct ks_origin_input *input, struct ks_arena *arena,
	struct ks_err *err)
{
	size_t hash_bytes = ks_commits_hash_bytes(input->commits);
	struct ks_search search = {
		.origins = origins,
		.count = count,
		.input = input,
		.arena = arena,
		.wanted = { .hash_bytes = hash_bytes },
		.descent = { .input = input, .hash_bytes = hash_bytes },
		.relevant = { .most = input->pairs },
	};
	int rc = KS_OK;

	reset(origins, count);
	if (count == 0)
		return KS_OK;
	if (prepare(&search) < 0)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = find_relevant(&search, err);
	if (rc == KS_OK)
		rc = ks_stand_survey(&search, err);
	if (rc == KS_OK)
		rc = find_oldest(&search, err);
	if (rc == KS_OK)
		rc = ks_stand_fill(&search, err);
	if (rc == KS_OK) {
		repeat(&search);
		hand_over(&search);
	}
	ks_descent_release(&search.descent);
	ks_survey_release(&search.survey);
	ks_relevant_release(&search.relevant);
	if (!input->order)
		ks_order_release(&search.order);
	ks_wanted_release(&search.wanted);
	ks_arena_release(&search.scratch);
	return rc;
}
