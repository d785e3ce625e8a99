/* SPDX-License-Identifier: Apache-2.0 */
/* All objects of a repository: the packs and loose objects of its folders. */
#include "blobs/store.h"

#include "base/array.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct opening {
	struct ks_store *store;
	size_t pack_cap;
	ks_store_skip_fn skip;
	void *payload;
};

static bool is_pack(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strncmp(name, "pack-", 5) == 0 &&
	       strcmp(name + n - 5, ".pack") == 0;
}

static int open_pack(
	struct opening *opening, const char *path, struct ks_err *err)
{
	struct ks_store *store = opening->store;
	struct ks_err why = { 0 };
	struct ks_pack *pack;

	if (ks_array_reserve(&store->packs, &opening->pack_cap,
		    store->pack_count + 1, sizeof(*store->packs)) < 0)
		return ks_fail_nomem(err);
	pack = &store->packs[store->pack_count];
	if (ks_pack_open(pack, path, store->hash_bytes, &why) < 0) {
		if (why.code == KS_E_NOMEM)
			return ks_fail_nomem(err);
		opening->skip(opening->payload, path, &why);
		return KS_OK;
	}
	store->pack_count++;
	return KS_OK;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* By name, so that the order of packs is the same on every machine. */
static int open_packs(
	struct opening *opening, const char *dir, struct ks_err *err)
{
	char path[4096];
	struct dirent **names;
	int count;
	int rc = KS_OK;

	snprintf(path, sizeof(path), "%s/pack", dir);
	count = scandir(path, &names, NULL, compare_names);
	if (count < 0 && errno == ENOENT)
		return KS_OK;
	if (count < 0) {
		struct ks_err why;

		ks_fail_errno(&why, errno, "cannot list it");
		opening->skip(opening->payload, path, &why);
		return KS_OK;
	}
	for (int i = 0; i < count; i++) {
		if (rc == KS_OK && is_pack(names[i]->d_name)) {
			snprintf(path, sizeof(path), "%s/pack/%s", dir,
				names[i]->d_name);
			rc = open_pack(opening, path, err);
		}
		free(names[i]);
	}
	free(names);
	return rc;
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

int ks_store_open(struct ks_store *store, const char *const *dirs, size_t count,
	size_t hash_bytes, ks_store_skip_fn skip, void *payload,
	struct ks_err *err)
{
	struct opening opening = {
		.store = store, .skip = skip, .payload = payload
	};
	int rc = KS_OK;

	*store = (struct ks_store){
		.dirs = dirs, .dir_count = count, .hash_bytes = hash_bytes
	};
	for (size_t i = 0; i < count && rc == KS_OK; i++) {
		struct ks_err why = { 0 };

		rc = open_packs(&opening, dirs[i], err);
		if (rc == KS_OK && ks_loose_find(&store->loose, dirs[i],
					   (uint32_t)i, hash_bytes, &why) < 0)
			skip(payload, dirs[i], &why);
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

void ks_store_close(struct ks_store *store)
{
	for (size_t i = 0; i < store->pack_count; i++)
		ks_pack_close(&store->packs[i]);
	free(store->packs);
	ks_loose_release(&store->loose);
	*store = (struct ks_store){ 0 };
}
