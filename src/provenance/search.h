/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of one ks_origin_find() share. */
#ifndef KS_PROVENANCE_SEARCH_H
#define KS_PROVENANCE_SEARCH_H

#include "provenance/survey.h"
#include "provenance/order.h"

struct ks_search {
	struct ks_origin *origins; /* of equal ids, the first only is used */
	size_t count;
	const struct ks_origin_input *input;
	struct ks_arena *arena;  /* the caller's: what is found */
	struct ks_arena scratch; /* ends with the search */
	struct ks_wanted wanted;
	struct ks_order order;
	struct ks_survey survey;
	struct ks_descent descent;
	struct ks_relevant relevant;
	/* By rank: does anything wanted come in there? NULL: not known. */
	uint8_t *is_rank_wanted;
};

/*
 * What ${tip} points at: its index into commits.list, or KS_OIDMAP_NONE if
 * it is no commit.
 */
static inline uint32_t ks_search_commit(
	const struct ks_search *search, const struct ks_tip *tip)
{
	return ks_oidmap_get(&search->order.index, &tip->oid);
}

#endif
