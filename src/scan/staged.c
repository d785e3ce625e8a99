/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning what is staged. */
#include "base/array.h"
#include "scan/known.h"
#include "scan/result.h"
#include "scan/staging.h"
#include "source/layout.h"
#include "source/ref_files.h"

#include <keysieve/scan.h>
#include <stdlib.h>

enum {
	READER_CACHE = 16 << 20, /* bytes */
	COMMIT_MAX = 64 << 20    /* bytes */
};

/* One scan of the index. */
struct committing {
	struct ks_layout layout;
	struct ks_index index;
	struct ks_store store;
	struct ks_reader *reader;
	struct ks_oid head; /* tree */
	bool has_head;
	struct ks_oid *merged; /* trees */
	size_t merged_count;
	size_t merged_cap;
};

static void pass_over(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	(void)path;
	(void)why;
}

static int open_store(struct committing *committing, struct ks_err *err)
{
	const struct ks_layout *layout = &committing->layout;
	/* An object that is missed is told when it is to be read. */
	int rc = ks_store_open_unlisted(&committing->store,
		(const char *const *)layout->objects.list,
		layout->objects.count, layout->hash_bytes, pass_over, NULL,
		err);

	return rc == KS_OK
		       ? ks_reader_new(&committing->reader, &committing->store,
				 READER_CACHE, READER_CACHE, err)
		       : rc;
}

static int read_tree_of(struct committing *committing,
	const struct ks_oid *commit, struct ks_oid *tree, struct ks_err *err)
{
	struct ks_commits one = { .hash_bytes = committing->layout.hash_bytes };
	char hex[KS_OID_HEX_MAX];
	enum ks_object_type type;
	struct ks_span bytes;
	int rc = ks_reader_read(
		committing->reader, commit, COMMIT_MAX, &type, &bytes, err);

	if (rc == KS_OK)
		rc = ks_commits_add(&one, commit, bytes, err);
	if (rc == KS_OK)
		*tree = one.list[0].tree;
	ks_commits_release(&one);
	if (rc < 0) {
		ks_oid_hex(commit, committing->layout.hash_bytes, hex);
		ks_err_wrap(err, "cannot read %s", hex);
	}
	return rc;
}

static int find_head(struct committing *committing, struct ks_err *err)
{
	const struct ks_layout *layout = &committing->layout;
	struct ks_oid commit;
	int rc;

	if (layout->has_reftable)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"refs in the format reftable cannot be read yet");
	rc = ks_ref_files_resolve(&commit, layout->git_dir, layout->common,
		"HEAD", layout->hash_bytes, err);
	if (rc == KS_E_NOTFOUND)
		return KS_OK;
	if (rc == KS_OK)
		rc = read_tree_of(committing, &commit, &committing->head, err);
	committing->has_head = rc == KS_OK;
	return rc;
}

/* MERGE_HEAD names, one a line, the commits that are being merged. */
static int find_merged(struct committing *committing, struct ks_err *err)
{
	const struct ks_layout *layout = &committing->layout;
	size_t digits = 2 * layout->hash_bytes;
	struct ks_buf path = { 0 };
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	if (ks_buf_printf(&path, "%sMERGE_HEAD", layout->git_dir) < 0 ||
		!ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	else if (ks_buf_read_file(&text, (const char *)path.p, NULL) < 0)
		text.n = 0;
	for (size_t at = 0; rc == KS_OK && at + digits <= text.n;
		at += digits + 1) {
		struct ks_oid commit;
		struct ks_oid tree;

		if (!ks_oid_parse(&commit, (const char *)text.p + at,
			    layout->hash_bytes))
			break;
		rc = read_tree_of(committing, &commit, &tree, err);
		if (rc == KS_OK &&
			ks_array_reserve(&committing->merged,
				&committing->merged_cap,
				committing->merged_count + 1, sizeof(tree)) < 0)
			rc = ks_fail_nomem(err);
		if (rc == KS_OK)
			committing->merged[committing->merged_count++] = tree;
	}
	ks_buf_release(&path);
	ks_buf_release(&text);
	return rc;
}

static int scan_file(struct ks_gather *gather, struct ks_reader *reader,
	const struct ks_staged *file, struct ks_err *err)
{
	enum ks_object_type type;
	struct ks_span bytes;
	struct ks_err why = { 0 };
	struct ks_oid none = { { 0 } };
	int rc = ks_reader_read(reader, &file->oid,
		ks_gather_object_max(gather->options), &type, &bytes, &why);

	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc < 0)
		return ks_skips_add(&gather->skips,
			rc == KS_E_LIMIT ? KS_SKIP_TOO_LARGE
					 : KS_SKIP_UNREADABLE,
			file->path, NULL, why.message, err);
	rc = ks_worker_staged(
		&gather->workers[0], &file->oid, file->path, bytes, err);
	return rc == KS_OK ? ks_worker_name(&gather->workers[0], &none,
				     file->path, err)
			   : rc;
}

static int scan_files(struct committing *committing, struct ks_gather *gather,
	const struct ks_staging *staging, struct ks_err *err)
{
	const volatile int *cancel = gather->options->cancel;
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < staging->count; i++) {
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		rc = scan_file(
			gather, committing->reader, &staging->list[i], err);
	}
	if (rc == KS_OK)
		rc = ks_gather_merge(gather, err);
	if (rc == KS_OK && ks_gather_wants_any(gather))
		rc = ks_known_drop_those_in(gather, committing->reader,
			staging->before, staging->before_count, err);
	return rc;
}

static int scan_index(struct committing *committing,
	const struct ks_scan_options *options, struct ks_result **out,
	struct ks_err *err)
{
	struct ks_staging staging = { .reader = committing->reader,
		.index = &committing->index,
		.head = committing->has_head ? &committing->head : NULL,
		.merged = committing->merged,
		.merged_count = committing->merged_count };
	struct ks_gather gather = { 0 };
	int rc = ks_gather_begin(&gather, "the index", options, 1,
		committing->layout.hash_bytes, err);

	gather.store = committing->store;
	if (rc == KS_OK)
		rc = ks_staging_find(&staging, err);
	if (rc == KS_OK)
		rc = scan_files(committing, &gather, &staging, err);
	if (rc == KS_OK)
		rc = ks_result_make(out, &gather, err);
	/* The store outlives this. */
	gather.store = (struct ks_store){ 0 };
	ks_gather_release(&gather);
	ks_staging_release(&staging);
	return rc;
}

int ks_scan_staged(struct ks_result **out, const char *path,
	const struct ks_scan_options *options, struct ks_err *err)
{
	struct committing committing = { .has_head = false };
	int rc = ks_layout_find(&committing.layout, path, err);

	*out = NULL;
	if (rc == KS_OK) {
		rc = ks_index_open(&committing.index, committing.layout.index,
			committing.layout.hash_bytes, err);
		/* None: nothing was ever staged. */
		if (rc == KS_E_NOTFOUND)
			rc = KS_OK;
	}
	if (rc == KS_OK)
		rc = open_store(&committing, err);
	if (rc == KS_OK)
		rc = find_head(&committing, err);
	if (rc == KS_OK)
		rc = find_merged(&committing, err);
	if (rc == KS_OK)
		rc = scan_index(&committing, options, out, err);
	ks_reader_free(committing.reader);
	ks_store_close(&committing.store);
	ks_index_close(&committing.index);
	ks_layout_release(&committing.layout);
	free(committing.merged);
	return rc;
}
