/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of a pack: sorted by offset, deltas linked to their bases. */
#ifndef KS_BLOBS_PACK_ENTRIES_H
#define KS_BLOBS_PACK_ENTRIES_H

#include "blobs/pack.h"

/*
 * Make the entries of ${pack}, whose map and index are open. They belong to
 * the pack, also where this fails: KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_pack_entries_make(
	struct ks_pack *pack, struct ks_err *err);

#endif
