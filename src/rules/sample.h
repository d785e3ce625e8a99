/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of rules: templates that become text when tested. */
#ifndef KS_RULES_SAMPLE_H
#define KS_RULES_SAMPLE_H

#include "base/buf.h"

/*
 * Expand the template ${text} (docs/rules.md, "Samples") and append it to
 * ${out}. The same ${text} and ${seed} give the same bytes. KS_E_RULE with
 * the position and what is wrong, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_sample_expand(struct ks_buf *out, const char *text,
	uint64_t seed, struct ks_err *err);

#endif
