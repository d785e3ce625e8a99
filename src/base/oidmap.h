/* SPDX-License-Identifier: Apache-2.0 */
/* Object id -> number, by open addressing. */
#ifndef KS_BASE_OIDMAP_H
#define KS_BASE_OIDMAP_H

#include "base/err.h"
#include "base/oid.h"

#define KS_OIDMAP_NONE UINT32_MAX

struct ks_oidmap_slot;

/* Zero-initialise ({0}); ks_oidmap_release() frees. Not thread-safe. */
struct ks_oidmap {
	struct ks_oidmap_slot *slots;
	size_t count;
	size_t mask; /* slots - 1, a power of two less one */
};

/* The number stored for ${oid}, or KS_OIDMAP_NONE. */
uint32_t ks_oidmap_get(const struct ks_oidmap *map, const struct ks_oid *oid);

/*
 * Store ${value} (not KS_OIDMAP_NONE) for ${oid} unless it has one already;
 * the value that stands goes to ${stored} if that is not NULL. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_oidmap_add(struct ks_oidmap *map, const struct ks_oid *oid,
	uint32_t value, uint32_t *stored);

/*
 * Call ${each} for every id, in no particular order, until it returns
 * something other than 0, which is returned.
 */
int ks_oidmap_each(const struct ks_oidmap *map,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload);

void ks_oidmap_release(struct ks_oidmap *map);

#endif
