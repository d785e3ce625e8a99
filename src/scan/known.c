/* SPDX-License-Identifier: Apache-2.0 */
/* Leaving out secrets that the other side has already. */
#include "scan/known.h"

#include "base/array.h"

#include <stdlib.h>

/* Drop the hits of the secrets that are marked in ${is_known}. */
static void drop(struct ks_hits *hits, const uint8_t *is_known)
{
	size_t kept = 0;

	for (size_t i = 0; i < hits->count; i++) {
		if (!is_known[hits->list[i].secret])
			hits->list[kept++] = hits->list[i];
	}
	hits->count = kept;
}

/* Mark the secrets that the finder of worker 0 has found, too. */
static void mark_found(const struct ks_gather *gather, uint8_t *is_known)
{
	const struct ks_hits *found = &gather->workers[0].finder.hits;

	for (size_t i = 0; i < found->secret_count; i++) {
		const struct ks_secret *secret = &found->secrets[i];
		uint32_t at = ks_hits_find_secret(
			&gather->hits, secret->rule, secret->bytes);

		if (at != KS_HITS_NONE)
			is_known[at] = 1;
	}
}

static int scan_blob(struct ks_gather *gather, struct ks_reader *reader,
	const struct ks_oid *oid, struct ks_err *err)
{
	struct ks_subject subject = { .bytes = { NULL, 0 } };
	struct ks_where where = { .oid = *oid, .type = KS_OBJECT_BLOB };
	struct ks_search search = ks_worker_search(&gather->workers[0]);
	enum ks_object_type type;

	if (ks_reader_read(reader, oid, ks_gather_object_max(gather->options),
		    &type, &subject.bytes, NULL) < 0 ||
		type != KS_OBJECT_BLOB)
		return KS_OK;
	/* What cannot be read there is not what is asked for. */
	search.skips = NULL;
	return ks_search_file(&search, &subject, &where, err);
}

static int mark_those_in(struct ks_gather *gather, struct ks_reader *reader,
	const struct ks_oid *list, size_t count, uint8_t *is_known,
	struct ks_err *err)
{
	const volatile int *cancel = gather->options->cancel;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		rc = scan_blob(gather, reader, &list[i], err);
	}
	if (rc == KS_OK)
		mark_found(gather, is_known);
	ks_hits_release(&gather->workers[0].finder.hits);
	return rc;
}

int ks_known_drop_those_in(struct ks_gather *gather, struct ks_reader *reader,
	const struct ks_oid *list, size_t count, struct ks_err *err)
{
	uint8_t *is_known = calloc(gather->hits.secret_count + 1, 1);
	int rc;

	if (!is_known)
		return ks_fail_nomem(err);
	rc = mark_those_in(gather, reader, list, count, is_known, err);
	if (rc == KS_OK)
		drop(&gather->hits, is_known);
	free(is_known);
	return rc;
}

/* Blobs of the hidden side that the range changed, removed or moved. */
struct looking {
	struct ks_gather *gather;
	struct ks_outgoing *outgoing;
	const struct ks_commit_range *range;
	struct ks_oidmap places; /* of blobs with wanted hits: their where */
	struct ks_oidmap met;
	struct ks_oid *before; /* blobs that were there before */
	size_t count;
	size_t cap;
	size_t looked_at; /* those before this one have been */
	uint8_t *is_known;
	uint8_t *is_there; /* by where: the other side has it */
};

/* What stood somewhere before, unless the range itself brought it. */
static int add_before(struct looking *looking, const struct ks_oid *oid)
{
	size_t met = looking->met.count;

	if (ks_oidmap_get(&looking->outgoing->seen, oid) != KS_OIDMAP_NONE)
		return KS_OK;
	if (ks_oidmap_add(&looking->met, oid, 0, NULL) < 0 ||
		ks_array_reserve(&looking->before, &looking->cap,
			looking->count + 1, sizeof(*oid)) < 0)
		return KS_E_NOMEM;
	if (looking->met.count > met)
		looking->before[looking->count++] = *oid;
	return KS_OK;
}

static int take_before(
	void *payload, const struct ks_change *change, struct ks_err *err)
{
	if (change->is_blob && add_before(payload, &change->oid) < 0)
		return ks_fail_nomem(err);
	return KS_OK;
}

/* All that a hidden parent has: does a blob with a hit stand there? */
static int take_there(
	void *payload, const struct ks_change *change, struct ks_err *err)
{
	struct looking *looking = payload;
	uint32_t where = ks_oidmap_get(&looking->places, &change->oid);

	(void)err;
	if (change->is_blob && where != KS_OIDMAP_NONE)
		looking->is_there[where] = 1;
	return KS_OK;
}

static int pass_over(void *payload, const struct ks_oid *tree,
	const struct ks_err *why, struct ks_err *err)
{
	(void)payload;
	(void)tree;
	(void)why;
	(void)err;
	return KS_OK;
}

static struct ks_changes changes_for(struct looking *looking,
	int (*each)(void *payload, const struct ks_change *change,
		struct ks_err *err))
{
	return (struct ks_changes){
		.reader = looking->outgoing->reader,
		.hash_bytes = looking->outgoing->hash_bytes,
		.is_partial = true,
		.each = each,
		.unreadable = pass_over,
		.payload = looking,
		.cancel = looking->outgoing->cancel,
	};
}

