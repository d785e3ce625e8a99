/* SPDX-License-Identifier: Apache-2.0 */
/* Growing a plain C array by doubling. */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int ks_array_reserve(void *items, size_t *cap, size_t wanted, size_t item_size)
{
	size_t grown = *cap ? *cap : 8;
	void *p;

	if (wanted <= *cap)
		return KS_OK;
	while (grown < wanted) {
		if (grown > SIZE_MAX / 2)
			return KS_E_NOMEM;
		grown *= 2;
	}
	if (grown > SIZE_MAX / item_size)
		return KS_E_NOMEM;
	memcpy(&p, items, sizeof(p));
	p = realloc(p, grown * item_size);
	if (!p)
		return KS_E_NOMEM;
	memcpy(items, &p, sizeof(p));
	*cap = grown;
	return KS_OK;
}
