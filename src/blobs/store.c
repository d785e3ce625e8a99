/* SPDX-License-Identifier: Apache-2.0 */
/* All objects of a repository: the packs and loose objects of its folders. */
#include "blobs/store.h"

#include "base/array.h"

#include <stdlib.h>

struct opening {
	struct ks_store *store;
	size_t pack_cap;
	ks_store_skip_fn skip;
	void *payload;
	int (*open)(struct ks_pack *pack, const char *path, size_t hash_bytes,
		struct ks_err *err);
};

/* An index may hide some of what its pack holds; git refuses such a pack. */
static void check_count(
	const struct opening *opening, const struct ks_pack *pack)
{
	struct ks_err why = { 0 };
	uint32_t claimed = ks_pack_claimed(pack);

	if (claimed == pack->index.count)
		return;
	ks_fail(&why, KS_E_CORRUPT,
		"it says that it holds %u objects, its index lists %u", claimed,
		pack->index.count);
	opening->skip(opening->payload, pack->path, &why);
}

static int open_pack(void *payload, const char *path, struct ks_err *err)
{
	struct opening *opening = payload;
	struct ks_store *store = opening->store;
	struct ks_err why = { 0 };
	struct ks_pack *pack;

	if (ks_array_reserve(&store->packs, &opening->pack_cap,
		    store->pack_count + 1, sizeof(*store->packs)) < 0)
		return ks_fail_nomem(err);
	pack = &store->packs[store->pack_count];
	if (opening->open(pack, path, store->hash_bytes, &why) < 0) {
		if (why.code == KS_E_NOMEM)
			return ks_fail_nomem(err);
		opening->skip(opening->payload, path, &why);
		return KS_OK;
	}
	check_count(opening, pack);
	store->pack_count++;
	return KS_OK;
}

static void pass_on(void *payload, const char *path, const struct ks_err *why)
{
	const struct opening *opening = payload;

	opening->skip(opening->payload, path, why);
}

static bool is_packed(const struct ks_store *store, const struct ks_oid *oid)
{
	for (size_t i = 0; i < store->pack_count; i++) {
		if (ks_pack_index_find(&store->packs[i].index, oid->id) !=
			UINT32_MAX)
			return true;
	}
	return false;
}

/* Drop the loose objects that are packed, or in a folder before. */
static void drop_repeated(struct ks_store *store)
{
	struct ks_loose *list = store->loose.list;
	size_t kept = 0;

	for (size_t i = 0; i < store->loose.count; i++) {
		if (kept && ks_oid_eq(&list[kept - 1].oid, &list[i].oid))
			continue;
		if (!is_packed(store, &list[i].oid))
			list[kept++] = list[i];
	}
	store->loose.count = kept;
}

static void mark_repeated(struct ks_store *store)
{
	for (size_t i = 1; i < store->pack_count; i++) {
		for (size_t j = 0; j < i; j++)
			ks_pack_mark_repeated(
				&store->packs[i], &store->packs[j]);
	}
}

static uint64_t count_objects(const struct ks_store *store)
{
	uint64_t count = store->loose.count;

	for (size_t i = 0; i < store->pack_count; i++) {
		const struct ks_pack *pack = &store->packs[i];

		for (uint32_t at = 0; at < pack->count; at++)
			count += !ks_pack_is_repeated(pack, at);
	}
	return count;
}

static void tell_temporary(
	const struct opening *opening, const char *dir, size_t count)
{
	struct ks_err why = { 0 };

	if (count == 0)
		return;
	ks_fail(&why, KS_E_INTERRUPTED,
		"%zu temporary file%s of a git that still runs or was stopped; "
		"'git gc' removes old ones",
		count, count == 1 ? "" : "s");
	opening->skip(opening->payload, dir, &why);
}