static int look_at_parents(struct looking *looking, struct ks_changes *before,
	struct ks_changes *there, uint32_t at, struct ks_err *err)
{
	const struct ks_commit_range *range = looking->range;
	const struct ks_commit *commit = &range->commits.list[at];
	int rc = KS_OK;

	for (uint32_t i = 0; rc == KS_OK && i < commit->parent_count; i++) {
		const struct ks_oid *parent =
			&range->commits.parents[commit->first_parent + i];
		uint32_t number = ks_oidmap_get(&range->index, parent);
		struct ks_oid tree;

		if (!ks_outgoing_tree_of(
			    looking->outgoing, range, parent, &tree))
			continue;
		rc = ks_changes_find(before, &tree, &commit->tree, 1, err);
		if (rc == KS_OK && number != KS_OIDMAP_NONE &&
			!ks_commit_range_has(range, number))
			rc = ks_changes_find(there, &tree, NULL, 0, err);
	}
	return rc;
}

static int list_places(struct looking *looking)
{
	const struct ks_hits *hits = &looking->gather->hits;

	looking->is_there = calloc(hits->where_count + 1, 1);
	looking->is_known = calloc(hits->secret_count + 1, 1);
	if (!looking->is_there || !looking->is_known)
		return KS_E_NOMEM;
	for (size_t i = 0; i < hits->count; i++) {
		uint32_t where = hits->list[i].where;

		if (ks_gather_wants(looking->gather, hits->list[i].secret) &&
			hits->where[where].kind == KS_PLACE_OBJECT &&
			ks_oidmap_add(&looking->places, &hits->where[where].oid,
				where, NULL) < 0)
			return KS_E_NOMEM;
	}
	return KS_OK;
}

/* Of an archive the first place in it stands for all. */
static bool is_there(
	const struct looking *looking, const struct ks_where *where)
{
	uint32_t at = where->kind == KS_PLACE_OBJECT
			      ? ks_oidmap_get(&looking->places, &where->oid)
			      : KS_OIDMAP_NONE;

	return at != KS_OIDMAP_NONE && looking->is_there[at];
}

static int look_before(struct looking *looking, struct ks_err *err)
{
	size_t from = looking->looked_at;

	if (looking->count == from)
		return KS_OK;
	looking->looked_at = looking->count;
	return mark_those_in(looking->gather, looking->outgoing->reader,
		looking->before + from, looking->count - from,
		looking->is_known, err);
}

/* Is there a secret that will be told, unless it is met yet? */
static bool is_any_new(const struct looking *looking)
{
	const struct ks_hits *hits = &looking->gather->hits;

	for (size_t i = 0; i < hits->count; i++) {
		uint32_t secret = hits->list[i].secret;

		if (ks_gather_wants(looking->gather, secret) &&
			!looking->is_known[secret])
			return true;
	}
	return false;
}

/* Mostly a secret of old stood in what the file was before. */
static int look_near(struct looking *looking, struct ks_err *err)
{
	const struct ks_outgoing *outgoing = looking->outgoing;

	for (size_t i = 0; i < outgoing->pair_count; i++) {
		const struct ks_outgoing_pair *pair = &outgoing->pairs[i];

		if (ks_oidmap_get(&looking->places, &pair->now) !=
				KS_OIDMAP_NONE &&
			add_before(looking, &pair->was) < 0)
			return ks_fail_nomem(err);
	}
	return look_before(looking, err);
}

static int look_everywhere(struct looking *looking, struct ks_err *err)
{
	struct ks_changes before = changes_for(looking, take_before);
	struct ks_changes there = changes_for(looking, take_there);
	const struct ks_commit_range *range = looking->range;
	const struct ks_hits *hits = &looking->gather->hits;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < range->count; i++)
		rc = look_at_parents(
			looking, &before, &there, range->list[i], err);
	if (rc == KS_OK)
		rc = look_before(looking, err);
	for (size_t i = 0; i < hits->count; i++) {
		if (is_there(looking, &hits->where[hits->list[i].where]))
			looking->is_known[hits->list[i].secret] = 1;
	}
	ks_changes_release(&before);
	ks_changes_release(&there);
	return rc;
}

int ks_known_drop(struct ks_gather *gather, struct ks_outgoing *outgoing,
	const struct ks_commit_range *range, struct ks_err *err)
{
	struct looking looking = {
		.gather = gather, .outgoing = outgoing, .range = range
	};
	int rc = list_places(&looking) < 0 ? ks_fail_nomem(err) : KS_OK;

	if (rc == KS_OK)
		rc = look_near(&looking, err);
	if (rc == KS_OK && is_any_new(&looking))
		rc = look_everywhere(&looking, err);
	if (rc == KS_OK)
		drop(&gather->hits, looking.is_known);
	ks_oidmap_release(&looking.places);
	ks_oidmap_release(&looking.met);
	free(looking.before);
	free(looking.is_there);
	free(looking.is_known);
	return rc;
}
