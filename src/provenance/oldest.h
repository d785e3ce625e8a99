/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over all commits, oldest first, that finds what came in where. */
#ifndef KS_PROVENANCE_OLDEST_H
#define KS_PROVENANCE_OLDEST_H

#include "provenance/search.h"

/*
 * Fill commit, path, is_reachable and is_note of the origins. What was
 * surveyed before is not read again; the walk ends where all is found.
 * KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_oldest_find(struct ks_search *search, struct ks_err *err);

#endif
