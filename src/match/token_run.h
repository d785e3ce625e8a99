/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of the characters of tokens that look generated. */
#ifndef KS_MATCH_TOKEN_RUN_H
#define KS_MATCH_TOKEN_RUN_H

#include "base/span.h"

/*
 * KS_TOKEN_RUN_MIN or more letters, digits, '-' and '_' in a row, with a digit
 * among them, or with KS_TOKEN_RUN_CASES changes between a small letter and
 * the capital beside it. Bytes [start, end), as long as can be; what holds a
 * token run is one, if it is nothing but such characters.
 */
struct ks_token_run {
	size_t start;
	size_t end;
};

enum {
	KS_TOKEN_RUN_CASES = 10
};

/*
 * The first token run of ${bytes} that starts at or behind ${from}, as if
 * nothing stood before it. O(bytes passed over). False: there is none.
 */
bool ks_token_run_next(
	struct ks_token_run *out, struct ks_span bytes, size_t from);

#endif
