/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning some objects of a store, by their ids. */
#include "scan/fetch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	READER_CACHE = 32 << 20, /* bytes, of each worker */
	BATCH = 64,  /* objects; neighbours are often deltas of each other */
	SLOTS = 4096 /* blobs whose candidates are kept; a power of two */
};

/* An object to be read. */
struct item {
	uint64_t place; /* they are sorted by it */
	const struct ks_oid *oid;
};

/* What all threads share. */
struct fetch {
	struct ks_gather *gather;
	struct item *list;
	size_t count;
	bool is_partial;
	atomic_size_t next;
	atomic_bool has_failed;
};

struct thread {
	pthread_t id;
	struct fetch *fetch;
	struct ks_worker *worker;
	struct ks_err err;
	int rc;
	/* Whose candidates the worker keeps in each slot: a place, or 0. */
	uint64_t slots[SLOTS];
};

static int note_unread(struct ks_gather *gather, const struct ks_oid *oid,
	const struct ks_err *why, struct ks_err *err)
{
	enum ks_skip_reason reason = KS_SKIP_UNREADABLE;

	if (why->code == KS_E_NOTFOUND)
		reason = KS_SKIP_MISSING;
	else if (why->code == KS_E_LIMIT)
		reason = KS_SKIP_TOO_LARGE;
	return ks_skips_add(
		&gather->skips, reason, NULL, oid, why->message, err);
}

static uint32_t slot_of(uint64_t place)
{
	return (uint32_t)(place * 0x9e3779b97f4a7c15 >> 32) & (SLOTS - 1);
}

/*
 * What was matched in a blob's base need not be again, if the base was
 * scanned not long ago.
 */
static void use_base(struct thread *thread, struct ks_object *object,
	const struct ks_reader_how *how)
{
	if (how->place == KS_PLACE_NONE || object->type != KS_OBJECT_BLOB)
		return;
	object->slot = slot_of(how->place);
	object->has_children = true;
	thread->slots[object->slot] = 0;
	object->base_slot = slot_of(how->base_place);
	if (!how->delta || object->base_slot == object->slot ||
		thread->slots[object->base_slot] != how->base_place)
		return;
	object->delta = how->delta;
	object->base_bytes = how->base_bytes;
}

static int scan_object(struct thread *thread, struct ks_reader *reader,
	struct ks_object *object)
{
	struct ks_reader_how how = ks_reader_how(reader);
	int rc;

	use_base(thread, object, &how);
	rc = ks_worker_object(thread->worker, object, &thread->err);
	if (rc == KS_OK && object->has_children)
		thread->slots[object->slot] = how.place;
	return rc;
}

static int scan_one(struct thread *thread, struct ks_reader *reader,
	const struct ks_oid *oid)
{
	struct ks_gather *gather = thread->fetch->gather;
	struct ks_object object = { .oid = *oid };
	struct ks_err why = { 0 };
	int rc = ks_reader_read(reader, oid,
		ks_gather_object_max(gather->options), &object.type,
		&object.bytes, &why);

	if (rc == KS_OK)
		return scan_object(thread, reader, &object);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(&thread->err);
	if (rc == KS_E_NOTFOUND && thread->fetch->is_partial)
		return KS_OK;
	return note_unread(gather, oid, &why, &thread->err);
}

static int scan_batches(struct thread *thread, struct ks_reader *reader)
{
	struct fetch *fetch = thread->fetch;
	const volatile int *cancel = fetch->gather->options->cancel;
	int rc = KS_OK;

	while (rc == KS_OK && !atomic_load(&fetch->has_failed)) {
		size_t from = atomic_fetch_add(&fetch->next, BATCH);
		size_t to = from + BATCH;

		if (from >= fetch->count)
			break;
		if (to > fetch->count)
			to = fetch->count;
		for (; rc == KS_OK && from < to; from++) {
			if (cancel && *cancel)
				return ks_fail(&thread->err, KS_E_INTERRUPTED,
					"interrupted");
			rc = scan_one(thread, reader, fetch->list[from].oid);
		}
	}
	return rc;
}

static void *run(void *payload)
{
	struct thread *thread = payload;
	struct fetch *fetch = thread->fetch;
	struct ks_reader *reader = NULL;

	thread->rc = ks_gather_reader(
		&reader, fetch->gather, READER_CACHE, &thread->err);
	if (thread->rc == KS_OK)
		thread->rc = scan_batches(thread, reader);
	if (thread->rc < 0)
		atomic_store(&fetch->has_failed, true);
	ks_reader_free(reader);
	return NULL;
}

/* The first worker is the calling thread. */
static int run_all(
	struct fetch *fetch, struct thread *threads, struct ks_err *err)
{
	struct ks_gather *gather = fetch->gather;
	unsigned started = 1;
	int rc = KS_OK;

	for (unsigned i = 0; i < gather->jobs; i++) {
		threads[i].fetch = fetch;
		threads[i].worker = &gather->workers[i];
	}
	while (started < gather->jobs &&
		pthread_create(&threads[started].id, NULL, run,
			&threads[started]) == 0)
		started++;
	run(&threads[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(threads[i].id, NULL);
	for (unsigned i = 0; rc == KS_OK && i < started; i++) {
		rc = threads[i].rc;
		if (rc < 0)
			*err = threads[i].err;
	}
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct item *left = a;
	const struct item *right = b;

	if (left->place != right->place)
		return left->place < right->place ? -1 : 1;
	return (left->oid > right->oid) - (left->oid < right->oid);
}

static struct item *sort_by_place(
	const struct ks_store *store, const struct ks_oid *list, size_t count)
{
	struct item *items = calloc(count + 1, sizeof(*items));

	for (size_t i = 0; items && i < count; i++)
		items[i] = (struct item){ ks_reader_place(store, &list[i]),
			&list[i] };
	if (items && count)
		qsort(items, count, sizeof(*items), by_place);
	return items;
}

int ks_fetch_scan(struct ks_gather *gather, const struct ks_oid *list,
	size_t count, bool is_partial, struct ks_err *err)
{
	struct fetch fetch = { .gather = gather,
		.list = sort_by_place(&gather->store, list, count),
		.count = count,
		.is_partial = is_partial };
	struct thread *threads = calloc(gather->jobs, sizeof(*threads));
	int rc;

	if (fetch.list && threads)
		rc = run_all(&fetch, threads, err);
	else
		rc = ks_fail_nomem(err);
	free(threads);
	free(fetch.list);
	return rc;
}
