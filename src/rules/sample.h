/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of rules: templates that become text when tested. */
#ifndef KS_RULES_SAMPLE_H
#define KS_RULES_SAMPLE_H

#include "base/buf.h"

enum {
	KS_SAMPLE_MAX_BYTES = 1 << 20, /* of one sample, expanded */
	KS_SAMPLE_MAX_DEPTH = 8        /* encodings within encodings */
};

/*
 * Expand the template ${text} and append it to ${out}. The same ${text} and
 * ${seed} give the same bytes. docs/rules.md, "Samples", has the items; the
 * checksums among them are:
 *
 *   crc32_base62     CRC32 of the items since the last "text", six base 62
 *                    digits: GitHub, npm
 *   gitlab_routable  ".01.", the length of the items since the last "text"
 *                    as two base 36 digits, then the CRC32 of all in these
 *                    braces as seven: GitLab's routable tokens
 *   grafana_crc32    "_" and the CRC32 of all in these braces, its bytes in
 *                    hex from the lowest: Grafana's service accounts
 *
 * In "text", \xHH is a byte. KS_E_RULE with the position and what is wrong,
 * KS_E_NOMEM; ${out} may hold a part of the sample then.
 */
KS_MUST_CHECK int ks_sample_expand(struct ks_buf *out, const char *text,
	uint64_t seed, struct ks_err *err);

#endif
