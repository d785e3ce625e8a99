/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning what a push brings. */
#include "base/array.h"
#include "scan/fetch.h"
#include "scan/known.h"
#include "scan/outgoing.h"
#include "scan/result.h"
#include "source/layout.h"
#include "source/ref_files.h"

#include <keysieve/scan.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	READER_CACHE = 16 << 20, /* bytes */
	ALONE_MAX = 96           /* objects that are not worth a thread more */
};

struct oids {
	struct ks_oid *list;
	size_t count;
	size_t cap;
};

/* One scan of a push. */
struct pushing {
	const struct ks_push *push;
	const struct ks_scan_options *options;
	struct ks_layout layout;
	struct oids tips;
	struct oids hidden; /* the ids that the other side told */
	struct oids known;  /* those of refs */
	struct ks_store store;
	struct ks_err store_why; /* of a pack that cannot be opened */
	struct ks_reader *reader;
	size_t own_length; /* bytes of the prefix whose refs are read */
};

static int add_oid(struct oids *oids, const struct ks_oid *oid)
{
	if (ks_array_reserve(
		    &oids->list, &oids->cap, oids->count + 1, sizeof(*oid)) < 0)
		return KS_E_NOMEM;
	oids->list[oids->count++] = *oid;
	return KS_OK;
}

/* Has another remote a longer prefix of ${name}? Then it is that one's. */
static bool is_of_other(
	const struct pushing *pushing, const char *name, size_t own)
{
	const struct ks_layout *layout = &pushing->layout;

	for (size_t i = 0; i < layout->tracking_count; i++) {
		const struct ks_tracking *one = &layout->tracking[i];
		size_t n = strlen(one->prefix);

		if (n >= own &&
			strcmp(one->remote, pushing->push->remote) != 0 &&
			strncmp(name, one->prefix, n) == 0)
			return true;
	}
	return false;
}

static int take_ref(void *payload, const char *name, const struct ks_oid *oid)
{
	struct pushing *pushing = payload;

	if (pushing->push->remote &&
		is_of_other(pushing, name, pushing->own_length))
		return KS_OK;
	return add_oid(&pushing->known, oid);
}

static int read_refs(
	struct pushing *pushing, const char *prefix, struct ks_err *err)
{
	pushing->own_length = strlen(prefix);
	return ks_ref_files_each(pushing->layout.common, prefix,
		pushing->layout.hash_bytes, take_ref, pushing, err);
}

/* The refs that record what the other side has. */
static int find_known(struct pushing *pushing, struct ks_err *err)
{
	const struct ks_layout *layout = &pushing->layout;
	const char *remote = pushing->push->remote;
	bool is_configured = false;
	struct ks_buf prefix = { 0 };
	int rc = KS_OK;

	if (!remote)
		return read_refs(pushing, "refs/", err);
	for (size_t i = 0; rc == KS_OK && i < layout->tracking_count; i++) {
		const struct ks_tracking *one = &layout->tracking[i];

		if (strcmp(one->remote, remote) != 0)
			continue;
		is_configured = true;
		rc = read_refs(pushing, one->prefix, err);
	}
	/* Its configuration may be in a file that is included. */
	if (rc == KS_OK && !is_configured && !strchr(remote, ':') &&
		remote[0] != '/' && remote[0] != '.') {
		if (ks_buf_printf(&prefix, "refs/remotes/%s/", remote) < 0 ||
			!ks_buf_str(&prefix))
			rc = ks_fail_nomem(err);
		else
			rc = read_refs(pushing, (const char *)prefix.p, err);
	}
	ks_buf_release(&prefix);
	return rc;
}

static bool is_zero(const struct ks_oid *oid)
{
	static const struct ks_oid zero;

	return ks_oid_eq(oid, &zero);
}

static int take_update(struct pushing *pushing,
	const struct ks_ref_update *update, struct ks_err *err)
{
	size_t digits = 2 * pushing->layout.hash_bytes;
	struct ks_oid new_oid;
	struct ks_oid old_oid;

	if (strlen(update->new_id) != digits ||
		strlen(update->old_id) != digits ||
		!ks_oid_parse(&new_oid, update->new_id, digits / 2) ||
		!ks_oid_parse(&old_oid, update->old_id, digits / 2))
		return ks_fail(err, KS_E_USAGE,
			"'%.80s' and '%.80s' are not both object ids of this "
			"repository",
			update->old_id, update->new_id);
	if (!is_zero(&old_oid) && add_oid(&pushing->hidden, &old_oid) < 0)
		return ks_fail_nomem(err);
	if (!is_zero(&new_oid) && !ks_oid_eq(&new_oid, &old_oid) &&
		add_oid(&pushing->tips, &new_oid) < 0)
		return ks_fail_nomem(err);
	return KS_OK;
}

