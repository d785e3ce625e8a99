/* SPDX-License-Identifier: Apache-2.0 */
/* Checking rules against their own samples. */
#ifndef KEYSIEVE_CHECK_H
#define KEYSIEVE_CHECK_H

#include <keysieve/error.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a check covered. */
struct ks_check_counts {
	size_t rules;
	size_t untested; /* rules without a sample that must match */
	size_t samples;
	size_t problems;
};

/*
 * Expand the samples of the rules in the ${count} rule files or folders
 * ${paths} (0: the built-in rules) and scan them. In each text of `match` its
 * rule has to find a secret, and no other rule of kind token or block may,
 * but those that it is linked with by `near` or `pairs_with`; in each of
 * `no_match` its rule may find none. ${problem} is told of each that is not
 * so: the rule's id and one line that names the sample, as written, and what
 * is wrong. Errors as ks_rules_load().
 */
int ks_rules_check(const char *const *paths, size_t count,
	void (*problem)(void *payload, const char *rule, const char *what),
	void *payload, struct ks_check_counts *counts, struct ks_err *err);

#ifdef __cplusplus
}
#endif
#endif
