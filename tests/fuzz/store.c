/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile pack written down, then read by all that reads packs. */
#include "store.h"

#include "base/array.h"
#include "base/hash.h"
#include "blobs/reader.h"
#include "blobs/walk.h"
#include "input.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	OBJECT_MAX = 1 << 20,
	CACHE = 1 << 12 /* small, so that it overflows */
};

struct visit {
	struct ks_oid oid;
	uint64_t hash;
};

struct visits {
	struct visit *list;
	size_t count;
	size_t cap;
	size_t declined;
};

static int on_object(void *payload, unsigned worker,
	const struct ks_object *object, struct ks_err *err)
{
	struct visits *visits = payload;

	(void)worker;
	(void)err;
	if (object->is_repeated)
		return KS_OK;
	fuzz_require(
		ks_array_reserve(&visits->list, &visits->cap, visits->count + 1,
			sizeof(*visits->list)) == KS_OK);
	visits->list[visits->count++] = (struct visit){ object->oid,
		ks_hash64(object->bytes, object->type) };
	return KS_OK;
}

static int on_declined(void *payload, unsigned worker, const struct ks_oid *oid,
	const struct ks_err *why, struct ks_err *err)
{
	struct visits *visits = payload;

	(void)worker;
	(void)oid;
	(void)err;
	fuzz_require(why->code < 0 && why->message[0]);
	visits->declined++;
	return KS_OK;
}

static void on_skip(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	(void)path;
	fuzz_require(why->code < 0 && why->message[0]);
}

static void read_again(const struct ks_store *store, struct visits *visits)
{
	struct ks_reader *reader;
	struct ks_err err;

	fuzz_require(ks_reader_new(&reader, store, CACHE, 0, &err) == KS_OK);
	for (size_t i = 0; i < visits->count; i++) {
		enum ks_object_type type;
		struct ks_span bytes;

		fuzz_require(ks_reader_read(reader, &visits->list[i].oid,
				     OBJECT_MAX, &type, &bytes, &err) == KS_OK);
		fuzz_require(ks_hash64(bytes, type) == visits->list[i].hash);
	}
	ks_reader_free(reader);
}

static void walk(const char *dir)
{
	struct visits visits = { 0 };
	const struct ks_visitor visitor = { .object = on_object,
		.declined = on_declined,
		.payload = &visits,
		.max_object = OBJECT_MAX };
	struct ks_store store;
	struct ks_err err;

	fuzz_require(ks_store_open(&store, &dir, 1, KS_OID_SHA1, on_skip, NULL,
			     &err) == KS_OK);
	fuzz_require(ks_walk(&store, 1, &visitor, &err) == KS_OK);
	fuzz_require(visits.count + visits.declined == store.object_count);
	read_again(&store, &visits);
	ks_store_close(&store);
	free(visits.list);
}

void fuzz_store_check(struct test_pack *pack, int idx_version)
{
	char dir[64];
	char path[96];

	/* One a process, not one an input: making folders is slow. */
	snprintf(dir, sizeof(dir), "/dev/shm/keysieve-fuzz-%d", (int)getpid());
	test_pack_write(pack, dir, "x", idx_version);
	walk(dir);
	for (int i = 0; i < 4; i++) {
		static const char *const names[] = { "/pack/pack-x.pack",
			"/pack/pack-x.idx", "/pack", "" };

		snprintf(path, sizeof(path), "%s%s", dir, names[i]);
		remove(path);
	}
	test_pack_release(pack);
}
