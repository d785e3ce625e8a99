/* SPDX-License-Identifier: Apache-2.0 */
/* Object id -> number, by open addressing. */
#include "base/oidmap.h"

#include <stdlib.h>

struct ks_oidmap_slot {
	struct ks_oid oid;
	uint32_t value; /* KS_OIDMAP_NONE: free */
};

/* Object ids are hashes already: any eight of their bytes will do. */
static size_t start(const struct ks_oidmap *map, const struct ks_oid *oid)
{
	uint64_t hash;

	memcpy(&hash, oid->id, sizeof(hash));
	return (size_t)hash & map->mask;
}

static struct ks_oidmap_slot *find(
	const struct ks_oidmap *map, const struct ks_oid *oid)
{
	size_t at = start(map, oid);

	while (map->slots[at].value != KS_OIDMAP_NONE &&
		!ks_oid_eq(&map->slots[at].oid, oid))
		at = (at + 1) & map->mask;
	return &map->slots[at];
}

static int grow(struct ks_oidmap *map)
{
	struct ks_oidmap bigger = { 0 };
	size_t size = map->slots ? 2 * (map->mask + 1) : 64;

	if (size > SIZE_MAX / sizeof(*bigger.slots))
		return KS_E_NOMEM;
	bigger.slots = malloc(size * sizeof(*bigger.slots));
	if (!bigger.slots)
		return KS_E_NOMEM;
	bigger.mask = size - 1;
	bigger.count = map->count;
	for (size_t i = 0; i < size; i++)
		bigger.slots[i].value = KS_OIDMAP_NONE;
	for (size_t i = 0; map->slots && i <= map->mask; i++) {
		if (map->slots[i].value != KS_OIDMAP_NONE)
			*find(&bigger, &map->slots[i].oid) = map->slots[i];
	}
	free(map->slots);
	*map = bigger;
	return KS_OK;
}

uint32_t ks_oidmap_get(const struct ks_oidmap *map, const struct ks_oid *oid)
{
	return map->slots ? find(map, oid)->value : KS_OIDMAP_NONE;
}

int ks_oidmap_add(struct ks_oidmap *map, const struct ks_oid *oid,
	uint32_t value, uint32_t *stored)
{
	struct ks_oidmap_slot *slot;

	/* Three quarters full, a search looks at few: ids are hashes. */
	if (!map->slots || map->count + 1 > map->mask / 4 * 3) {
		if (grow(map) < 0)
			return KS_E_NOMEM;
	}
	slot = find(map, oid);
	if (slot->value == KS_OIDMAP_NONE) {
		slot->oid = *oid;
		slot->value = value;
		map->count++;
	}
	if (stored)
		*stored = slot->value;
	return KS_OK;
}

int ks_oidmap_each(const struct ks_oidmap *map,
	int (*each)(void *payload, const struct ks_oid *oid), void *payload)
{
	for (size_t i = 0; map->slots && i <= map->mask; i++) {
		int rc;

		if (map->slots[i].value == KS_OIDMAP_NONE)
			continue;
		rc = each(payload, &map->slots[i].oid);
		if (rc != 0)
			return rc;
	}
	return 0;
}

void ks_oidmap_release(struct ks_oidmap *map)
{
	free(map->slots);
	*map = (struct ks_oidmap){ 0 };
}
