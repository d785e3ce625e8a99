/* SPDX-License-Identifier: Apache-2.0 */
/* Which known word did a mistyped one mean? */
#ifndef KS_CLI_SUGGEST_H
#define KS_CLI_SUGGEST_H

#include <stddef.h>

/* Zero-initialise but for the word; then offer it the known ones. */
struct ks_suggest {
	const char *word; /* as typed */
	const char *best; /* the nearest one offered, NULL: none is near */
	size_t distance;  /* of best */
};

/* ${known} outlives ${suggest}. */
void ks_suggest_offer(struct ks_suggest *suggest, const char *known);

#endif
