/* SPDX-License-Identifier: Apache-2.0 */
/* Where each place of a hit came from. */
#ifndef KS_SCAN_ORIGINS_H
#define KS_SCAN_ORIGINS_H

#include "provenance/order.h"
#include "provenance/relevant.h"
#include "scan/gather.h"

#define KS_ORIGIN_NONE UINT32_MAX

/* Zero-initialise; ks_origins_release() frees. */
struct ks_origins {
	struct ks_origin *list;
	size_t count;
	uint32_t *of_where; /* a place's origin, or KS_ORIGIN_NONE */
	uint32_t *of_skip;  /* likewise of what was left out before */
	size_t skip_count;  /* in of_skip; the search may find more */
	uint32_t *rank;     /* of a commit: its place in the order, 0 oldest */
	struct ks_order order;
	struct ks_relevant relevant; /* empty: not known */
	struct ks_arena arena;
};

/*
 * Find the origins of all places in gather->hits and of all objects in
 * gather->skips. Without any, nothing is read. Trees that cannot be read are
 * noted as left out. KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_origins_find(struct ks_origins *origins,
	struct ks_gather *gather, struct ks_err *err);

/* The origin of place ${where}, or NULL. */
const struct ks_origin *ks_origins_of(
	const struct ks_origins *origins, uint32_t where);

/* Likewise of what was left out ${skip}. */
const struct ks_origin *ks_origins_of_skip(
	const struct ks_origins *origins, size_t skip);

void ks_origins_release(struct ks_origins *origins);

#endif
