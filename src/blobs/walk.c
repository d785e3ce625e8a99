/* SPDX-License-Identifier: Apache-2.0 */
/* Every object once, bytes in hand, by several workers. */
#include "blobs/walk.h"

#include "base/array.h"
#include "blobs/tree_walk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/*
 * Work is handed out as ranges of entries, in the order they lie: all packs
 * one behind the other, then the loose objects. A worker takes a range and
 * walks the delta trees whose roots are in it. When none is left it waits for
 * a branch of a tree that another is still busy with. Delta cycles have no
 * root; so a last pass declines what nobody met.
 */

enum {
	RANGE = 128,        /* entries taken at once */
	TICK_NS = 100000000 /* between two calls of tick */
};

struct shared {
	const struct ks_store *store;
	const struct ks_visitor *visitor;
	_Atomic uint8_t **met; /* a bit map a pack */
	atomic_uint_fast64_t next;
	uint64_t total;
	atomic_int failed; /* set: all stop */
	pthread_mutex_t lock;
	pthread_cond_t done;
	pthread_cond_t offered;
	struct ks_tree_share share;
	struct ks_branch *branches; /* offered, not yet taken; under lock */
	size_t branch_count;
	size_t branch_cap;
	unsigned waiting;  /* workers; under lock */
	unsigned jobs;     /* workers there are; under lock */
	unsigned running;  /* workers; under lock */
	struct ks_err err; /* of the first that failed; under lock */
};

struct worker {
	struct shared *shared;
	pthread_t thread;
	struct ks_tree_walk walk;
	struct ks_room loose;
	struct ks_stream stream; /* of a large one */
};

static bool is_root(const struct ks_pack *pack, uint32_t at)
{
	return pack->entries[at].base == KS_ENTRY_NONE;
}

/* All of the open ${file}, or the means to read it. */
static int read_loose(struct worker *worker, struct ks_loose_file *file,
	struct ks_object *object, struct ks_err *err)
{
	const struct ks_visitor *visitor = worker->shared->visitor;

	object->type = file->type;
	object->size = file->size;
	if (file->size > visitor->max_object)
		return ks_fail(err, KS_E_LIMIT, "%llu bytes are over the limit",
			(unsigned long long)file->size);
	if (file->size > worker->walk.stack.large &&
		file->type == KS_OBJECT_BLOB) {
		worker->stream = ks_loose_stream(file);
		object->stream = &worker->stream;
		return ks_loose_check(file, err);
	}
	return ks_loose_load(&worker->loose, &object->bytes,
		&worker->walk.inflate, file, worker->walk.stack.large, err);
}

static int visit_loose(
	struct worker *worker, const struct ks_loose *loose, struct ks_err *err)
{
	const struct ks_store *store = worker->shared->store;
	const struct ks_visitor *visitor = worker->shared->visitor;
	struct ks_object object = { .oid = loose->oid };
	struct ks_loose_file file;
	struct ks_err why = { 0 };
	int rc = ks_loose_open(&file, store->dirs[loose->dir], &loose->oid,
		store->hash_bytes, &why);

	if (rc == KS_OK)
		rc = read_loose(worker, &file, &object, &why);
	if (rc == KS_E_NOMEM)
		rc = ks_fail_nomem(err);
	else if (rc < 0)
		rc = visitor->declined(visitor->payload, worker->walk.worker,
			&loose->oid, &why, err);
	else
		rc = visitor->object(
			visitor->payload, worker->walk.worker, &object, err);
	ks_loose_close(&file);
	return rc;
}

/* The ${i}th thing to do: an entry of a pack, or a loose object. */
static int do_one(struct worker *worker, uint64_t i, struct ks_err *err)
{
	struct shared *shared = worker->shared;
	const struct ks_store *store = shared->store;

	for (size_t p = 0; p < store->pack_count; p++) {
		const struct ks_pack *pack = &store->packs[p];

		if (i < pack->count) {
			if (!is_root(pack, (uint32_t)i))
				return KS_OK;
			return ks_tree_walk_run(&worker->walk, pack,
				(uint32_t)i, shared->met[p], err);
		}
		i -= pack->count;
	}
	return visit_loose(worker, &store->loose.list[i], err);
}

