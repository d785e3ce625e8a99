/* SPDX-License-Identifier: Apache-2.0 */
/* Leaving out secrets that the other side has already. */
#ifndef KS_SCAN_KNOWN_H
#define KS_SCAN_KNOWN_H

#include "scan/gather.h"
#include "scan/outgoing.h"

/*
 * Drop from gather->hits, merged, each secret that a file of the hidden side
 * had before a commit of ${range} changed or removed it, or that stands in a
 * blob which a hidden parent has under another path. Takes time: to be called
 * if there are hits. Those of too little confidence may stay. KS_E_INTERRUPTED,
 * KS_E_RULE, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_known_drop(struct ks_gather *gather,
	struct ks_outgoing *outgoing, const struct ks_commit_range *range,
	struct ks_err *err);

/*
 * Drop the secrets that stand in any of the ${count} blobs ${list}; those that
 * cannot be read have none. Errors as above.
 */
KS_MUST_CHECK int ks_known_drop_those_in(struct ks_gather *gather,
	struct ks_reader *reader, const struct ks_oid *list, size_t count,
	struct ks_err *err);

#endif
