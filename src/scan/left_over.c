/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that only packs have which cannot be opened. */
#include "scan/left_over.h"

struct naming {
	struct ks_gather *gather;
	struct ks_oidmap named;
};

static int name_objects(
	struct naming *naming, const struct ks_pack_index *index)
{
	struct ks_gather *gather = naming->gather;
	int rc = KS_OK;

	for (uint32_t i = 0; rc == KS_OK && i < index->count; i++) {
		struct ks_oid oid = ks_oid_of(
			ks_pack_index_id(index, i), index->hash_bytes);
		size_t before = naming->named.count;

		if (ks_store_has(&gather->store, &oid))
			continue;
		rc = ks_oidmap_add(&naming->named, &oid, 0, NULL);
		if (rc == KS_OK && naming->named.count > before)
			rc = ks_skips_add(&gather->skips, KS_SKIP_UNREADABLE,
				NULL, &oid, "its pack cannot be opened", NULL);
	}
	return rc;
}

static int take_pack(void *payload, const char *path, struct ks_err *err)
{
	struct naming *naming = payload;
	struct ks_pack_index index = { .count = 0 };
	struct ks_buf name = { 0 };
	int stem = (int)(strlen(path) - strlen(".pack"));
	int rc = KS_E_NOMEM;

	if (ks_buf_printf(&name, "%.*s.idx", stem, path) == KS_OK &&
		ks_buf_str(&name)) {
		rc = ks_pack_index_open(&index, (const char *)name.p,
			naming->gather->hash_bytes, NULL);
		rc = rc < 0 ? KS_OK : name_objects(naming, &index);
	}
	ks_pack_index_close(&index);
	ks_buf_release(&name);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static void pass_over(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	(void)path;
	(void)why;
}

int ks_left_over_name(struct ks_gather *gather, struct ks_err *err)
{
	const struct ks_store *store = &gather->store;
	struct naming naming = { .gather = gather };
	struct ks_pack_files files = {
		.pack = take_pack, .skip = pass_over, .payload = &naming
	};
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < store->dir_count; i++)
		rc = ks_pack_files_each(store->dirs[i], &files, err);
	ks_oidmap_release(&naming.named);
	return rc;
}
