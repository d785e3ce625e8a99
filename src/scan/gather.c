/* SPDX-License-Identifier: Apache-2.0 */
/* What all workers of a scan gathered, in one place. */
#include "scan/gather.h"

#include "control/control.h"
#include "scan/wanted_rules.h"
#include "source/repo.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

uint64_t ks_gather_object_max(const struct ks_scan_options *options)
{
	return options->max_blob_size ? options->max_blob_size
				      : KS_MAX_BLOB_SIZE;
}

bool ks_gather_wants(const struct ks_gather *gather, uint32_t secret)
{
	return gather->hits.secrets[secret].confidence >=
	       (float)gather->options->min_confidence;
}

bool ks_gather_wants_any(const struct ks_gather *gather)
{
	for (size_t i = 0; i < gather->hits.count; i++) {
		if (ks_gather_wants(gather, gather->hits.list[i].secret))
			return true;
	}
	return false;
}

unsigned ks_gather_job_count(const struct ks_scan_options *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned most = ks_budget_jobs(options->memory);

	if (options->jobs)
		return options->jobs;
	if (cores < 1)
		return 1;
	return (unsigned long)cores < most ? (unsigned)cores : most;
}

static struct ks_unpacking unpacking_of(const struct ks_scan_options *options)
{
	struct ks_unpacking limits = {
		.depth = options->archive_depth,
		.bytes = options->archive_bytes,
		.ratio = options->archive_ratio,
		.entries = options->archive_entries,
		.cancel = options->cancel,
	};

	if (!limits.depth)
		limits.depth = KS_ARCHIVE_DEPTH;
	if (!limits.bytes)
		limits.bytes = KS_ARCHIVE_BYTES;
	if (!limits.ratio)
		limits.ratio = KS_ARCHIVE_RATIO;
	if (!limits.entries)
		limits.entries = KS_ARCHIVE_ENTRIES;
	if (options->no_archives)
		limits.depth = 0;
	return limits;
}

static int add_worker(struct ks_gather *gather, struct ks_err *err)
{
	const struct ks_scan_options *options = gather->options;
	struct ks_worker *worker = &gather->workers[gather->jobs];
	int rc;

	memset(worker, 0, sizeof(*worker));
	gather->jobs++;
	rc = ks_worker_init(worker, gather->patterns,
		options->engine == KS_ENGINE_REFERENCE, gather->hash_bytes,
		&gather->skips, err);
	if (rc < 0)
		return rc;
	worker->unpacking = unpacking_of(options);
	worker->finder.keeps_lines =
		options->control && options->control->needs_lines;
	if (options->connectivity &&
		!(worker->named = calloc(1, sizeof(struct ks_oidmap))))
		return ks_fail_nomem(err);
	return KS_OK;
}

int ks_gather_grow(struct ks_gather *gather, unsigned jobs, struct ks_err *err)
{
	const struct ks_scan_options *options = gather->options;
	struct ks_worker *workers;
	int rc;

	if (jobs <= gather->jobs)
		return KS_OK;
	rc = ks_budget_make(
		&gather->budget, options->memory, jobs, options->rules, err);
	if (rc < 0)
		return rc;
	workers = realloc(gather->workers, jobs * sizeof(*workers));
	if (!workers)
		return ks_fail_nomem(err);
	gather->workers = workers;
	while (rc == KS_OK && gather->jobs < jobs)
		rc = add_worker(gather, err);
	/* The reference engine holds all: it is to be simple. */
	for (unsigned i = 0; rc == KS_OK && i < jobs; i++) {
		if (options->engine != KS_ENGINE_REFERENCE)
			ks_worker_limit(&workers[i], &gather->budget);
	}
	return rc;
}

int ks_gather_reader(struct ks_reader **out, const struct ks_gather *gather,
	size_t cache, struct ks_err *err)
{
	const struct ks_budget *budget = &gather->budget;

	return ks_reader_new(out, &gather->store,
		cache < budget->cache ? cache : budget->cache, budget->large,
		err);
}

int ks_gather_begin(struct ks_gather *gather, const char *source,
	const struct ks_scan_options *options, unsigned jobs, size_t hash_bytes,
	struct ks_err *err)
{
	int rc;

	gather->options = options;
	gather->source = source;
	gather->hash_bytes = hash_bytes;
	clock_gettime(CLOCK_MONOTONIC, &gather->started);
	gather->stage_started = gather->started;
	ks_skips_init(&gather->skips);
	rc = ks_wanted_rules(&gather->patterns, options, err);
	return rc < 0 ? rc : ks_gather_grow(gather, jobs, err);
}

