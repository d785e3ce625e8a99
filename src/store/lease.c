/* SPDX-License-Identifier: Apache-2.0 */
/* Who scans a repository now, so that several share the work. */
#include "store/lease.h"

#include "base/oid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

int ks_lease_name(char holder[KS_LEASE_HOLDER], struct ks_err *err)
{
	struct ks_oid bytes = { { 0 } };
	char hex[KS_OID_HEX_MAX];
	ssize_t n = getrandom(bytes.id, KS_LEASE_HOLDER / 2, 0);

	if (n != KS_LEASE_HOLDER / 2)
		return ks_fail_errno(err, errno, "cannot get random bytes");
	ks_oid_hex(&bytes, KS_LEASE_HOLDER / 2, hex);
	memcpy(holder, hex, KS_LEASE_HOLDER);
	return KS_OK;
}

/* What is too far ahead was written by a clock that was wrong. */
static bool is_ahead(int64_t until, int64_t now, int64_t most)
{
	return until > now && until <= now + most;
}

static int64_t pause_of(int64_t tries)
{
	int64_t seconds = KS_LEASE_PAUSE;

	for (int64_t i = KS_LEASE_TRIES; i < tries; i++) {
		seconds *= 2;
		if (seconds > KS_LEASE_PAUSE_MAX)
			return KS_LEASE_PAUSE_MAX;
	}
	return seconds;
}

static int look(struct ks_state *state, int64_t repository, const char *holder,
	int64_t now, enum ks_lease *out, struct ks_err *err)
{
	struct ks_query query;
	int rc = ks_query_begin(&query, &state->db, err,
		"SELECT lease_by, lease_until, tries FROM repositories"
		" WHERE id = ?",
		"i", repository);

	*out = KS_LEASE_OURS;
	if (rc == KS_OK)
		rc = ks_query_next(&query);
	if (rc > 0) {
		const char *by = ks_query_text(&query, 0);
		int64_t until = ks_query_number(&query, 1);
		int64_t tries = ks_query_number(&query, 2);

		if (by[0] && strcmp(by, holder) != 0 &&
			is_ahead(until, now, KS_LEASE_SECONDS))
			*out = KS_LEASE_BUSY;
		else if (tries >= KS_LEASE_TRIES &&
			 is_ahead(until + pause_of(tries), now,
				 KS_LEASE_SECONDS + pause_of(tries)))
			*out = KS_LEASE_PAUSED;
	}
	ks_query_end(&query);
	return rc < 0 ? rc : KS_OK;
}

int ks_lease_take(struct ks_state *state, int64_t repository,
	const char *holder, int64_t now, enum ks_lease *out, struct ks_err *err)
{
	int rc = ks_state_begin(state, err);

	if (rc < 0)
		return rc;
	rc = look(state, repository, holder, now, out, err);
	if (rc == KS_OK && *out == KS_LEASE_OURS)
		rc = ks_db_run(&state->db, err,
			"UPDATE repositories SET lease_by = ?,"
			" lease_until = ?, tries = tries + 1 WHERE id = ?",
			"tii", holder, now + KS_LEASE_SECONDS, repository);
	return ks_state_end(state, rc, err);
}

int ks_lease_renew(struct ks_state *state, int64_t repository,
	const char *holder, int64_t now, struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE repositories SET lease_until = ?"
		" WHERE id = ? AND lease_by = ?",
		"iit", now + KS_LEASE_SECONDS, repository, holder);
}

int ks_lease_end(struct ks_state *state, int64_t repository, const char *holder,
	struct ks_err *err)
{
	return ks_db_run(&state->db, err,
		"UPDATE repositories SET lease_by = '', tries = 0"
		" WHERE id = ? AND lease_by = ?",
		"it", repository, holder);
}
