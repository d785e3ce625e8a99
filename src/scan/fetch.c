/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning some objects of a store, by their ids. */
#include "scan/fetch.h"

#include "blobs/families.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	READER_CACHE = 32 << 20, /* bytes, of each worker */
	BATCH_MIN = 32,  /* objects a thread takes at once: whole families */
	BATCH_MAX = 256, /* unless they are large */
	SLOTS = 4096     /* blobs whose candidates are kept; a power of two */
};

/* What all threads share. */
struct fetch {
	struct ks_gather *gather;
	struct ks_member *list;
	size_t count;
	bool is_partial;
	pthread_mutex_t lock; /* of next */
	size_t next;
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

static bool has_scanned(const struct thread *thread, uint64_t place)
{
	return thread->slots[slot_of(place)] == place;
}

/*
 * Match the base of ${object}, which is none of those asked for: for its
 * deltas, as nothing that is in it counts.
 */
static int learn_base(struct thread *thread, const struct ks_object *object,
	const struct ks_reader_how *how)
{
	struct ks_object base = {
		.type = object->type,
		.bytes = how->base_bytes,
		.slot = slot_of(how->base_place),
		.has_children = true,
		.is_repeated = true,
	};
	int rc;

	thread->slots[base.slot] = 0;
	rc = ks_worker_object(thread->worker, &base, &thread->err);
	if (rc == KS_OK)
		thread->slots[base.slot] = how->base_place;
	return rc;
}

/* What was matched in a blob's base need not be again. */
static int use_base(struct thread *thread, struct ks_object *object,
	const struct ks_reader_how *how, bool has_twin)
{
	int rc = KS_OK;

	if (how->place == KS_PLACE_NONE || object->type != KS_OBJECT_BLOB)
		return KS_OK;
	object->slot = slot_of(how->place);
	object->has_children = true;
	object->base_slot = slot_of(how->base_place);
	if (!how->delta || object->base_slot == object->slot)
		return KS_OK;
	if (has_twin && !has_scanned(thread, how->base_place))
		rc = learn_base(thread, object, how);
	if (rc == KS_OK && has_scanned(thread, how->base_place)) {
		object->delta = how->delta;
		object->base_bytes = how->base_bytes;
	}
	return rc;
}

static int scan_object(struct thread *thread, struct ks_reader *reader,
	struct ks_object *object, bool has_twin)
{
	struct ks_reader_how how = ks_reader_how(reader);
	int rc = use_base(thread, object, &how, has_twin);

	if (rc < 0)
		return rc;
	if (object->has_children)
		thread->slots[object->slot] = 0;
	rc = ks_worker_object(thread->worker, object, &thread->err);
	if (rc == KS_OK && object->has_children)
		thread->slots[object->slot] = how.place;
	return rc;
}

static int scan_one(struct thread *thread, struct ks_reader *reader,
	const struct ks_member *member)
{
	struct ks_gather *gather = thread->fetch->gather;
	const struct ks_oid *oid = member->oid;
	struct ks_object object = { .oid = *oid };
	struct ks_err why = { 0 };
	int rc = ks_reader_read(reader, oid,
		ks_gather_object_max(gather->options), &object.type,
		&object.bytes, &why);

	if (rc == KS_OK)
		return scan_object(thread, reader, &object, member->has_twin);
	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(&thread->err);
	if (rc == KS_E_NOTFOUND && thread->fetch->is_partial)
		return KS_OK;
	return note_unread(gather, oid, &why, &thread->err);
}

/* Take the next objects, [${from}, ${to}); false if there are none. */
static bool take_batch(struct fetch *fetch, size_t *from, size_t *to)
{
	const struct ks_member *list = fetch->list;
	size_t end;

	pthread_mutex_lock(&fetch->lock);
	*from = fetch->next;
	end = *from + BATCH_MIN;
	while (end < fetch->count && end - *from < BATCH_MAX &&
		list[end].family != UINT32_MAX &&
		list[end].family == list[end - 1].family)
		end++;
	*to = end < fetch->count ? end : fetch->count;
	fetch->next = *to;
	pthread_mutex_unlock(&fetch->lock);
	return *from < *to;
}

static int scan_batches(struct thread *thread, struct ks_reader *reader)
{
	struct fetch *fetch = thread->fetch;
	const volatile int *cancel = fetch->gather->options->cancel;
	int rc = KS_OK;
	size_t from;
	size_t to;

	while (rc == KS_OK && !atomic_load(&fetch->has_failed) &&
		take_batch(fetch, &from, &to)) {
		for (; rc == KS_OK && from < to; from++) {
			if (cancel && *cancel)
				return ks_fail(&thread->err, KS_E_INTERRUPTED,
					"interrupted");
			rc = scan_one(thread, reader, &fetch->list[from]);
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

static int list_members(struct fetch *fetch, const struct ks_oid *list,
	size_t count, struct ks_err *err)
{
	fetch->list = calloc(count + 1, sizeof(*fetch->list));
	if (!fetch->list)
		return ks_fail_nomem(err);
	fetch->count = count;
	for (size_t i = 0; i < count; i++)
		fetch->list[i].oid = &list[i];
	return ks_families_sort(&fetch->gather->store, fetch->list, count, err);
}

int ks_fetch_scan(struct ks_gather *gather, const struct ks_oid *list,
	size_t count, bool is_partial, struct ks_err *err)
{
	struct fetch fetch = { .gather = gather,
		.is_partial = is_partial,
		.lock = PTHREAD_MUTEX_INITIALIZER };
	struct thread *threads = calloc(gather->jobs, sizeof(*threads));
	int rc = threads ? list_members(&fetch, list, count, err)
			 : ks_fail_nomem(err);

	if (rc == KS_OK)
		rc = run_all(&fetch, threads, err);
	free(threads);
	free(fetch.list);
	return rc;
}