static void add_tally(
	struct ks_coverage *coverage, const struct ks_worker *worker)
{
	const struct ks_tally *tally = &worker->tally;
	const struct ks_match_counts *counts =
		ks_matcher_counts(worker->finder.matcher);

	coverage->commits += tally->types[KS_OBJECT_COMMIT];
	coverage->trees += tally->types[KS_OBJECT_TREE];
	coverage->blobs += tally->types[KS_OBJECT_BLOB];
	coverage->tags += tally->types[KS_OBJECT_TAG];
	coverage->bytes += tally->bytes;
	coverage->declined += tally->declined;
	coverage->archives += worker->unpacked.archives;
	coverage->entries += worker->unpacked.entries;
	coverage->bytes_unpacked += worker->unpacked.bytes;
	coverage->bytes_matched += counts->bytes;
	coverage->candidates += counts->candidates;
	coverage->confirmed += counts->confirmed;
}

static int by_oid(const void *a, const void *b)
{
	const struct ks_tag *left = a;
	const struct ks_tag *right = b;

	return memcmp(left->oid.id, right->oid.id, KS_OID_MAX);
}

static int merge_tags(struct ks_gather *gather)
{
	size_t count = 0;

	for (unsigned i = 0; i < gather->jobs; i++)
		count += gather->workers[i].tag_count;
	gather->tags = calloc(count + 1, sizeof(*gather->tags));
	if (!gather->tags)
		return KS_E_NOMEM;
	for (unsigned i = 0; i < gather->jobs; i++) {
		const struct ks_worker *worker = &gather->workers[i];

		for (size_t j = 0; j < worker->tag_count; j++)
			gather->tags[gather->tag_count++] = worker->tags[j];
	}
	qsort(gather->tags, gather->tag_count, sizeof(*gather->tags), by_oid);
	return KS_OK;
}

/* The C library keeps what threads freed, for threads that are gone. */
static void give_back(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

int ks_gather_merge(struct ks_gather *gather, struct ks_err *err)
{
	gather->commits.hash_bytes = gather->hash_bytes;
	gather->graph.memory = gather->budget.graph * gather->jobs;
	for (unsigned i = 0; i < gather->jobs; i++) {
		struct ks_worker *worker = &gather->workers[i];

		ks_worker_rest(worker);
		add_tally(&gather->coverage, worker);
		if (ks_hits_merge(&gather->hits, &worker->finder.hits) < 0 ||
			ks_commits_merge(&gather->commits, &worker->commits) <
				0)
			return ks_fail_nomem(err);
		if (ks_graph_merge(&gather->graph, &worker->graph) < 0)
			return ks_fail_nomem(err);
		ks_hits_release(&worker->finder.hits);
	}
	if (merge_tags(gather) < 0)
		return ks_fail_nomem(err);
	give_back();
	return KS_OK;
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) +
	       (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

void ks_gather_end_stage(struct ks_gather *gather, enum ks_stage stage)
{
	gather->coverage.stage_seconds[stage] =
		seconds_since(&gather->stage_started);
	clock_gettime(CLOCK_MONOTONIC, &gather->stage_started);
}

double ks_gather_seconds(const struct ks_gather *gather)
{
	return seconds_since(&gather->started);
}

void ks_gather_tell(
	const struct ks_gather *gather, const char *stage, uint64_t total)
{
	const struct ks_scan_options *options = gather->options;
	struct ks_progress progress = {
		.objects_total = total,
		.stage = stage,
	};

	if (!options->progress)
		return;
	for (unsigned i = 0; i < gather->jobs; i++) {
		const struct ks_worker *worker = &gather->workers[i];

		progress.objects_done += atomic_load_explicit(
			&worker->objects_done, memory_order_relaxed);
		progress.bytes_done += atomic_load_explicit(
			&worker->bytes_done, memory_order_relaxed);
	}
	options->progress(&progress, options->payload);
}

void ks_gather_release(struct ks_gather *gather)
{
	for (unsigned i = 0; i < gather->jobs; i++)
		ks_worker_release(&gather->workers[i]);
	free(gather->workers);
	ks_hits_release(&gather->hits);
	ks_commits_release(&gather->commits);
	ks_graph_release(&gather->graph);
	ks_skips_release(&gather->skips);
	ks_patterns_free(gather->patterns);
	ks_store_close(&gather->store);
	ks_repo_close(gather->repo);
	free(gather->tags);
	free(gather->tips);
	ks_buf_release(&gather->input);
	ks_buf_release(&gather->file);
}
