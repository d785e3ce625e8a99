/* SPDX-License-Identifier: Apache-2.0 */
/* Literals, byte by byte. */
#ifndef KS_TESTS_LIB_LITERALS_H
#define KS_TESTS_LIB_LITERALS_H

#include "rules/follow.h"
#include "rules/literal.h"

/* Does ${literal} stand at ${at} of ${text}, and what has to follow? */
static inline bool test_literal_stands(
	const struct ks_literal *literal, struct ks_span text, size_t at)
{
	if (at > text.n || text.n - at < literal->n)
		return false;
	for (size_t i = 0; i < literal->n; i++) {
		if ((text.p[at + i] & literal->mask[i]) != literal->value[i])
			return false;
	}
	return !literal->follow ||
	       ks_follow_begins(literal->follow,
		       ks_span_cut(text, at + literal->n, text.n));
}

#endif
