/* SPDX-License-Identifier: Apache-2.0 */
/* The anchor of a pattern: what stage one searches for. */
#ifndef KS_RULES_ANCHOR_H
#define KS_RULES_ANCHOR_H

#include "rules/node.h"

enum {
	KS_ANCHOR_MAX_WIDTH = 128, /* bytes */
	KS_ANCHOR_MIN_RUN = 3,     /* bytes of fixed text, case aside */
	/*
	 * An anchor that is so rare, in bits, ends there: what follows would
	 * cost stage one more than it saves stage two.
	 */
	KS_ANCHOR_ENOUGH_BITS = 40
};

/*
 * Derive the anchor of the pattern ${root}: a tree of sets, lists and
 * repetitions, from ${arena}, such that each string that the pattern matches
 * begins with a string that the anchor matches whole. Its width is bounded by
 * KS_ANCHOR_MAX_WIDTH and its end is cut where that does not weaken it.
 * KS_E_RULE if it would be too weak to be fast, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_anchor_derive(struct ks_node **out, struct ks_arena *arena,
	const struct ks_node *root, struct ks_err *err);

/*
 * Split ${anchor} before its first gap, which may be of any width from
 * nothing to GAP_SLACK bytes or more: ${head} is what Hyperscan finds fastest,
 * by its literals only. ${rest} is without children if there is no gap, or if
 * too little stands before it. Both are new, from ${arena}. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_anchor_split(struct ks_node **head, struct ks_node **rest,
	struct ks_arena *arena, const struct ks_node *anchor);

#endif
