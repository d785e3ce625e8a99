/* SPDX-License-Identifier: Apache-2.0 */
/* An archive on its way through: kept whole, for it is read back and forth. */
#ifndef KS_SCAN_HOLD_H
#define KS_SCAN_HOLD_H

#include "base/buf.h"
#include "base/spool.h"
#include "base/stream.h"

/*
 * Bytes in memory or, from ${most} on, in a temporary file. Initialise most
 * and zero the rest; ks_hold_release() frees.
 */
struct ks_hold {
	size_t most;
	size_t n; /* bytes held */
	struct ks_buf buf;
	struct ks_spool spool;
};

/* Append ${bytes}. KS_E_IO where there is no room on the disk; KS_E_NOMEM. */
KS_MUST_CHECK int ks_hold_add(
	struct ks_hold *hold, struct ks_span bytes, struct ks_err *err);

/* Append all that comes from ${stream}. Errors as above, and its own. */
KS_MUST_CHECK int ks_hold_fill(
	struct ks_hold *hold, struct ks_stream *stream, struct ks_err *err);

/* What was appended; valid until the next change. */
struct ks_span ks_hold_span(const struct ks_hold *hold);

/* ${hold} may be zeroed. */
void ks_hold_release(struct ks_hold *hold);

#endif
