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
	return ks_order_build(&search->order, input->commits, input->tips,
		input->tip_count, &search->scratch);
}

/* An id that was asked for twice gets the same answer twice. */
static void repeat(struct ks_search *search)
{
	struct ks_origin *origins = search->origins;

	for (size_t i = 0; i < search->count; i++)
		origins[i] = origins[ks_oidmap_get(
			&search->wanted.map, &origins[i].oid)];
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
	};
	int rc = KS_OK;

	reset(origins, count);
	if (count == 0)
		return KS_OK;
	if (prepare(&search) < 0)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_stand_survey(&search, err);
	if (rc == KS_OK)
		rc = ks_oldest_find(&search, err);
	if (rc == KS_OK)
		rc = ks_stand_fill(&search, err);
	if (rc == KS_OK)
		repeat(&search);
	ks_descent_release(&search.descent);
	ks_survey_release(&search.survey);
	ks_order_release(&search.order);
	ks_wanted_release(&search.wanted);
	ks_arena_release(&search.scratch);
	return rc;
}
