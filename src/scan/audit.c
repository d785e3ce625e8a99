/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning a whole repository. */
#include "blobs/walk.h"
#include "scan/gather.h"
#include "scan/history.h"
#include "scan/left_over.h"
#include "scan/reference.h"
#include "scan/result.h"
#include "source/repo.h"

#include <stdlib.h>
#include <unistd.h>

enum {
	READER_CACHE = 4 << 20 /* bytes, of each worker that needs one */
};

static int visit_object(void *payload, unsigned worker,
	const struct ks_object *object, struct ks_err *err)
{
	struct ks_gather *gather = payload;

	return ks_worker_object(&gather->workers[worker], object, err);
}

/*
 * Of an object that the walk declined there may be another copy, or only its
 * checksum in the index is wrong; what has its id is what it should be.
 * libgit2 is not asked: on a cycle of deltas it does not end.
 */
static int read_again(struct ks_gather *gather, struct ks_worker *worker,
	struct ks_object *object, struct ks_err *err)
{
	struct ks_oid id;
	int rc = KS_OK;

	if (!worker->reader)
		rc = ks_gather_reader(
			&worker->reader, gather, READER_CACHE, err);
	if (rc == KS_OK)
		rc = ks_reader_read(worker->reader, &object->oid,
			ks_gather_object_max(gather->options), &object->type,
			&object->bytes, err);
	if (rc == KS_OK)
		rc = ks_repo_hash(gather->repo, (int)object->type,
			object->bytes, &id, err);
	if (rc == KS_OK && !ks_oid_eq(&id, &object->oid))
		rc = ks_fail(err, KS_E_CORRUPT, "it has another id");
	return rc;
}

static int read_declined(void *payload, unsigned worker,
	const struct ks_oid *oid, const struct ks_err *why, struct ks_err *err)
{
	struct ks_gather *gather = payload;
	struct ks_worker *own = &gather->workers[worker];
	struct ks_object object = { .oid = *oid };
	struct ks_err again = { 0 };
	int rc = why->code;

	if (rc == KS_E_IO || ks_store_copies(&gather->store, oid) > 1)
		rc = read_again(gather, own, &object, &again);
	if (rc == KS_OK) {
		own->tally.declined++;
		return ks_worker_object(own, &object, err);
	}
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	return ks_skips_add(&gather->skips,
		why->code == KS_E_LIMIT ? KS_SKIP_TOO_LARGE
					: KS_SKIP_UNREADABLE,
		NULL, oid, why->message, err);
}

static void tick(void *payload)
{
	const struct ks_gather *gather = payload;

	ks_gather_tell(gather, "scanning", gather->store.object_count);
}

/* As wide as stage one looks, and mostly to the ends of the lines around. */
static size_t seam_of(const struct ks_gather *gather)
{
	enum {
		LINES = 256
	};
	uint32_t width = ks_rules_width(ks_patterns_rules(gather->patterns));

	return width > LINES ? width : LINES;
}

struct store_skips {
	struct ks_gather *gather;
	size_t count;
	int rc;
};

static void skip_in_store(
	void *payload, const char *path, const struct ks_err *why)
{
	struct store_skips *skips = payload;

	enum ks_skip_reason reason = why->code == KS_E_INTERRUPTED
					     ? KS_SKIP_TEMPORARY
					     : KS_SKIP_UNREADABLE;

	skips->count += reason == KS_SKIP_UNREADABLE;
	if (skips->rc == KS_OK)
		skips->rc = ks_skips_add(&skips->gather->skips, reason, path,
			NULL, why->message, NULL);
}

static int walk_store(struct ks_gather *gather, struct ks_err *err)
{
	struct store_skips skips = { .gather = gather };
	struct ks_visitor visitor = {
		.object = visit_object,
		.declined = read_declined,
		.tick = tick,
		.payload = gather,
		.max_object = ks_gather_object_max(gather->options),
		.memory = gather->budget.worker,
		.large = gather->budget.large,
		.bytes_inflated = &gather->coverage.bytes_inflated,
		.seam = seam_of(gather),
		.cancel = gather->options->cancel,
	};
	const char *const *dirs;
	size_t count;
	int rc;

	dirs = ks_repo_object_dirs(gather->repo, &count);
	rc = ks_store_open(&gather->store, dirs, count, gather->hash_bytes,
		skip_in_store, &skips, err);
	if (rc == KS_OK && skips.rc < 0)
		rc = ks_fail_nomem(err);
	if (rc < 0)
		return rc;
	ks_gather_end_stage(gather, KS_STAGE_OPEN);
	if (gather->options->engine == KS_ENGINE_REFERENCE)
		return ks_reference_walk(gather->repo, &visitor, err);
	rc = ks_walk(&gather->store, gather->jobs, &visitor, err);
	if (rc == KS_OK && skips.count)
		rc = ks_left_over_name(gather, err);
	return rc;
}

static int audit(
	struct ks_gather *gather, struct ks_result **out, struct ks_err *err)
{
	int rc = walk_store(gather, err);

	ks_gather_end_stage(gather, KS_STAGE_SCAN);
	if (rc == KS_OK)
		rc = ks_history_refs(gather, err);
	if (rc == KS_OK)
		rc = ks_gather_merge(gather, err);
	if (rc == KS_OK)
		rc = ks_history_check(gather, err);
	ks_gather_end_stage(gather, KS_STAGE_HISTORY);
	if (rc == KS_OK)
		rc = ks_result_make(out, gather, err);
	return rc;
}

int ks_scan_repository(struct ks_result **out, const char *path,
	const struct ks_scan_options *options, struct ks_err *err)
{
	struct ks_gather gather = { 0 };
	struct ks_repo *repo;
	int rc = ks_repo_open(&repo, path, err);

	*out = NULL;
	if (rc < 0)
		return rc;
	rc = ks_gather_begin(&gather, path, options,
		ks_gather_job_count(options), ks_repo_hash_bytes(repo), err);
	gather.repo = repo;
	gather.is_whole = true;
	if (rc == KS_OK)
		rc = audit(&gather, out, err);
	ks_gather_release(&gather);
	return rc;
}
