/* SPDX-License-Identifier: Apache-2.0 */
/* The tool and its rules in a SARIF log. */
#ifndef KS_REPORT_SARIF_RULE_H
#define KS_REPORT_SARIF_RULE_H

#include "report/tally.h"

#include <keysieve/rules.h>

#include <jansson.h>

/* "error", "warning" or "note" (§3.27.10), by ${confidence}. Static. */
const char *ks_sarif_rule_level(double confidence);

/*
 * The tool (§3.18) with the rules that ${tally} has, in its order. ${rules}
 * tells more about them; a rule that it lacks, or all if it is NULL, are
 * described by their findings alone. NULL when memory ran out.
 */
json_t *ks_sarif_rule_tool(
	const struct ks_tally *tally, const struct ks_rules *rules);

#endif
