/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules repositories were scanned with. */
#include "store/rule_sets.h"

#include <stdio.h>

int ks_rule_sets_put(struct ks_state *state, const char *digest,
	const char *rest, const char *ids, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"INSERT INTO rule_sets (digest, rest, ids) VALUES (?, ?, ?)"
		" ON CONFLICT (digest) DO NOTHING",
		"ttl", digest, rest, ids);
}

int ks_rule_sets_get(struct ks_state *state, const char *digest,
	char rest[KS_STATE_DIGEST], struct ks_buf *ids, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT rest, ids FROM rule_sets WHERE digest = ?", "t",
		digest);

	rest[0] = '\0';
	ks_buf_reset(ids);
	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0) {
		snprintf(rest, KS_STATE_DIGEST, "%s", ks_query_text(&query, 0));
		rc = ks_buf_add_str(ids, ks_query_text(&query, 1));
	}
	if (rc == KS_OK && !ks_buf_str(ids))
		rc = KS_E_NOMEM;
	ks_query_end(&query);
	return rc == KS_E_NOMEM ? ks_fail_nomem(err) : rc;
}
