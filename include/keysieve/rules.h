/* SPDX-License-Identifier: Apache-2.0 */
/* The rules a scan looks for. */
#ifndef KEYSIEVE_RULES_H
#define KEYSIEVE_RULES_H

#include <keysieve/error.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A compiled set of rules: immutable, may be shared by threads. */
struct ks_rules;

/*
 * Load the built-in rules and those of the ${path_count} rule files or
 * folders ${paths} (may be 0). ${out} is the caller's, to be freed after all
 * that uses it. KS_E_RULE names file, line and what is wrong; KS_E_IO,
 * KS_E_NOMEM.
 */
int ks_rules_load(struct ks_rules **out, const char *const *paths,
	size_t path_count, struct ks_err *err);

/* NULL is fine. */
void ks_rules_free(struct ks_rules *rules);

#ifdef __cplusplus
}
#endif
#endif
