/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules a scan uses: --only and --skip. */
#ifndef KS_SCAN_WANTED_RULES_H
#define KS_SCAN_WANTED_RULES_H

#include "match/patterns.h"

#include <keysieve/scan.h>

/*
 * The patterns of the rules that ${options} ask for; ks_patterns_free() is
 * the caller's. KS_E_USAGE names a rule id that does not exist; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_wanted_rules(struct ks_patterns **out,
	const struct ks_scan_options *options, struct ks_err *err);

#endif
