/* SPDX-License-Identifier: Apache-2.0 */
/* Growing a plain C array by doubling. */
#ifndef KS_BASE_ARRAY_H
#define KS_BASE_ARRAY_H

#include "base/err.h"

#include <stddef.h>

/*
 * Make room for ${wanted} items of ${item_size} bytes in the array whose
 * pointer is at ${items} and whose capacity, in items, is at ${cap}. New
 * items are uninitialised. KS_E_NOMEM; the array is unchanged then.
 */
KS_MUST_CHECK int ks_array_reserve(
	void *items, size_t *cap, size_t wanted, size_t item_size);

#endif