static void tell_foreign(
	const struct opening *opening, const char *dir, size_t count)
{
	struct ks_err why = { 0 };

	if (count == 0)
		return;
	ks_fail(&why, KS_E_UNSUPPORTED,
		"%zu loose object%s named by %s, as the others are not", count,
		count == 1 ? " is" : "s are",
		opening->store->hash_bytes == KS_OID_SHA1 ? "SHA-256"
							  : "SHA-1");
	opening->skip(opening->payload, dir, &why);
}

/* The packs and loose objects of the objects folder ${i}. */
static int open_folder(struct opening *opening, uint32_t i, struct ks_err *err)
{
	struct ks_store *store = opening->store;
	const char *dir = store->dirs[i];
	struct ks_pack_files files = {
		.pack = open_pack, .skip = pass_on, .payload = opening
	};
	struct ks_err why = { 0 };
	int rc = ks_pack_files_each(dir, &files, err);

	if (rc < 0)
		return rc;
	store->loose.temporary = files.temporary;
	store->loose.foreign = 0;
	rc = ks_loose_find(&store->loose, dir, i, store->hash_bytes, &why);
	if (rc < 0)
		opening->skip(opening->payload, dir, &why);
	tell_temporary(opening, dir, store->loose.temporary);
	tell_foreign(opening, dir, store->loose.foreign);
	return KS_OK;
}

int ks_store_open(struct ks_store *store, const char *const *dirs, size_t count,
	size_t hash_bytes, ks_store_skip_fn skip, void *payload,
	struct ks_err *err)
{
	struct opening opening = { .store = store,
		.skip = skip,
		.payload = payload,
		.open = ks_pack_open };
	int rc = KS_OK;

	*store = (struct ks_store){
		.dirs = dirs, .dir_count = count, .hash_bytes = hash_bytes
	};
	for (size_t i = 0; i < count && rc == KS_OK; i++) {
		rc = open_folder(&opening, (uint32_t)i, err);
	}
	if (rc < 0) {
		ks_store_close(store);
		return rc;
	}
	mark_repeated(store);
	drop_repeated(store);
	store->object_count = count_objects(store);
	return KS_OK;
}

int ks_store_open_unlisted(struct ks_store *store, const char *const *dirs,
	size_t count, size_t hash_bytes, ks_store_skip_fn skip, void *payload,
	struct ks_err *err)
{
	struct opening opening = { .store = store,
		.skip = skip,
		.payload = payload,
		.open = ks_pack_map };
	struct ks_pack_files files = {
		.pack = open_pack, .skip = pass_on, .payload = &opening
	};
	int rc = KS_OK;

	*store = (struct ks_store){
		.dirs = dirs, .dir_count = count, .hash_bytes = hash_bytes
	};
	for (size_t i = 0; i < count && rc == KS_OK; i++)
		rc = ks_pack_files_each(dirs[i], &files, err);
	if (rc < 0)
		ks_store_close(store);
	return rc;
}

const struct ks_loose *ks_store_find_loose(
	const struct ks_store *store, const struct ks_oid *oid)
{
	size_t low = 0;
	size_t high = store->loose.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ks_loose *loose = &store->loose.list[middle];
		int order = memcmp(oid->id, loose->oid.id, KS_OID_MAX);

		if (order == 0)
			return loose;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool ks_store_has(const struct ks_store *store, const struct ks_oid *oid)
{
	return is_packed(store, oid) || ks_store_find_loose(store, oid);
}

size_t ks_store_copies(const struct ks_store *store, const struct ks_oid *oid)
{
	size_t count = 0;

	for (size_t i = 0; i < store->pack_count; i++)
		count += ks_pack_index_find(&store->packs[i].index, oid->id) !=
			 UINT32_MAX;
	for (size_t i = 0; i < store->dir_count; i++)
		count += ks_loose_has(store->dirs[i], oid, store->hash_bytes);
	return count;
}

void ks_store_close(struct ks_store *store)
{
	for (size_t i = 0; i < store->pack_count; i++)
		ks_pack_close(&store->packs[i]);
	free(store->packs);
	ks_loose_release(&store->loose);
	*store = (struct ks_store){ 0 };
}
