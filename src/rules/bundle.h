/* SPDX-License-Identifier: Apache-2.0 */
/* Where a compiled set of rules comes from: the build, files, the cache. */
#ifndef KS_RULES_BUNDLE_H
#define KS_RULES_BUNDLE_H

#include <keysieve/rules.h>

#include "rules/rule.h"

/*
 * ks_rules_load() and ks_rules_free() are public. The built-in rules are part
 * of the program, compiled when that was built. With files of the user the
 * set is compiled at first use and cached under $XDG_CACHE_HOME/keysieve (or
 * ~/.cache/keysieve; without either, or if it cannot be written, nothing is
 * cached), keyed by a digest of all rules and of Hyperscan's version. A cache
 * file that is damaged in any way is rebuilt. The built-in set is compiled
 * anew, and cached too, if Hyperscan was exchanged for another version.
 */

/*
 * Load the rules of ${paths}, which may be configurations too, and of the
 * built-in ones only those that they name, which are not is_user. Used by
 * `keysieve rules test PATH`; the set made is not cached. Errors as
 * ks_rules_load().
 */
KS_MUST_CHECK int ks_rules_load_only(struct ks_rules **out,
	const char *const *paths, size_t path_count, struct ks_err *err);

#endif
