/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning a whole repository. */
#include "blobs/walk.h"
#include "scan/gather.h"
#include "scan/history.h"
#include "scan/reference.h"
#include "scan/result.h"
#include "source/repo.h"

#include <stdlib.h>
#include <unistd.h>

static uint64_t max_object(const struct ks_scan_options *options)
{
	uint64_t limit = options->max_blob_size ? options->max_blob_size
						: KS_MAX_BLOB_SIZE;

	return limit < KS_SUBJECT_MAX ? limit : KS_SUBJECT_MAX;
}

static unsigned job_count(const struct ks_scan_options *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (options->jobs)
		return options->jobs;
	return cores > 0 ? (unsigned)cores : 1;
}

static int visit_object(void *payload, unsigned worker,
	const struct ks_object *object, struct ks_err *err)
{
	struct ks_gather *gather = payload;

	return ks_worker_object(&gather->workers[worker], object, err);
}

/* libgit2 may find another copy, or read what the pack stream does not. */
static int read_declined(void *payload, unsigned worker,
	const struct ks_oid *oid, const struct ks_err *why, struct ks_err *err)
{
	struct ks_gather *gather = payload;
	struct ks_object object = { .oid = *oid };
	struct ks_buf bytes = { 0 };
	struct ks_err again = { 0 };
	int type = KS_OBJECT_NONE;
	int rc = why->code;

	/* Of a loose object there is no other copy; nor does libgit2 1.5 end
	 * on one that is cut off. */
	if (rc != KS_E_LIMIT && !ks_store_find_loose(&gather->store, oid))
		rc = ks_repo_read(gather->repo, oid,
			max_object(gather->options), &type, &bytes, &again);
	if (rc == KS_OK) {
		gather->workers[worker].tally.declined++;
		object.type = (enum ks_object_type)type;
		object.bytes = ks_buf_span(&bytes);
		rc = ks_worker_object(&gather->workers[worker], &object, err);
	} else if (rc == KS_E_NOMEM) {
		rc = ks_fail_nomem(err);
	} else {
		rc = ks_skips_add(&gather->skips,
			rc == KS_E_LIMIT ? KS_SKIP_TOO_LARGE
					 : KS_SKIP_UNREADABLE,
			NULL, oid, why->message, err);
	}
	ks_buf_release(&bytes);
	return rc;
}

static void tick(void *payload)
{
	const struct ks_gather *gather = payload;

	ks_gather_tell(gather, "scanning", gather->store.object_count);
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

	skips->count++;
	if (skips->rc == KS_OK)
		skips->rc = ks_skips_add(&skips->gather->skips,
			KS_SKIP_UNREADABLE, path, NULL, why->message, NULL);
}

struct left_over {
	struct ks_gather *gather;
	struct ks_err *err;
	int rc;
};

/* An object that libgit2 knows of and the pack stream does not. */
static int read_left_over(void *payload, const struct ks_oid *oid)
{
	struct left_over *left = payload;
	struct ks_err why = { 0 };

	if (ks_store_has(&left->gather->store, oid))
		return 0;
	ks_fail(&why, KS_E_CORRUPT, "its pack cannot be opened");
	left->rc = read_declined(left->gather, 0, oid, &why, left->err);
	return left->rc < 0;
}

static int walk_store(struct ks_gather *gather, struct ks_err *err)
{
	struct store_skips skips = { .gather = gather };
	struct ks_visitor visitor = {
		.object = visit_object,
		.declined = read_declined,
		.tick = tick,
		.payload = gather,
		.max_object = max_object(gather->options),
		.cancel = gather->options->cancel,
	};
	struct left_over left = { .gather = gather, .err = err };
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
	if (gather->options->engine == KS_ENGINE_REFERENCE)
		return ks_reference_walk(gather->repo, &visitor, err);
	rc = ks_walk(&gather->store, gather->jobs, &visitor, err);
	if (rc == KS_OK && skips.count) {
		rc = ks_repo_each(gather->repo, read_left_over, &left, NULL);
		/* What cannot be listed has been named with its pack. */
		rc = left.rc;
	}
	return rc;
}

static int audit(
	struct ks_gather *gather, struct ks_result **out, struct ks_err *err)
{
	int rc = walk_store(gather, err);

	if (rc == KS_OK)
		rc = ks_history_refs(gather, err);
	if (rc == KS_OK)
		rc = ks_gather_merge(gather, err);
	if (rc == KS_OK)
		rc = ks_history_check(gather, err);
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
	rc = ks_gather_begin(&gather, path, options, job_count(options),
		ks_repo_hash_bytes(repo), err);
	gather.repo = repo;
	if (rc == KS_OK)
		rc = audit(&gather, out, err);
	ks_gather_release(&gather);
	return rc;
}
