/* SPDX-License-Identifier: Apache-2.0 */
/* The rules' PCRE2 patterns, compiled when first needed. */
#ifndef KS_MATCH_PATTERNS_H
#define KS_MATCH_PATTERNS_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "match/literal_search.h"

#include <pcre2.h>

/* How a pattern is to be run; each is compiled on its own. */
enum ks_pattern_use {
	KS_PATTERN_ANCHORED, /* matches only where it is put */
	KS_PATTERN_SEARCH,   /* searches for its next match */
	KS_PATTERN_USES
};

/* A compiled pattern; immutable. */
struct ks_pattern {
	pcre2_code *code;
	uint32_t secret;      /* number of the group `secret` */
	bool first[256];      /* can a match start with this byte? */
	uint32_t token_reach; /* the rule's */
	pcre2_code **allow;   /* the rule's allow patterns, NULL-terminated */
};

/*
 * One for all workers: which rules are wanted, and their patterns. Compiling
 * a thousand patterns takes longer than scanning a small repository, so each
 * is compiled at its first candidate. Thread-safe.
 */
struct ks_patterns;

/*
 * For the rules of ${rules} (borrowed) whose byte in ${wanted} (one a rule,
 * copied; NULL: all) is not zero. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_patterns_new(struct ks_patterns **out,
	const struct ks_rules *rules, const uint8_t *wanted,
	struct ks_err *err);

const struct ks_rules *ks_patterns_rules(const struct ks_patterns *patterns);

/* One byte a rule, as given to ks_patterns_new(); borrowed. */
const uint8_t *ks_patterns_wanted(const struct ks_patterns *patterns);

/* Stage one of the wanted rules that have literals; borrowed, may be NULL. */
const struct ks_literal_search *ks_patterns_literals(
	const struct ks_patterns *patterns);

/*
 * The pattern of ${rule} for ${use}; borrowed, valid as long as
 * ${patterns}. KS_E_RULE where PCRE2 refuses it, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_patterns_get(const struct ks_pattern **out,
	struct ks_patterns *patterns, uint32_t rule, enum ks_pattern_use use,
	struct ks_err *err);

/* NULL is fine. */
void ks_patterns_free(struct ks_patterns *patterns);

#endif