static void note_pack(void *payload, const char *path, const struct ks_err *why)
{
	struct pushing *pushing = payload;

	(void)path;
	if (!pushing->store_why.code)
		pushing->store_why = *why;
}

static int prepare(struct pushing *pushing, struct ks_err *err)
{
	const struct ks_layout *layout = &pushing->layout;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < pushing->push->count; i++)
		rc = take_update(pushing, &pushing->push->updates[i], err);
	if (rc == KS_OK && pushing->tips.count && !layout->has_reftable)
		rc = find_known(pushing, err);
	if (rc == KS_OK)
		rc = ks_store_open_unlisted(&pushing->store,
			(const char *const *)layout->objects.list,
			layout->objects.count, layout->hash_bytes, note_pack,
			pushing, err);
	if (rc == KS_OK)
		rc = ks_reader_new(
			&pushing->reader, &pushing->store, READER_CACHE, err);
	return rc;
}

static int find_range(struct pushing *pushing, struct ks_commit_range *range,
	bool is_exact, struct ks_err *err)
{
	const struct ks_layout *layout = &pushing->layout;
	struct ks_commit_range_input input = {
		.reader = pushing->reader,
		.hash_bytes = layout->hash_bytes,
		.tips = pushing->tips.list,
		.tip_count = pushing->tips.count,
		.hidden = pushing->hidden.list,
		.hidden_count = pushing->hidden.count,
		.known = pushing->known.list,
		.known_count = pushing->known.count,
		.cuts = layout->shallow,
		.cut_count = layout->shallow_count,
		.is_exact = is_exact,
		.cancel = pushing->options->cancel,
	};
	int rc = ks_commit_range_find(range, &input, err);

	if (rc == KS_E_NOTFOUND && pushing->store_why.code)
		ks_err_wrap(err, "%s", pushing->store_why.message);
	return rc;
}

static int scan_names(struct ks_gather *gather, const struct pushing *pushing,
	const struct ks_outgoing *outgoing, struct ks_err *err)
{
	struct ks_worker *worker = &gather->workers[0];
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < outgoing->name_count; i++)
		rc = ks_worker_name(worker, &outgoing->names[i].tree,
			outgoing->names[i].name, err);
	for (size_t i = 0; rc == KS_OK && i < pushing->push->count; i++) {
		const struct ks_ref_update *update = &pushing->push->updates[i];

		if (strspn(update->new_id, "0") != strlen(update->new_id))
			rc = ks_worker_ref(worker, update->name, err);
	}
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

static bool has_wanted(const struct ks_gather *gather)
{
	for (size_t i = 0; i < gather->hits.secret_count; i++) {
		if (gather->hits.secrets[i].confidence >=
			(float)gather->options->min_confidence)
			return true;
	}
	return false;
}

/* The tips of the push, so that commits are found and dated. */
static int make_tips(struct ks_gather *gather, const struct pushing *pushing)
{
	gather->tips = calloc(pushing->tips.count + 1, sizeof(*gather->tips));
	if (!gather->tips)
		return KS_E_NOMEM;
	for (size_t i = 0; i < pushing->tips.count; i++) {
		struct ks_oid oid = pushing->tips.list[i];

		for (size_t j = 0; j < gather->tag_count; j++) {
			/* A tag of a tag is followed from the start again. */
			if (ks_oid_eq(&gather->tags[j].oid, &oid)) {
				oid = gather->tags[j].target;
				j = SIZE_MAX;
			}
		}
		gather->tips[gather->tip_count++] =
			(struct ks_tip){ .name = "", .oid = oid };
	}
	return KS_OK;
}

/*
 * Is ${range} what an exact walk finds? That is a part of it, so counting is
 * enough.
 */
