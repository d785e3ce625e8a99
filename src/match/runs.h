/* SPDX-License-Identifier: Apache-2.0 */
/* The encoded runs of a subject: all, or those that its base has not. */
#ifndef KS_MATCH_RUNS_H
#define KS_MATCH_RUNS_H

#include "match/encoded.h"
#include "match/matcher.h"

/* Append ${run}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_runs_add(
	struct ks_runs *runs, const struct ks_encoded_run *run);

/*
 * Put into ${out}, in place of what it held, the runs of ${subject} that may
 * hold something: each that has a byte which its base has not, or lies at a
 * seam, and those of ${base}, the base's runs that held something, which were
 * copied whole. Without a base, or one that was not scanned to its end, all.
 * Sorted by start, then form; each once. Fills subject->rest where it has to
 * look there or a run has bytes there. KS_E_LIMIT where there are more than
 * memory should hold; KS_E_NOMEM.
 *
 * What a run is depends on its bytes and one on either side. If all these
 * were copied in one piece, the base has the same run; else one of them is
 * new or beside a seam, and the lines around that are searched.
 */
KS_MUST_CHECK int ks_runs_find(
	struct ks_runs *out, const struct ks_subject *subject);

void ks_runs_release(struct ks_runs *runs);

#endif
