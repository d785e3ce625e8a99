/* SPDX-License-Identifier: Apache-2.0 */
/* Who scans a repository now, so that several share the work. */
#ifndef KS_STORE_LEASE_H
#define KS_STORE_LEASE_H

#include "store/state.h"

enum {
	KS_LEASE_SECONDS = 30,      /* without a sign of life */
	KS_LEASE_TRIES = 3,         /* that may end without a word */
	KS_LEASE_PAUSE = 3600,      /* seconds, then; twice as long each time */
	KS_LEASE_PAUSE_MAX = 86400, /* seconds */
	KS_LEASE_HOLDER = 33        /* hex digits and a NUL */
};

/* Make a name for who takes leases, unlike any other. KS_E_IO. */
KS_MUST_CHECK int ks_lease_name(
	char holder[KS_LEASE_HOLDER], struct ks_err *err);

/*
 * Leases are taken by ks_queue_take(). Two may have one if clocks differ or
 * jump: then what the slower one found is not written down.
 */

/* A sign of life. */
KS_MUST_CHECK int ks_lease_renew(struct ks_state *state, int64_t repository,
	const char *holder, int64_t now, struct ks_err *err);

/* It came to an end, good or bad. */
KS_MUST_CHECK int ks_lease_end(struct ks_state *state, int64_t repository,
	const char *holder, struct ks_err *err);

#endif
