/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets as they may be shown. */
#ifndef KS_FILTER_REDACT_H
#define KS_FILTER_REDACT_H

#include "base/buf.h"
#include "rules/rule.h"

/*
 * Append to ${out} what may be shown of ${secret} of ${rule}, enough to
 * recognise it and too little to use it; printable ASCII but for the ellipsis
 * (UTF-8):
 *
 *   a token of 20 bytes or more   first four, last four: AKIA…WXYZ. The
 *                                 first are the provider's prefix, mostly
 *   a token of 12 to 19 bytes     first two, last two
 *   any other of 20 or more       first and last, an eighth each, at most
 *                                 four
 *   8 bytes or more               the first
 *   less                          nothing: …
 *   a block with a header line    that line
 *
 * A block without a header line is treated as a token. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_redact(
	struct ks_buf *out, const struct ks_rule *rule, struct ks_span secret);

/* A secret in a text: the bytes [start, end). */
struct ks_redaction {
	size_t start;
	size_t end;
	const struct ks_rule *rule;
};

/*
 * Append ${text} to ${out} with the ${count} secrets in ${list}, sorted by
 * start, redacted. Those that overlap become one, of the first one's rule;
 * what reaches beyond the text is cut. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_redact_in(struct ks_buf *out, struct ks_span text,
	const struct ks_redaction *list, size_t count);

#endif
