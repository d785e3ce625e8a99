/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules repositories were scanned with. */
#ifndef KS_STORE_RULE_SETS_H
#define KS_STORE_RULE_SETS_H

#include "base/buf.h"
#include "store/state.h"

/* Errors of both are those of ks_db_run(), and KS_E_NOMEM. */

/*
 * Keep what ${digest} stands for: ${ids}, a rule's id a line, and ${rest},
 * the digest of all else that decides what is found.
 */
KS_MUST_CHECK int ks_rule_sets_put(struct ks_state *state, const char *digest,
	const char *rest, const char *ids, struct ks_err *err);

/*
 * Make ${ids} and ${rest} what was kept of ${digest}; nothing was: KS_OK, and
 * ${rest} is "".
 */
KS_MUST_CHECK int ks_rule_sets_get(struct ks_state *state, const char *digest,
	char rest[KS_STATE_DIGEST], struct ks_buf *ids, struct ks_err *err);

#endif
