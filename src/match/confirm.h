/* SPDX-License-Identifier: Apache-2.0 */
/* Stage two: PCRE2 says whether a rule matches, and where. */
#ifndef KS_MATCH_CONFIRM_H
#define KS_MATCH_CONFIRM_H

#include "match/match.h"
#include "match/patterns.h"

/*
 * Asked of each match at once: is it no secret? The answer depends on the
 * rule and on the secret and ${reach} bytes each way only. What is rejected
 * is left out.
 */
struct ks_judge {
	bool (*is_rejected)(void *payload, struct ks_span subject,
		const struct ks_match *match);
	void *payload;
	uint32_t reach;
};

/* One more than the last start with a match, or one given up; 0: none. */
struct ks_confirm_last {
	size_t kept;
	size_t rejected;
};

/*
 * What one worker needs to run PCRE2. A match that needs more steps than
 * ${match_limit} is given up; `gave_up` counts these, so that none is lost
 * in silence.
 */
struct ks_confirm {
	struct ks_patterns *patterns;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	uint64_t gave_up;
	uint32_t gave_up_rule; /* the last one */
};

/* Steps of one call; a match limit of PCRE2. */
#define KS_MATCH_LIMIT 500000u

/* ${patterns} is borrowed. KS_E_NOMEM. */
KS_MUST_CHECK int ks_confirm_init(struct ks_confirm *confirm,
	struct ks_patterns *patterns, struct ks_err *err);

/*
 * Append to ${out} the match of ${rule} that starts at each of the bytes
 * [${from}, ${to}] of ${subject}, where there is one that the rule does not
 * allow and ${judge} (NULL: nothing) not reject. The whole subject is seen by
 * assertions. A secret that an earlier match of the rule had too may not be
 * repeated. ${last} is moved on, or left alone if there is no match.
 * KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_confirm_at(struct ks_confirm *confirm, uint32_t rule,
	struct ks_span subject, size_t from, size_t to,
	const struct ks_judge *judge, struct ks_matches *out,
	struct ks_confirm_last *last, struct ks_err *err);

/*
 * The same by searching, without being told where: for the reference engine,
 * and for rules that are tried only near another's finding.
 */
KS_MUST_CHECK int ks_confirm_search(struct ks_confirm *confirm, uint32_t rule,
	struct ks_span subject, size_t from, size_t to, struct ks_matches *out,
	struct ks_err *err);

/* ${confirm} may be zeroed. */
void ks_confirm_release(struct ks_confirm *confirm);

#endif
