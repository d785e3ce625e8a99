/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that only packs have which cannot be opened. */
#ifndef KS_SCAN_LEFT_OVER_H
#define KS_SCAN_LEFT_OVER_H

#include "scan/gather.h"

/*
 * Note each object that an index of a pack lists and the store of ${gather}
 * has not, once, as unreadable. Indexes that cannot be read are passed over:
 * they were named with their packs. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_left_over_name(
	struct ks_gather *gather, struct ks_err *err);

#endif
