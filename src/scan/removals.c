/* SPDX-License-Identifier: Apache-2.0 */
/* Which commits removed what HEAD has no more. */
#include "scan/removals.h"

#include "base/array.h"

#include <stdlib.h>

/* Does ${hit} stand in a blob, at a place that is told? */
static bool is_in_file(
	const struct ks_removals *removals, const struct ks_hit *hit)
{
	const struct ks_where *where =
		&removals->assembly->gather->hits.where[hit->where];

	return where->kind == KS_PLACE_OBJECT &&
	       where->type == KS_OBJECT_BLOB && hit->hidden != KS_HIDDEN_ALL;
}

/* A blob may lose its name and stay: its id does not tell. */
static bool has_name(const struct ks_removals *removals,
	const struct ks_hit *hits, size_t count)
{
	const struct ks_hits *all = &removals->assembly->gather->hits;

	for (size_t i = 0; i < count; i++) {
		if (all->where[hits[i].where].kind == KS_PLACE_NAME)
			return true;
	}
	return false;
}

int ks_removals_want(struct ks_removals *removals, struct ks_finding *finding,
	const struct ks_hit *hits, size_t count)
{
	const struct ks_hits *all = &removals->assembly->gather->hits;
	struct ks_oid *blobs;
	size_t n = 0;

	if (finding->in_head || has_name(removals, hits, count))
		return KS_OK;
	blobs = ks_arena_array(&removals->arena, count, sizeof(*blobs));
	if (!blobs)
		return KS_E_NOMEM;
	for (size_t i = 0; i < count; i++) {
		if (is_in_file(removals, &hits[i]))
			blobs[n++] = all->where[hits[i].where].oid;
	}
	if (n == 0)
		return KS_OK;
	if (ks_array_reserve(&removals->things, &removals->cap,
		    removals->count + 1, sizeof(*removals->things)) < 0 ||
		ks_array_reserve(&removals->findings, &removals->finding_cap,
			removals->count + 1, sizeof(*removals->findings)) < 0)
		return KS_E_NOMEM;
	removals->findings[removals->count] = finding;
	removals->things[removals->count++] =
		(struct ks_removed){ .objects = blobs, .count = n };
	return KS_OK;
}

/* HEAD's commit, or UINT32_MAX. */
static uint32_t find_head(const struct ks_assembly *assembly)
{
	const struct ks_gather *gather = assembly->gather;

	for (size_t i = 0; i < gather->tip_count; i++) {
		if (gather->tips[i].is_head)
			return ks_oidmap_get(&assembly->origins->order.index,
				&gather->tips[i].oid);
	}
	return UINT32_MAX;
}

static bool lacks_objects(const struct ks_gather *gather)
{
	const uint64_t *totals = gather->skips.totals;

	return totals[KS_SKIP_MISSING] || totals[KS_SKIP_UNREADABLE] ||
	       totals[KS_SKIP_PARTIAL];
}

static int fill(struct ks_assembly *assembly, struct ks_finding *finding,
	const struct ks_oid *commit)
{
	struct ks_removal *removal =
		ks_arena_alloc(assembly->arena, sizeof(*removal));
	const struct ks_person *person =
		ks_people_of(assembly->people, commit, "author");
	char hex[KS_OID_HEX_MAX];

	ks_oid_hex(commit, assembly->gather->hash_bytes, hex);
	if (!removal || !person)
		return KS_E_NOMEM;
	*removal = (struct ks_removal){
		.commit = ks_arena_copy(assembly->arena, ks_span_str(hex)),
		.author = person->author,
		.email = person->email,
		.time = person->time,
		.utc_offset = person->utc_offset,
		.message = person->message,
	};
	finding->removed = removal;
	return removal->commit ? KS_OK : KS_E_NOMEM;
}

int ks_removals_find(struct ks_removals *removals, struct ks_err *err)
{
	struct ks_assembly *assembly = removals->assembly;
	const struct ks_commits *commits = &assembly->gather->commits;
	struct ks_removed_input input = {
		.commits = commits,
		.order = &assembly->origins->order,
		.relevant = &assembly->origins->relevant,
		.head = find_head(assembly),
		.cancel = assembly->gather->options->cancel,
	};
	int rc;

	if (input.head == UINT32_MAX || lacks_objects(assembly->gather))
		return KS_OK;
	rc = ks_removed_find(removals->things, removals->count, &input, err);
	for (size_t i = 0; rc == KS_OK && i < removals->count; i++) {
		uint32_t commit = removals->things[i].commit;

		if (commit != UINT32_MAX &&
			fill(assembly, removals->findings[i],
				&commits->list[commit].oid) < 0)
			rc = ks_fail_nomem(err);
	}
	return rc;
}

void ks_removals_release(struct ks_removals *removals)
{
	free(removals->things);
	free(removals->findings);
	ks_arena_release(&removals->arena);
}