static int work(struct worker *worker, struct ks_err *err)
{
	struct shared *shared = worker->shared;
	const volatile int *cancel = shared->visitor->cancel;

	for (;;) {
		uint64_t from = atomic_fetch_add(&shared->next, RANGE);
		uint64_t to = from + RANGE;

		if (from >= shared->total || atomic_load(&shared->failed))
			return KS_OK;
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		for (uint64_t i = from; i < to && i < shared->total; i++) {
			int rc = do_one(worker, i, err);

			if (rc < 0)
				return rc;
		}
	}
}

static bool offer(void *payload, const struct ks_branch *branch)
{
	struct shared *shared = payload;
	bool is_taken;

	pthread_mutex_lock(&shared->lock);
	is_taken = shared->branch_count < shared->waiting &&
		   ks_array_reserve(&shared->branches, &shared->branch_cap,
			   shared->branch_count + 1,
			   sizeof(*shared->branches)) == KS_OK;
	if (is_taken) {
		shared->branches[shared->branch_count++] = *branch;
		pthread_cond_signal(&shared->offered);
	}
	if (shared->branch_count >= shared->waiting)
		atomic_store(&shared->share.hungry, 0);
	pthread_mutex_unlock(&shared->lock);
	return is_taken;
}

/* Wait for a branch; false when nobody can offer one any more. */
static bool take(struct shared *shared, struct ks_branch *out)
{
	bool is_taken;

	pthread_mutex_lock(&shared->lock);
	shared->waiting++;
	while (!shared->branch_count && shared->waiting < shared->jobs &&
		!atomic_load(&shared->failed)) {
		atomic_store(&shared->share.hungry, 1);
		pthread_cond_wait(&shared->offered, &shared->lock);
	}
	is_taken = shared->branch_count > 0 && !atomic_load(&shared->failed);
	if (is_taken) {
		*out = shared->branches[--shared->branch_count];
		shared->waiting--;
	} else {
		pthread_cond_broadcast(&shared->offered);
	}
	pthread_mutex_unlock(&shared->lock);
	return is_taken;
}

static int work_on_branches(struct worker *worker, struct ks_err *err)
{
	struct ks_branch branch;
	int rc = KS_OK;

	while (rc == KS_OK && take(worker->shared, &branch))
		rc = ks_tree_walk_branch(&worker->walk, &branch, err);
	return rc;
}

static void *run(void *arg)
{
	struct worker *worker = arg;
	struct shared *shared = worker->shared;
	struct ks_err err = { 0 };
	int rc = work(worker, &err);

	if (rc == KS_OK)
		rc = work_on_branches(worker, &err);
	pthread_mutex_lock(&shared->lock);
	if (rc < 0 && !atomic_exchange(&shared->failed, 1))
		shared->err = err;
	shared->running--;
	pthread_cond_signal(&shared->done);
	if (rc < 0)
		pthread_cond_broadcast(&shared->offered);
	pthread_mutex_unlock(&shared->lock);
	return NULL;
}

/* What no worker met hangs in a cycle of deltas. */
static int decline_unmet(struct shared *shared, struct ks_err *err)
{
	const struct ks_visitor *visitor = shared->visitor;
	struct ks_err why = { 0 };

	ks_fail(&why, KS_E_CORRUPT, "its delta is in a cycle of deltas");
	for (size_t p = 0; p < shared->store->pack_count; p++) {
		const struct ks_pack *pack = &shared->store->packs[p];

		for (uint32_t at = 0; at < pack->count; at++) {
			struct ks_oid oid = ks_pack_oid(pack, at);
			int rc;

			if (shared->met[p][at / 8] >> at % 8 & 1 ||
				ks_pack_is_repeated(pack, at))
				continue;
			rc = visitor->declined(
				visitor->payload, 0, &oid, &why, err);
			if (rc < 0)
				return rc;
		}
	}
	return KS_OK;
}

