/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others made safe for a terminal. */
#ifndef KS_REPORT_SANITIZE_H
#define KS_REPORT_SANITIZE_H

#include "base/buf.h"

/*
 * Append ${text} to ${out} so that a terminal shows it and obeys nothing in
 * it. Control characters and bytes that are not UTF-8 become "\n", "\t",
 * "\r" or "\xHH"; invisible characters and those that reorder a line become
 * "\u{HHHH}". With ${columns} not 0, what takes more columns than that is cut
 * and ends with an ellipsis. ${used}, unless NULL, is set to the columns
 * taken; each code point counts as one. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_sanitize_add(
	struct ks_buf *out, struct ks_span text, size_t columns, size_t *used);

#endif
