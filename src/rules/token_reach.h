/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a pattern's matches a run of token characters lies. */
#ifndef KS_RULES_TOKEN_REACH_H
#define KS_RULES_TOKEN_REACH_H

#include "rules/node.h"

enum {
	KS_TOKEN_REACH_MAX = 256 /* bytes */
};

/*
 * Bytes from the start of a match of ${root} among which there is a token run
 * (see ks_rule.token_reach): 0 if that cannot be told, is not so in each
 * match, or would be more than KS_TOKEN_REACH_MAX. A value is taken to be
 * drawn at random: it need not have a digit where one in a million has none,
 * or one in 200 if it is long and its case is mixed, which a token run may
 * be recognised by too.
 */
uint32_t ks_token_reach(const struct ks_node *root);

#endif