/* Until all workers are done; the visitor hears of the time that passes. */
static void wait_for_workers(struct shared *shared)
{
	const struct ks_visitor *visitor = shared->visitor;
	struct timespec until;

	pthread_mutex_lock(&shared->lock);
	while (shared->running) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += TICK_NS;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_cond_timedwait(
			    &shared->done, &shared->lock, &until) == 0 ||
			!visitor->tick)
			continue;
		pthread_mutex_unlock(&shared->lock);
		visitor->tick(visitor->payload);
		pthread_mutex_lock(&shared->lock);
	}
	pthread_mutex_unlock(&shared->lock);
}

static uint64_t limit_of(uint64_t limit)
{
	return limit ? limit : UINT64_MAX;
}

static int run_workers(
	struct shared *shared, struct worker *workers, unsigned jobs)
{
	unsigned started = 0;

	for (; started < jobs; started++) {
		struct worker *worker = &workers[started];

		worker->shared = shared;
		worker->walk.worker = started;
		worker->walk.visitor = shared->visitor;
		worker->walk.share = &shared->share;
		worker->walk.stack.memory = limit_of(shared->visitor->memory);
		worker->walk.stack.large = limit_of(shared->visitor->large);
		pthread_mutex_lock(&shared->lock);
		shared->running++;
		pthread_mutex_unlock(&shared->lock);
		if (pthread_create(&worker->thread, NULL, run, worker) != 0) {
			pthread_mutex_lock(&shared->lock);
			shared->running--;
			shared->jobs = started;
			pthread_cond_broadcast(&shared->offered);
			pthread_mutex_unlock(&shared->lock);
			break;
		}
	}
	wait_for_workers(shared);
	for (unsigned i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	for (unsigned i = 0; i < started; i++) {
		if (shared->visitor->bytes_inflated)
			*shared->visitor->bytes_inflated +=
				workers[i].walk.inflate.bytes;
		ks_tree_walk_release(&workers[i].walk);
		ks_room_release(&workers[i].loose);
	}
	return started ? KS_OK : KS_E_NOMEM;
}

static int prepare(struct shared *shared)
{
	const struct ks_store *store = shared->store;

	shared->total = store->loose.count;
	shared->met = calloc(store->pack_count + 1, sizeof(*shared->met));
	if (!shared->met)
		return KS_E_NOMEM;
	for (size_t p = 0; p < store->pack_count; p++) {
		shared->total += store->packs[p].count;
		shared->met[p] = calloc(store->packs[p].count / 8 + 1, 1);
		if (!shared->met[p])
			return KS_E_NOMEM;
	}
	return KS_OK;
}

int ks_walk(const struct ks_store *store, unsigned jobs,
	const struct ks_visitor *visitor, struct ks_err *err)
{
	struct shared shared = { .store = store, .visitor = visitor };
	struct worker *workers = calloc(jobs, sizeof(*workers));
	int rc = workers ? prepare(&shared) : KS_E_NOMEM;

	pthread_mutex_init(&shared.lock, NULL);
	pthread_cond_init(&shared.done, NULL);
	pthread_cond_init(&shared.offered, NULL);
	shared.share.offer = offer;
	shared.share.payload = &shared;
	shared.jobs = jobs;
	if (rc == KS_OK)
		rc = run_workers(&shared, workers, jobs);
	if (rc < 0)
		ks_fail_nomem(err);
	if (rc == KS_OK && shared.failed) {
		if (err)
			*err = shared.err;
		rc = shared.err.code;
	}
	if (rc == KS_OK)
		rc = decline_unmet(&shared, err);
	pthread_cond_destroy(&shared.done);
	pthread_cond_destroy(&shared.offered);
	free(shared.branches);
	pthread_mutex_destroy(&shared.lock);
	for (size_t p = 0; shared.met && p < store->pack_count; p++)
		free(shared.met[p]);
	free(shared.met);
	free(workers);
	return rc;
}
