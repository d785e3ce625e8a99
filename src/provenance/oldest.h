/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over all commits, oldest first, that finds what came in where. */
#ifndef KS_PROVENANCE_OLDEST_H
#define KS_PROVENANCE_OLDEST_H

#include "provenance/search.h"

/*
 * Fill commit, path, is_reachable and is_note of the origins. What was
 * surveyed before is not read again; the walk ends where all is found.
 * ${missing}: how many were not. KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_oldest_find(
	struct ks_search *search, size_t *missing, struct ks_err *err);

/*
 * Ranks, for ks_relevant_find(): of the commit at ${at} of the order; of the
 * trees that tips name, which come behind all commits that are reached.
 */
static inline uint32_t ks_oldest_rank(size_t at)
{
	return 2 * (uint32_t)at + 2;
}

uint32_t ks_oldest_tip_rank(const struct ks_search *search);

#endif
