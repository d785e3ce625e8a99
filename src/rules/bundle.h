/* SPDX-License-Identifier: Apache-2.0 */
/* Where a compiled set of rules comes from: the build, files, the cache. */
#ifndef KS_RULES_BUNDLE_H
#define KS_RULES_BUNDLE_H

#include "rules/rule.h"

/*
 * Load the built-in rules, which are part of the program, and those of the
 * ${path_count} rule files or folders ${paths} (borrowed; count may be 0).
 * With files the set is compiled at first use and cached under
 * $XDG_CACHE_HOME/keysieve (or ~/.cache/keysieve; without either, or if it
 * cannot be written, nothing is cached), keyed by a digest of all rules, of
 * Hyperscan's version and of the processor's features. A cache file that is
 * damaged in any way is rebuilt. The built-in set is compiled anew, and
 * cached too, if it was built for another processor.
 *
 * ${out} is the caller's to free by ks_rules_free(). KS_E_RULE names file,
 * line and what is wrong; KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_rules_load(struct ks_rules **out,
	const char *const *paths, size_t path_count, struct ks_err *err);

/* NULL is fine. */
void ks_rules_free(struct ks_rules *rules);

/*
 * Check the rules of ${paths} (no built-in ones among them): that they
 * parse and compile. Used by `keysieve rules test PATH`; the set made is not
 * cached. Errors as ks_rules_load().
 */
KS_MUST_CHECK int ks_rules_load_only(struct ks_rules **out,
	const char *const *paths, size_t path_count, struct ks_err *err);

#endif
