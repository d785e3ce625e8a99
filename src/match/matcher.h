/* SPDX-License-Identifier: Apache-2.0 */
/* All rules over one subject: what a worker calls for each blob. */
#ifndef KS_MATCH_MATCHER_H
#define KS_MATCH_MATCHER_H

#include "match/carry.h"
#include "match/confirm.h"

/*
 * Bytes to match. Those of a delta say so: then only what its base has not
 * is searched for anchors, with the same result.
 */
struct ks_subject {
	struct ks_span bytes; /* at most KS_SUBJECT_MAX */
	size_t head; /* lines at the start that nothing is looked for in */
	const struct ks_delta *delta; /* with base; or NULL */
	const struct ks_carry *base;  /* what a scan of the base left */
	struct ks_carry *carry;       /* what this scan leaves; may be NULL */
	/*
	 * What of the bytes is still to be made, as wide around seams as the
	 * longest anchor; NULL: nothing.
	 */
	struct ks_delta_rest *rest;
	/*
	 * Rejects matches, but those that others may be looked for near;
	 * the same for base and delta. NULL: nothing is rejected.
	 */
	const struct ks_judge *judge;
};

/* What a matcher did so far. */
struct ks_match_counts {
	uint64_t bytes;      /* given to stage one */
	uint64_t candidates; /* that it reported */
	uint64_t confirmed;  /* matches that PCRE2 confirmed */
	uint64_t gave_up;    /* starts given up at a limit of PCRE2 */
};

/* The longest subject, in bytes: Hyperscan counts in 32 bits. */
#define KS_SUBJECT_MAX ((uint64_t)UINT32_MAX)

/* Belongs to one worker. */
struct ks_matcher;

/*
 * A matcher for ${patterns} (borrowed). With ${is_reference} it tries every
 * pattern on the whole subject, without stage one. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_matcher_new(struct ks_matcher **out,
	struct ks_patterns *patterns, bool is_reference, struct ks_err *err);

/*
 * Let it hold no more than ${candidates} places of one subject that might be a
 * match, and an eighth of that of matches. 0: as many as there may be.
 */
void ks_matcher_limit(struct ks_matcher *matcher, size_t candidates);

/*
 * Put all matches in ${subject} into ${out}, which is emptied first: sorted by
 * secret_start, then rule, then secret_end; no two have the same rule and
 * secret. KS_E_RULE, KS_E_LIMIT (more candidates than memory should hold),
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_matcher_scan(struct ks_matcher *matcher,
	const struct ks_subject *subject, struct ks_matches *out,
	struct ks_err *err);

/* Totals since it was made; borrowed. */
const struct ks_match_counts *ks_matcher_counts(
	const struct ks_matcher *matcher);

/* The rule whose pattern was last given up, or KS_RULE_NONE. */
uint32_t ks_matcher_gave_up(const struct ks_matcher *matcher);

/* NULL is fine. */
void ks_matcher_free(struct ks_matcher *matcher);

void ks_matches_release(struct ks_matches *matches);

#endif
