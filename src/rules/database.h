/* SPDX-License-Identifier: Apache-2.0 */
/* The Hyperscan database of all anchors. */
#ifndef KS_RULES_DATABASE_H
#define KS_RULES_DATABASE_H

#include "base/buf.h"
#include "rules/draft.h"

#include <hs/hs_compile.h>

/*
 * Compile the anchors of all ${drafts} (checked) for ${platform} (NULL: this
 * machine) and append the serialised database to ${out}: nothing if there is
 * no anchor. Costs about a millisecond a rule. KS_E_RULE names the rule that
 * Hyperscan refuses, KS_E_UNSUPPORTED if the processor is too old for it,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_database_compile(struct ks_buf *out,
	const struct ks_drafts *drafts, const hs_platform_info_t *platform,
	struct ks_err *err);

#endif
