/* SPDX-License-Identifier: Apache-2.0 */
/* Stage one for the rules whose anchors have literals. */
#ifndef KS_MATCH_LITERAL_SEARCH_H
#define KS_MATCH_LITERAL_SEARCH_H

#include "rules/rule.h"

/*
 * The literals of some rules, ready to be searched for: of each the rarest
 * four bytes, in lower case. A place is first asked of 64 at once
 * (literal_filter.h), then by a hash in a table of bits, then compared.
 * Immutable.
 */
struct ks_literal_search;

/*
 * For those rules of ${rules} whose byte in ${wanted} (one a rule) is not
 * zero. NULL in ${out} if none of them has literals. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_literal_search_new(struct ks_literal_search **out,
	const struct ks_rules *rules, const uint8_t *wanted);

/* Told of ${rule} and where its anchor would start. False: stop. */
typedef bool ks_literal_found(void *payload, uint32_t rule, size_t start);

/*
 * Call ${found} for all places of ${text} where an anchor starts that lies in
 * it whole, and maybe others that no more can be said of without the pattern;
 * in no order, some twice. False: it was stopped.
 */
bool ks_literal_search_run(const struct ks_literal_search *search,
	struct ks_span text, ks_literal_found *found, void *payload);

/* NULL is fine. */
void ks_literal_search_free(struct ks_literal_search *search);

#endif
