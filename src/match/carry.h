/* SPDX-License-Identifier: Apache-2.0 */
/* Candidates carried from a base to its deltas. */
#ifndef KS_MATCH_CARRY_H
#define KS_MATCH_CARRY_H

#include "match/encoded.h"
#include "rules/rule.h"

/* An anchor that stage one met, 8 bytes. */
struct ks_candidate {
	uint32_t rule : 30;
	/*
	 * No match starts where this anchor allows one to, and the bytes
	 * which that depends on are known to be bounded by the rule.
	 */
	uint32_t is_dead : 1;
	uint32_t is_judged : 1; /* and by what a judge looks at around it */
	uint32_t end;           /* offset behind the anchor's last byte */
};

/* Encoded runs. Zero-initialise ({0}); ks_runs_release() (runs.h) frees. */
struct ks_runs {
	struct ks_encoded_run *list;
	size_t count;
	size_t cap;
};

/*
 * What is known of an object that was matched, for the deltas against it:
 * all its candidates, sorted by end, then rule, each once. Zero-initialise
 * ({0}); ks_carry_release() frees.
 */
struct ks_carry {
	struct ks_candidate *list;
	size_t count;
	size_t cap;
	struct ks_runs runs; /* encoded ones in which a secret was */
	bool may_have_nul;   /* false: it has no NUL byte */
	bool is_whole;       /* false: the scan was not finished */
};

/* A part of a subject, bytes [start, end). */
struct ks_range {
	size_t start;
	size_t end;
};

/* Zero-initialise ({0}); ks_ranges_release() frees. */
struct ks_ranges {
	struct ks_range *list;
	size_t count;
	size_t cap;
};

/*
 * The parts of an object of ${n} bytes made by ${delta} that can hold an
 * anchor which its base has not: its new bytes and the seams between
 * pieces, widened by ${width} - 1 bytes each way, where ${width} > 0 is the
 * longest anchor's. Sorted, disjoint. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_ranges_of(struct ks_ranges *out,
	const struct ks_delta *delta, size_t n, size_t width);

/*
 * Append to ${out} the candidates of ${base} whose anchors lie within one
 * copied piece of ${delta} for sure. One that is dead stays so only if all
 * that its death depends on was copied with it; a judge looks at ${reach}
 * bytes around a match. They are sorted within each
 * piece, and pieces follow one another. KS_E_LIMIT where ${out} would hold
 * more than ${most}: a delta can copy the same bytes again and again.
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_carry_over(struct ks_carry *out,
	const struct ks_carry *base, const struct ks_delta *delta,
	const struct ks_rules *rules, uint32_t reach, size_t most);

/*
 * May ${bytes}, of which ${delta} and ${base} (both may be NULL) tell, hold a
 * NUL byte? Looks only at what the base has not.
 */
bool ks_carry_may_have_nul(struct ks_span bytes, const struct ks_delta *delta,
	const struct ks_carry *base);

/* Add a candidate. KS_E_NOMEM. */
KS_MUST_CHECK int ks_carry_add(
	struct ks_carry *carry, const struct ks_candidate *candidate);

/* Sort, and keep each candidate once; a dead one if it is known dead. */
void ks_carry_tidy(struct ks_carry *carry);

void ks_carry_release(struct ks_carry *carry);
void ks_ranges_release(struct ks_ranges *ranges);

#endif
