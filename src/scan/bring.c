/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning what some objects bring that others have not. */
#include "scan/bring.h"

#include "base/array.h"
#include "scan/fetch.h"
#include "scan/known.h"
#include "scan/outgoing.h"
#include "scan/result.h"

#include <stdlib.h>

enum {
	READER_CACHE = 16 << 20, /* bytes */
	ALONE_MAX = 96           /* objects that are not worth a thread more */
};

/* One scan. */
struct bringing {
	const struct ks_bring *bring;
	struct ks_store store;
	struct ks_err store_why; /* of a pack that cannot be opened */
	struct ks_reader *reader;
};

int ks_oids_add(struct ks_oids *oids, const struct ks_oid *oid)
{
	if (ks_array_reserve(
		    &oids->list, &oids->cap, oids->count + 1, sizeof(*oid)) < 0)
		return KS_E_NOMEM;
	oids->list[oids->count++] = *oid;
	return KS_OK;
}

static void note_pack(void *payload, const char *path, const struct ks_err *why)
{
	struct bringing *bringing = payload;

	(void)path;
	if (!bringing->store_why.code)
		bringing->store_why = *why;
}

static int open_store(struct bringing *bringing, struct ks_err *err)
{
	const struct ks_layout *layout = &bringing->bring->layout;
	int rc = ks_store_open_unlisted(&bringing->store,
		(const char *const *)layout->objects.list,
		layout->objects.count, layout->hash_bytes, note_pack, bringing,
		err);

	return rc == KS_OK ? ks_reader_new(&bringing->reader, &bringing->store,
				     READER_CACHE, READER_CACHE, err)
			   : rc;
}

static int find_range(struct bringing *bringing, struct ks_commit_range *range,
	bool is_exact, struct ks_err *err)
{
	const struct ks_layout *layout = &bringing->bring->layout;
	struct ks_commit_range_input input = {
		.reader = bringing->reader,
		.hash_bytes = layout->hash_bytes,
		.tips = bringing->bring->tips.list,
		.tip_count = bringing->bring->tips.count,
		.hidden = bringing->bring->hidden.list,
		.hidden_count = bringing->bring->hidden.count,
		.known = bringing->bring->known.list,
		.known_count = bringing->bring->known.count,
		.cuts = layout->shallow,
		.cut_count = layout->shallow_count,
		.is_exact = is_exact,
		.cancel = bringing->bring->options->cancel,
	};
	int rc = ks_commit_range_find(range, &input, err);

	if (rc == KS_E_NOTFOUND && bringing->store_why.code)
		ks_err_wrap(err, "%s", bringing->store_why.message);
	return rc;
}

static int scan_names(struct ks_gather *gather, const struct ks_bring *bring,
	const struct ks_outgoing *outgoing, struct ks_err *err)
{
	struct ks_worker *worker = &gather->workers[0];
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < outgoing->name_count; i++)
		rc = ks_worker_name(worker, &outgoing->names[i].tree,
			outgoing->names[i].name, err);
	for (size_t i = 0; rc == KS_OK && i < bring->ref_count; i++)
		rc = ks_worker_ref(worker, bring->refs[i], err);
	return rc;
}

/*
 * Whoever marks a secret says that it is none: within one push that stands
 * for its other places too, or else they would have to rewrite history.
 */
static int spread_markers(struct ks_hits *hits, struct ks_err *err)
{
	uint8_t *is_marked = calloc(hits->secret_count + 1, 1);

	if (!is_marked)
		return ks_fail_nomem(err);
	for (size_t i = 0; i < hits->count; i++)
		is_marked[hits->list[i].secret] |= hits->list[i].is_marked;
	for (size_t i = 0; i < hits->count; i++)
		hits->list[i].is_marked = is_marked[hits->list[i].secret];
	free(is_marked);
	return KS_OK;
}

/* The tips, so that commits are found and dated. */
static int make_tips(struct ks_gather *gather, const struct bringing *bringing)
{
	gather->tips =
		calloc(bringing->bring->tips.count + 1, sizeof(*gather->tips));
	if (!gather->tips)
		return KS_E_NOMEM;
	for (size_t i = 0; i < bringing->bring->tips.count; i++) {
		struct ks_oid oid = bringing->bring->tips.list[i];

		for (size_t j = 0; j < gather->tag_count; j++) {
			/* A tag of a tag is followed from the start again. */
			if (ks_oid_eq(&gather->tags[j].oid, &oid)) {
				oid = gather->tags[j].target;
				j = SIZE_MAX;
			}
		}
		gather->tips[gather->tip_count++] = (struct ks_tip){ .name = "",
			.oid = oid,
			.is_head = bringing->bring->is_bounded };
	}
	return KS_OK;
}

/* A commit of the range whose parents a shallow clone has not. */
static int check_cuts(struct ks_gather *gather, const struct ks_bring *bring,
	const struct ks_commit_range *range, struct ks_err *err)
{
	const struct ks_layout *layout = &bring->layout;

	for (size_t i = 0; bring->is_bounded && i < range->count; i++) {
		const struct ks_commit *commit =
			&range->commits.list[range->list[i]];

		for (size_t j = 0; j < layout->shallow_count; j++) {
			if (ks_oid_eq(&layout->shallow[j], &commit->oid))
				return ks_skips_add(&gather->skips,
					KS_SKIP_SHALLOW, gather->source, NULL,
					"this shallow clone ends within the "
					"range, so what stood there before "
					"counts as new; fetch deeper: 'git "
					"fetch --unshallow', or in CI all "
					"history (fetch-depth: 0)",
					err);
		}
	}
	return KS_OK;
}