static int check_range(struct pushing *pushing,
	const struct ks_commit_range *range, bool *is_exact, struct ks_err *err)
{
	struct ks_commit_range exact = { 0 };
	int rc = find_range(pushing, &exact, true, err);

	*is_exact = exact.count == range->count &&
		    exact.tag_count == range->tag_count &&
		    exact.tree_count == range->tree_count &&
		    exact.blob_count == range->blob_count;
	ks_commit_range_release(&exact);
	return rc;
}

/* ${is_sure}: the range was exact, or it does not matter. */
static int finish(struct pushing *pushing, struct ks_gather *gather,
	struct ks_outgoing *outgoing, const struct ks_commit_range *range,
	bool *is_sure, struct ks_result **out, struct ks_err *err)
{
	int rc = ks_gather_merge(gather, err);

	if (rc == KS_OK && has_wanted(gather)) {
		if (!*is_sure)
			rc = check_range(pushing, range, is_sure, err);
		if (rc < 0 || !*is_sure)
			return rc;
		rc = ks_known_drop(gather, outgoing, range, err);
	}
	*is_sure = true;
	gather->coverage.refs = pushing->tips.count;
	if (rc == KS_OK)
		rc = spread_markers(&gather->hits, err);
	if (rc == KS_OK && make_tips(gather, pushing) < 0)
		rc = ks_fail_nomem(err);
	return rc == KS_OK ? ks_result_make(out, gather, err) : rc;
}

/* Find what the range brings, and scan it. */
static int scan_outgoing(struct pushing *pushing, struct ks_gather *gather,
	struct ks_outgoing *outgoing, const struct ks_commit_range *range,
	struct ks_err *err)
{
	const struct ks_layout *layout = &pushing->layout;
	int rc = ks_outgoing_find(outgoing, range, err);

	if (rc == KS_OK && outgoing->count > ALONE_MAX)
		rc = ks_gather_grow(
			gather, ks_gather_job_count(pushing->options), err);
	if (rc == KS_OK)
		rc = ks_fetch_scan(gather, outgoing->objects, outgoing->count,
			layout->is_partial, err);
	return rc == KS_OK ? scan_names(gather, pushing, outgoing, err) : rc;
}

static int scan_range(struct pushing *pushing,
	const struct ks_commit_range *range, bool *is_sure,
	struct ks_result **out, struct ks_err *err)
{
	const struct ks_layout *layout = &pushing->layout;
	const char *remote = pushing->push->remote;
	struct ks_gather gather = { 0 };
	struct ks_outgoing outgoing = { .reader = pushing->reader,
		.skips = &gather.skips,
		.hash_bytes = layout->hash_bytes,
		.is_partial = layout->is_partial,
		.cancel = pushing->options->cancel };
	int rc = ks_gather_begin(&gather, remote ? remote : "",
		pushing->options, 1, layout->hash_bytes, err);

	gather.store = pushing->store;
	if (rc == KS_OK)
		rc = scan_outgoing(pushing, &gather, &outgoing, range, err);
	if (rc == KS_OK)
		rc = finish(
			pushing, &gather, &outgoing, range, is_sure, out, err);
	/* The store outlives this. */
	gather.store = (struct ks_store){ 0 };
	ks_gather_release(&gather);
	ks_outgoing_release(&outgoing);
	return rc;
}

/* First with the least work; where that finds something, exactly. */
static int scan(
	struct pushing *pushing, struct ks_result **out, struct ks_err *err)
{
	bool is_sure = false;
	int rc = KS_OK;

	for (int pass = 0; rc == KS_OK && !*out && pass < 2; pass++) {
		struct ks_commit_range range = { 0 };

		is_sure = pass == 1;
		rc = find_range(pushing, &range, is_sure, err);
		if (rc == KS_OK)
			rc = scan_range(pushing, &range, &is_sure, out, err);
		ks_commit_range_release(&range);
	}
	return rc;
}

int ks_scan_push(struct ks_result **out, const char *path,
	const struct ks_push *push, const struct ks_scan_options *options,
	struct ks_err *err)
{
	struct pushing pushing = { .push = push, .options = options };
	int rc = ks_layout_find(&pushing.layout, path, err);

	*out = NULL;
	if (rc == KS_OK)
		rc = prepare(&pushing, err);
	if (rc == KS_OK)
		rc = scan(&pushing, out, err);
	ks_reader_free(pushing.reader);
	ks_store_close(&pushing.store);
	ks_layout_release(&pushing.layout);
	free(pushing.tips.list);
	free(pushing.hidden.list);
	free(pushing.known.list);
	return rc;
}
