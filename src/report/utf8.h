/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8, strictly: RFC 3629, section 4. */
#ifndef KS_REPORT_UTF8_H
#define KS_REPORT_UTF8_H

#include "base/buf.h"

/*
 * Decode the first code point of ${text}, which is not empty, to ${point}.
 * Returns the bytes it takes, or 0 where the text is not UTF-8: overlong
 * forms and surrogates are not, either.
 */
size_t ks_utf8_decode(struct ks_span text, uint32_t *point);

/* Is all of ${text} UTF-8, and free of NULs? */
bool ks_utf8_is_text(struct ks_span text);

/*
 * Append ${text} to ${out} with U+FFFD for each byte that is not UTF-8, and
 * for each NUL. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_utf8_repair(struct ks_buf *out, struct ks_span text);

#endif
