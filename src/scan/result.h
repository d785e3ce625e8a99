/* SPDX-License-Identifier: Apache-2.0 */
/* From all that was gathered to a struct ks_result. */
#ifndef KS_SCAN_RESULT_H
#define KS_SCAN_RESULT_H

#include "scan/gather.h"

/*
 * Make the result of ${gather}, merged; ks_result_free() is the caller's.
 * KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_result_make(
	struct ks_result **out, struct ks_gather *gather, struct ks_err *err);

#endif
