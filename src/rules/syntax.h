/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a pattern: PCRE2 text -> syntax tree. */
#ifndef KS_RULES_SYNTAX_H
#define KS_RULES_SYNTAX_H

#include "rules/node.h"

enum {
	KS_SYNTAX_MAX_BYTES = 65536, /* of one pattern */
	KS_SYNTAX_MAX_DEPTH = 48     /* groups within groups */
};

/* A pattern that was read. */
struct ks_syntax {
	struct ks_node *root;
	uint32_t secret; /* number of the group `secret`; 0: there is none */
	uint32_t secret_min; /* its least width in bytes */
};

/*
 * Parse the pattern ${text}, which PCRE2 has compiled without an error, by
 * the rules of pcre2pattern(3) for bytes, without any compile option. The
 * tree comes from ${arena}. What it does not know (recursion, conditions,
 * callouts, verbs, \K, \G, \C, \X, \p, \Q, branch reset and other rare
 * things) is KS_E_RULE with the place and the name of the thing, never
 * guessed at. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_syntax_parse(struct ks_syntax *out, struct ks_arena *arena,
	const char *text, struct ks_err *err);

#endif
