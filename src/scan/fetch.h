/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning some objects of a store, by their ids. */
#ifndef KS_SCAN_FETCH_H
#define KS_SCAN_FETCH_H

#include "scan/gather.h"

/*
 * Read the ${count} objects ${list} of gather->store, with a thread and a
 * reader for each of its workers, and scan them. One that cannot be read is
 * noted as left out; in a partial clone (${is_partial}) one that is not here
 * is not: its remote has it. KS_E_INTERRUPTED, KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_fetch_scan(struct ks_gather *gather,
	const struct ks_oid *list, size_t count, bool is_partial,
	struct ks_err *err);

#endif
