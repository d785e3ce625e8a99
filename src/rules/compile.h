/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts -> image: what the build and the first use of own rules do. */
#ifndef KS_RULES_COMPILE_H
#define KS_RULES_COMPILE_H

#include "base/buf.h"
#include "rules/draft.h"

/*
 * Check ${drafts}, compile their anchors and append the image of it all to
 * ${out}, which is empty. KS_E_RULE names file, line and
 * rule; KS_E_UNSUPPORTED, KS_E_LIMIT, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_compile(
	struct ks_buf *out, struct ks_drafts *drafts, struct ks_err *err);

#endif