/*
 * Is ${range} what an exact walk finds? That is a part of it, so counting is
 * enough.
 */
static int check_range(struct bringing *bringing,
	const struct ks_commit_range *range, bool *is_exact, struct ks_err *err)
{
	struct ks_commit_range exact = { 0 };
	int rc = find_range(bringing, &exact, true, err);

	*is_exact = exact.count == range->count &&
		    exact.tag_count == range->tag_count &&
		    exact.tree_count == range->tree_count &&
		    exact.blob_count == range->blob_count;
	ks_commit_range_release(&exact);
	return rc;
}

/* ${is_sure}: the range was exact, or it does not matter. */
static int finish(struct bringing *bringing, struct ks_gather *gather,
	struct ks_outgoing *outgoing, const struct ks_commit_range *range,
	bool *is_sure, struct ks_result **out, struct ks_err *err)
{
	int rc = ks_gather_merge(gather, err);

	if (rc == KS_OK && ks_gather_wants_any(gather)) {
		if (!*is_sure)
			rc = check_range(bringing, range, is_sure, err);
		if (rc < 0 || !*is_sure)
			return rc;
		rc = ks_known_drop(gather, outgoing, range, err);
	}
	*is_sure = true;
	/* Of what is not told it need not be found out whose it is. */
	if (!ks_gather_wants_any(gather))
		gather->hits.count = 0;
	gather->coverage.refs = bringing->bring->tips.count;
	if (rc == KS_OK)
		rc = spread_markers(&gather->hits, err);
	if (rc == KS_OK)
		rc = check_cuts(gather, bringing->bring, range, err);
	if (rc == KS_OK && make_tips(gather, bringing) < 0)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_result_make(out, gather, err);
	for (size_t i = 0; rc == KS_OK && i < range->count; i++)
		(*out)->has_merges |=
			range->commits.list[range->list[i]].parent_count > 1;
	return rc;
}

/* Find what the range brings, and scan it. */
static int scan_outgoing(struct bringing *bringing, struct ks_gather *gather,
	struct ks_outgoing *outgoing, const struct ks_commit_range *range,
	struct ks_err *err)
{
	const struct ks_layout *layout = &bringing->bring->layout;
	int rc = ks_outgoing_find(outgoing, range, err);

	if (rc == KS_OK && outgoing->count > ALONE_MAX)
		rc = ks_gather_grow(gather,
			ks_gather_job_count(bringing->bring->options), err);
	if (rc == KS_OK)
		rc = ks_fetch_scan(gather, outgoing->objects, outgoing->count,
			layout->is_partial, err);
	return rc == KS_OK ? scan_names(gather, bringing->bring, outgoing, err)
			   : rc;
}

static int scan_range(struct bringing *bringing,
	const struct ks_commit_range *range, bool *is_sure,
	struct ks_result **out, struct ks_err *err)
{
	const struct ks_layout *layout = &bringing->bring->layout;
	struct ks_gather gather = { 0 };
	struct ks_outgoing outgoing = { .reader = bringing->reader,
		.skips = &gather.skips,
		.hash_bytes = layout->hash_bytes,
		.is_partial = layout->is_partial,
		.cancel = bringing->bring->options->cancel };
	int rc = ks_gather_begin(&gather, bringing->bring->source,
		bringing->bring->options, 1, layout->hash_bytes, err);

	gather.store = bringing->store;
	if (rc == KS_OK)
		rc = scan_outgoing(bringing, &gather, &outgoing, range, err);
	if (rc == KS_OK)
		rc = finish(
			bringing, &gather, &outgoing, range, is_sure, out, err);
	/* The store outlives this. */
	gather.store = (struct ks_store){ 0 };
	ks_gather_release(&gather);
	ks_outgoing_release(&outgoing);
	return rc;
}

/* First with the least work; where that finds something, exactly. */
static int scan(
	struct bringing *bringing, struct ks_result **out, struct ks_err *err)
{
	bool is_sure = false;
	int rc = KS_OK;

	for (int pass = 0; rc == KS_OK && !*out && pass < 2; pass++) {
		struct ks_commit_range range = { 0 };

		rc = find_range(bringing, &range, pass == 1, err);
		is_sure = range.is_exact;
		if (rc == KS_OK)
			rc = scan_range(bringing, &range, &is_sure, out, err);
		ks_commit_range_release(&range);
	}
	return rc;
}

int ks_bring_scan(struct ks_result **out, const struct ks_bring *bring,
	struct ks_err *err)
{
	struct bringing bringing = { .bring = bring };
	int rc = open_store(&bringing, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = scan(&bringing, out, err);
	ks_reader_free(bringing.reader);
	ks_store_close(&bringing.store);
	return rc;
}

void ks_bring_release(struct ks_bring *bring)
{
	ks_layout_release(&bring->layout);
	free(bring->tips.list);
	free(bring->hidden.list);
	free(bring->known.list);
	free(bring->refs);
	*bring = (struct ks_bring){ .options = NULL };
}
