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
