/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that only their name tells: a provider's keys without a form of
 * their own, found where they are assigned to something named after it.
 */
#ifndef KS_RULES_ASSIGNED_H
#define KS_RULES_ASSIGNED_H

#include "base/arena.h"
#include "base/err.h"

/* The field `assigned` of a rule; what is not given is NULL. */
struct ks_assigned {
	const char *name;     /* PCRE2, caseless: of the provider */
	const char *words;    /* PCRE2, caseless: what follows the name */
	const char *variable; /* PCRE2, caseless: name and word in one */
	const char *host;     /* PCRE2, caseless: whose addresses hold it */
	const char *value;    /* PCRE2: what is reported */
	bool is_strict;       /* the name is a word of its own */
};

/*
 * Write the pattern for ${assigned} to ${pattern} and the least entropy that
 * such a value has, in bits per character, to ${entropy}. ${pattern} comes
 * from ${arena}. KS_E_RULE: a part is missing or is no pattern; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_assigned_expand(const char **pattern, float *entropy,
	struct ks_arena *arena, const struct ks_assigned *assigned,
	struct ks_err *err);

/*
 * ${assigned} on one line, for people: "name = value". From ${arena}; NULL
 * when memory ran out.
 */
const char *ks_assigned_summary(
	struct ks_arena *arena, const struct ks_assigned *assigned);

#endif
