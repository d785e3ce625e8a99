/* SPDX-License-Identifier: Apache-2.0 */
/* What workers found, before it is known whose it is. */
#include "scan/hits.h"

#include "base/array.h"
#include "base/hash.h"

#include <stdlib.h>

int ks_hits_add_where(
	struct ks_hits *hits, const struct ks_where *where, uint32_t *out)
{
	struct ks_where copy = *where;

	if (copy.name)
		copy.name =
			ks_arena_copy(&hits->arena, ks_span_str(where->name));
	if (copy.inside)
		copy.inside =
			ks_arena_copy(&hits->arena, ks_span_str(where->inside));
	if ((where->name && !copy.name) || (where->inside && !copy.inside) ||
		hits->where_count >= UINT32_MAX ||
		ks_array_reserve(&hits->where, &hits->where_cap,
			hits->where_count + 1, sizeof(*hits->where)) < 0)
		return KS_E_NOMEM;
	*out = (uint32_t)hits->where_count;
	hits->where[hits->where_count++] = copy;
	return KS_OK;
}

/* Where ${hash} of ${rule} and ${bytes} is in the table, or is to go. */
static uint32_t *find(const struct ks_hits *hits, uint64_t hash, uint32_t rule,
	struct ks_span bytes)
{
	size_t at = (size_t)hash & hits->table_mask;

	for (;; at = (at + 1) & hits->table_mask) {
		const struct ks_secret *secret;

		if (hits->table[at] == KS_HITS_NONE)
			return &hits->table[at];
		secret = &hits->secrets[hits->table[at]];
		if (secret->hash == hash && secret->rule == rule &&
			ks_span_eq(secret->bytes, bytes))
			return &hits->table[at];
	}
}

static int grow_table(struct ks_hits *hits)
{
	size_t size = hits->table ? 2 * (hits->table_mask + 1) : 256;
	uint32_t *table = malloc(size * sizeof(*table));

	if (!table)
		return KS_E_NOMEM;
	memset(table, 0xff, size * sizeof(*table));
	free(hits->table);
	hits->table = table;
	hits->table_mask = size - 1;
	for (size_t i = 0; i < hits->secret_count; i++) {
		const struct ks_secret *secret = &hits->secrets[i];

		*find(hits, secret->hash, secret->rule, secret->bytes) =
			(uint32_t)i;
	}
	return KS_OK;
}

int ks_hits_add_secret(struct ks_hits *hits, uint32_t rule,
	struct ks_span bytes, uint32_t *out)
{
	uint64_t hash = ks_hash64(bytes, rule);
	uint32_t *slot;
	char *copy;

	if (!hits->table || 2 * (hits->secret_count + 1) > hits->table_mask) {
		if (grow_table(hits) < 0)
			return KS_E_NOMEM;
	}
	slot = find(hits, hash, rule, bytes);
	if (*slot != KS_HITS_NONE) {
		*out = *slot;
		return KS_OK;
	}
	copy = ks_arena_copy(&hits->arena, bytes);
	if (!copy ||
		ks_array_reserve(&hits->secrets, &hits->secret_cap,
			hits->secret_count + 1, sizeof(*hits->secrets)) < 0)
		return KS_E_NOMEM;
	*out = *slot = (uint32_t)hits->secret_count;
	hits->secrets[hits->secret_count++] = (struct ks_secret){
		.rule = rule,
		.pair = KS_HITS_NONE,
		.bytes = ks_span_of(copy, bytes.n),
		.hash = hash,
	};
	return KS_OK;
}

uint32_t ks_hits_find_secret(
	const struct ks_hits *hits, uint32_t rule, struct ks_span bytes)
{
	if (!hits->table)
		return KS_HITS_NONE;
	return *find(hits, ks_hash64(bytes, rule), rule, bytes);
}

const struct ks_shown *ks_hits_keep_shown(
	struct ks_hits *hits, const struct ks_shown *shown)
{
	struct ks_shown *copy = ks_arena_alloc(&hits->arena, sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *shown;
	copy->bytes.p =
		(const uint8_t *)ks_arena_copy(&hits->arena, shown->bytes);
	return copy->bytes.p ? copy : NULL;
}

int ks_hits_add(struct ks_hits *hits, const struct ks_hit *hit)
{
	if (ks_array_reserve(&hits->list, &hits->cap, hits->count + 1,
		    sizeof(*hits->list)) < 0)
		return KS_E_NOMEM;
	hits->list[hits->count++] = *hit;
	return KS_OK;
}

static int compare_spans(struct ks_span a, struct ks_span b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

void ks_hits_pair(struct ks_hits *hits, uint32_t secret, uint32_t other)
{
	uint32_t *pair = &hits->secrets[secret].pair;

	if (*pair == KS_HITS_NONE || compare_spans(hits->secrets[other].bytes,
					     hits->secrets[*pair].bytes) < 0)
		*pair = other;
}

/* The secrets of ${from}; ${map} tells each one's new number. */
static int merge_secrets(
	struct ks_hits *into, const struct ks_hits *from, uint32_t *map)
{
	for (size_t i = 0; i < from->secret_count; i++) {
		const struct ks_secret *secret = &from->secrets[i];
		struct ks_secret *merged;

		if (ks_hits_add_secret(
			    into, secret->rule, secret->bytes, &map[i]) < 0)
			return KS_E_NOMEM;
		merged = &into->secrets[map[i]];
		merged->entropy = secret->entropy;
		if (merged->confidence < secret->confidence)
			merged->confidence = secret->confidence;
	}
	for (size_t i = 0; i < from->secret_count; i++) {
		uint32_t pair = from->secrets[i].pair;

		if (pair != KS_HITS_NONE)
			ks_hits_pair(into, map[i], map[pair]);
	}
	return KS_OK;
}

/* What is around ${hit} is in another arena until now. */
static int keep_around(struct ks_hits *into, struct ks_hit *hit)
{
	if (hit->around.p)
		hit->around.p = (const uint8_t *)ks_arena_copy(
			&into->arena, hit->around);
	else
		hit->around.n = 0;
	if (hit->around.n && !hit->around.p)
		return KS_E_NOMEM;
	if (!hit->shown)
		return KS_OK;
	hit->shown = ks_hits_keep_shown(into, hit->shown);
	return hit->shown ? KS_OK : KS_E_NOMEM;
}

int ks_hits_merge(struct ks_hits *into, const struct ks_hits *from)
{
	uint32_t *map = calloc(from->secret_count + 1, sizeof(*map));
	size_t before = into->where_count;
	int rc = map ? merge_secrets(into, from, map) : KS_E_NOMEM;

	for (size_t i = 0; rc == KS_OK && i < from->where_count; i++) {
		uint32_t index;

		rc = ks_hits_add_where(into, &from->where[i], &index);
	}
	for (size_t i = 0; rc == KS_OK && i < from->count; i++) {
		struct ks_hit hit = from->list[i];

		hit.secret = map[hit.secret];
		hit.where += (uint32_t)before;
		rc = keep_around(into, &hit);
		if (rc == KS_OK)
			rc = ks_hits_add(into, &hit);
	}
	free(map);
	return rc;
}

void ks_hits_release(struct ks_hits *hits)
{
	ks_arena_release(&hits->arena);
	free(hits->where);
	free(hits->secrets);
	free(hits->list);
	free(hits->table);
	*hits = (struct ks_hits){ 0 };
}
