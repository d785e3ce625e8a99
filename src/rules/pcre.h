/* SPDX-License-Identifier: Apache-2.0 */
/* PCRE2's opinion of what stands in a rule. */
#ifndef KS_RULES_PCRE_H
#define KS_RULES_PCRE_H

#include "base/err.h"

/*
 * Does PCRE2 compile ${text}, and can it not match the empty string? ${what}
 * is the field that it stands in, for messages. KS_E_RULE.
 */
KS_MUST_CHECK int ks_pcre_check(
	const char *text, const char *what, struct ks_err *err);

#endif
