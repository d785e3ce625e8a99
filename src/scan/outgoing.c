/* SPDX-License-Identifier: Apache-2.0 */
/* The objects and names that a range of commits brings. */
#include "scan/outgoing.h"

#include "base/array.h"

#include <stdlib.h>

enum {
	COMMIT_MAX = 64 << 20 /* bytes */
};

static int add_object(struct ks_outgoing *outgoing, const struct ks_oid *oid)
{
	size_t before = outgoing->seen.count;

	if (ks_oidmap_add(&outgoing->seen, oid, 0, NULL) < 0)
		return KS_E_NOMEM;
	if (outgoing->seen.count == before)
		return KS_OK;
	if (ks_array_reserve(&outgoing->objects, &outgoing->cap,
		    outgoing->count + 1, sizeof(*oid)) < 0)
		return KS_E_NOMEM;
	outgoing->objects[outgoing->count++] = *oid;
	return KS_OK;
}

static int add_name(
	struct ks_outgoing *outgoing, const struct ks_change *change)
{
	char *copy = ks_arena_copy(&outgoing->arena, change->name);

	if (!copy ||
		ks_array_reserve(&outgoing->names, &outgoing->name_cap,
			outgoing->name_count + 1, sizeof(*outgoing->names)) < 0)
		return KS_E_NOMEM;
	outgoing->names[outgoing->name_count++] =
		(struct ks_outgoing_name){ change->tree, copy };
	return KS_OK;
}

static int add_pairs(
	struct ks_outgoing *outgoing, const struct ks_change *change)
{
	if (ks_array_reserve(&outgoing->pairs, &outgoing->pair_cap,
		    outgoing->pair_count + change->was_count,
		    sizeof(*outgoing->pairs)) < 0)
		return KS_E_NOMEM;
	for (size_t i = 0; i < change->was_count; i++)
		outgoing->pairs[outgoing->pair_count++] =
			(struct ks_outgoing_pair){ change->oid,
				change->was[i] };
	return KS_OK;
}

static int take_change(
	void *payload, const struct ks_change *change, struct ks_err *err)
{
	struct ks_outgoing *outgoing = payload;
	int rc = KS_OK;

	if (change->is_blob)
		rc = add_object(outgoing, &change->oid);
	if (rc == KS_OK && change->is_blob)
		rc = add_pairs(outgoing, change);
	if (rc == KS_OK && change->is_new_name)
		rc = add_name(outgoing, change);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int note_tree(void *payload, const struct ks_oid *tree,
	const struct ks_err *why, struct ks_err *err)
{
	struct ks_outgoing *outgoing = payload;

	return ks_skips_add(outgoing->skips,
		why->code == KS_E_NOTFOUND ? KS_SKIP_MISSING
					   : KS_SKIP_UNREADABLE,
		NULL, tree, why->message, err);
}

bool ks_outgoing_tree_of(struct ks_outgoing *outgoing,
	const struct ks_commit_range *range, const struct ks_oid *commit,
	struct ks_oid *out)
{
	struct ks_commits one = { .hash_bytes = outgoing->hash_bytes };
	uint32_t at = ks_oidmap_get(&range->index, commit);
	enum ks_object_type type;
	struct ks_span bytes;
	bool is_read;

	if (at != KS_OIDMAP_NONE) {
		*out = range->commits.list[at].tree;
		return true;
	}
	is_read = ks_reader_read(outgoing->reader, commit, COMMIT_MAX, &type,
			  &bytes, NULL) == KS_OK &&
		  type == KS_OBJECT_COMMIT &&
		  ks_commits_add(&one, commit, bytes, NULL) == KS_OK;
	if (is_read)
		*out = one.list[0].tree;
	ks_commits_release(&one);
	return is_read;
}

static int take_commit(struct ks_outgoing *outgoing, struct ks_changes *changes,
	const struct ks_commit_range *range, uint32_t at, struct ks_err *err)
{
	const struct ks_commit *commit = &range->commits.list[at];
	struct ks_oid *trees =
		calloc(commit->parent_count + 1u, sizeof(*trees));
	size_t count = 0;
	int rc;

	if (!trees)
		return ks_fail_nomem(err);
	for (uint32_t i = 0; i < commit->parent_count; i++)
		count += ks_outgoing_tree_of(outgoing, range,
			&range->commits.parents[commit->first_parent + i],
			&trees[count]);
	rc = ks_changes_find(changes, &commit->tree, trees, count, err);
	free(trees);
	return rc;
}

static int take_list(struct ks_outgoing *outgoing, const struct ks_oid *list,
	size_t count, struct ks_err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (add_object(outgoing, &list[i]) < 0)
			return ks_fail_nomem(err);
	}
	return KS_OK;
}

static int take_all(struct ks_outgoing *outgoing, struct ks_changes *changes,
	const struct ks_commit_range *range, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < range->count; i++)
		rc = take_list(outgoing,
			&range->commits.list[range->list[i]].oid, 1, err);
	if (rc == KS_OK)
		rc = take_list(outgoing, range->tags, range->tag_count, err);
	for (size_t i = 0; rc == KS_OK && i < range->count; i++)
		rc = take_commit(outgoing, changes, range, range->list[i], err);
	for (size_t i = 0; rc == KS_OK && i < range->tree_count; i++)
		rc = ks_changes_find(changes, &range->trees[i], NULL, 0, err);
	if (rc == KS_OK)
		rc = take_list(outgoing, range->blobs, range->blob_count, err);
	return rc;
}

int ks_outgoing_find(struct ks_outgoing *outgoing,
	const struct ks_commit_range *range, struct ks_err *err)
{
	struct ks_changes changes = {
		.reader = outgoing->reader,
		.hash_bytes = outgoing->hash_bytes,
		.is_partial = outgoing->is_partial,
		.each = take_change,
		.unreadable = note_tree,
		.payload = outgoing,
		.cancel = outgoing->cancel,
	};
	int rc = take_all(outgoing, &changes, range, err);

	ks_changes_release(&changes);
	return rc;
}

void ks_outgoing_release(struct ks_outgoing *outgoing)
{
	free(outgoing->objects);
	free(outgoing->names);
	free(outgoing->pairs);
	ks_oidmap_release(&outgoing->seen);
	ks_arena_release(&outgoing->arena);
	*outgoing = (struct ks_outgoing){ 0 };
}
