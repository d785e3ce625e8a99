/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens with a form of their own: found wherever they stand by themselves. */
#ifndef KS_RULES_TOKEN_H
#define KS_RULES_TOKEN_H

#include "base/arena.h"
#include "base/err.h"

/*
 * Write to ${pattern} the pattern that finds what the PCRE2 ${token} matches
 * where no letter or digit stands before it, but an escape (\n, %3D) may, and
 * no letter, digit, '_' or '-' behind it. ${pattern} comes from ${arena}.
 * KS_E_RULE: ${token} is no pattern; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_token_expand(const char **pattern, struct ks_arena *arena,
	const char *token, struct ks_err *err);

#endif
