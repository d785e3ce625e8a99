/* SPDX-License-Identifier: Apache-2.0 */
/* What is worth a look in what says that something may stand. */
#ifndef KS_SCAN_NOTICES_H
#define KS_SCAN_NOTICES_H

#include "scan/suppress.h"

/*
 * Add the notices to ${result}, after all is decided; strings come from
 * ${arena}. That something was not found is told only where all was looked
 * at, by all rules. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_notices_add(struct ks_result *result,
	const struct ks_suppress *suppress, struct ks_arena *arena);

#endif
