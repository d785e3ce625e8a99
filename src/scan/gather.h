/* SPDX-License-Identifier: Apache-2.0 */
/* What all workers of a scan gathered, in one place. */
#ifndef KS_SCAN_GATHER_H
#define KS_SCAN_GATHER_H

#include "blobs/reader.h"
#include "provenance/origin.h"
#include "scan/budget.h"
#include "scan/worker.h"

#include <keysieve/scan.h>

struct ks_repo;

/*
 * The state of one scan, from which the result is made. Zero-initialise;
 * ks_gather_release() frees.
 */
struct ks_gather {
	const struct ks_scan_options *options;
	const char *source; /* as the user gave it; borrowed */
	struct ks_budget budget;
	struct ks_patterns *patterns;
	struct ks_worker *workers;
	unsigned jobs;
	struct ks_skips skips;
	struct ks_hits hits;
	struct ks_coverage coverage;
	struct timespec started;
	struct timespec stage_started;
	struct ks_buf file;  /* the file read last */
	struct ks_buf input; /* standard input, if that was scanned */
	/* Of a repository; for files all of these are empty. */
	struct ks_repo *repo;
	struct ks_store store;
	struct ks_commits commits;
	struct ks_graph graph; /* of trees; empty: not known */
	struct ks_tag *tags;   /* sorted by oid */
	size_t tag_count;
	struct ks_tip *tips;
	size_t tip_count;
	size_t hash_bytes;
	bool is_whole; /* all there is in a repository is scanned */
};

/*
 * Begin a scan of ${source} as ${options} say: patterns, skips, and
 * ${jobs} workers. KS_E_USAGE, KS_E_NOMEM; ${gather} is to be released then
 * too.
 */
KS_MUST_CHECK int ks_gather_begin(struct ks_gather *gather, const char *source,
	const struct ks_scan_options *options, unsigned jobs, size_t hash_bytes,
	struct ks_err *err);

/*
 * Make it ${jobs} workers, before they work, where there are fewer. Errors as
 * above.
 */
KS_MUST_CHECK int ks_gather_grow(
	struct ks_gather *gather, unsigned jobs, struct ks_err *err);

/* The largest object to be scanned, in bytes. */
uint64_t ks_gather_object_max(const struct ks_scan_options *options);

/* Is the secret ${secret} of gather->hits to be told, as far as known? */
bool ks_gather_wants(const struct ks_gather *gather, uint32_t secret);

/* Is any secret of which gather->hits has a hit? */
bool ks_gather_wants_any(const struct ks_gather *gather);

/* How many workers ${options} ask for. */
unsigned ks_gather_job_count(const struct ks_scan_options *options);

/*
 * A reader of the store of ${gather}, within its budget, that keeps at most
 * ${cache} bytes. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_gather_reader(struct ks_reader **out,
	const struct ks_gather *gather, size_t cache, struct ks_err *err);

/* Merge what the workers have into hits, commits, tags and coverage. */
KS_MUST_CHECK int ks_gather_merge(struct ks_gather *gather, struct ks_err *err);

/* What was done since the stage before, or the start, was ${stage}. */
void ks_gather_end_stage(struct ks_gather *gather, enum ks_stage stage);

/* Seconds since the scan was started. */
double ks_gather_seconds(const struct ks_gather *gather);

/* Tell the progress callback, if there is one, how far it is. */
void ks_gather_tell(
	const struct ks_gather *gather, const char *stage, uint64_t total);

void ks_gather_release(struct ks_gather *gather);

#endif
