/* SPDX-License-Identifier: Apache-2.0 */
/* What matching hands to the filter. */
#ifndef KS_MATCH_MATCH_H
#define KS_MATCH_MATCH_H

#include <stddef.h>
#include <stdint.h>

/* One match of a rule in a subject; offsets in bytes, ends exclusive. */
struct ks_match {
	uint32_t rule; /* index into ks_rules.list */
	size_t start;
	size_t end;
	size_t secret_start;
	size_t secret_end;
};

/* Zero-initialise ({0}); ks_matches_release() (matcher.h) frees. */
struct ks_matches {
	struct ks_match *list;
	size_t count;
	size_t cap;
};

#endif
