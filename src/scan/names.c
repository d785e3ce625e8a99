/* SPDX-License-Identifier: Apache-2.0 */
/* Names seen in trees: each is matched once. */
#include "scan/names.h"

#include "base/hash.h"

#include <stdlib.h>

struct ks_name {
	const uint8_t *p; /* NULL: free */
	uint32_t n;
	enum ks_name_state state;
	uint64_t hash;
};

static struct ks_name *find(
	const struct ks_names *names, uint64_t hash, struct ks_span name)
{
	size_t at = (size_t)hash & names->mask;

	for (;; at = (at + 1) & names->mask) {
		struct ks_name *slot = &names->table[at];

		if (!slot->p || (slot->hash == hash && slot->n == name.n &&
					memcmp(slot->p, name.p, name.n) == 0))
			return slot;
	}
}

static int grow(struct ks_names *names)
{
	size_t size = names->table ? 2 * (names->mask + 1) : 1024;
	struct ks_names bigger = { .mask = size - 1 };

	bigger.table = calloc(size, sizeof(*bigger.table));
	if (!bigger.table)
		return KS_E_NOMEM;
	for (size_t i = 0; names->table && i <= names->mask; i++) {
		const struct ks_name *old = &names->table[i];

		if (old->p)
			*find(&bigger, old->hash, ks_span_of(old->p, old->n)) =
				*old;
	}
	free(names->table);
	names->table = bigger.table;
	names->mask = bigger.mask;
	return KS_OK;
}

enum ks_name_state *ks_names_find(struct ks_names *names, struct ks_span name)
{
	uint64_t hash = ks_hash64(name, 0);
	struct ks_name *slot;

	if (!names->table || 2 * (names->count + 1) > names->mask) {
		if (grow(names) < 0)
			return NULL;
	}
	slot = find(names, hash, name);
	if (!slot->p) {
		char *copy = ks_arena_copy(&names->arena, name);

		if (!copy)
			return NULL;
		*slot = (struct ks_name){
			.p = (const uint8_t *)copy,
			.n = (uint32_t)name.n,
			.state = KS_NAME_NEW,
			.hash = hash,
		};
		names->count++;
	}
	return &slot->state;
}

void ks_names_release(struct ks_names *names)
{
	ks_arena_release(&names->arena);
	free(names->table);
	*names = (struct ks_names){ 0 };
}
