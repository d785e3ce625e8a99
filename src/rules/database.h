/* SPDX-License-Identifier: Apache-2.0 */
/* The Hyperscan databases of all anchors. */
#ifndef KS_RULES_DATABASE_H
#define KS_RULES_DATABASE_H

#include "base/buf.h"
#include "rules/draft.h"

/*
 * Compile the anchors of those of ${drafts} (checked) that have a token_reach,
 * or of those that have none, and append the serialised database to ${out}:
 * nothing if there is no anchor. It is made for any
 * processor that Hyperscan runs on, so that a build gives the same bytes
 * everywhere; one made for this very processor is not measurably faster on
 * anchors. Costs about half a millisecond a rule. KS_E_RULE names the rule
 * that Hyperscan refuses, KS_E_UNSUPPORTED if this processor is too old for
 * it, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_database_compile(struct ks_buf *out,
	const struct ks_drafts *drafts, bool has_token_reach,
	struct ks_err *err);

#endif
