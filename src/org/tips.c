/* SPDX-License-Identifier: Apache-2.0 */
/* What a repository's refs lead to now, and what they led to before. */
#include "org/tips.h"

#include "base/sha256.h"
#include "blobs/reader.h"
#include "provenance/commit_range.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	READER_CACHE = 16 << 20 /* bytes */
};

/* Git looks in the folders above, too: those are other repositories. */
static int check_place(
	const struct ks_layout *layout, const char *path, struct ks_err *err)
{
	char real[PATH_MAX];
	size_t n;

	if (!realpath(path, real))
		return ks_fail_errno(err, errno, "cannot open '%s'", path);
	n = strlen(real);
	if (strncmp(layout->git_dir, real, n) == 0 && layout->git_dir[n] == '/')
		return KS_OK;
	if (layout->work && strncmp(layout->work, real, n) == 0 &&
		strcmp(layout->work + n, "/") == 0)
		return KS_OK;
	return ks_fail(err, KS_E_REPO,
		"'%s' is no git repository, or a damaged one", path);
}

static int by_name(const void *a, const void *b)
{
	const struct ks_ref *left = a;
	const struct ks_ref *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : memcmp(&left->oid, &right->oid, KS_OID_MAX);
}

static int by_text(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;

	return strcmp(*left, *right);
}

/* In the order of names, as what files come in is chance. */
static void digest(struct ks_tips *tips)
{
	uint8_t bytes[KS_SHA256_BYTES];
	struct ks_sha256 hash;
	struct ks_oid sum;

	ks_sha256_init(&hash);
	for (size_t i = 0; i < tips->refs.out.count; i++) {
		const struct ks_ref *ref = &tips->refs.list[i];

		ks_sha256_update(&hash, ref->name, strlen(ref->name) + 1);
		ks_sha256_update(&hash, ref->oid.id, KS_OID_MAX);
	}
	for (size_t i = 0; i < tips->refs.out.broken_count; i++)
		ks_sha256_update(&hash, tips->refs.broken[i],
			strlen(tips->refs.broken[i]) + 1);
	ks_sha256_final(&hash, bytes);
	sum = ks_oid_of(bytes, KS_SHA256_BYTES);
	ks_oid_hex(&sum, KS_SHA256_BYTES, tips->digest);
}

static int list_ids(struct ks_tips *tips, struct ks_err *err)
{
	size_t count = tips->refs.out.count;
	size_t kept = 0;

	tips->hex = ks_arena_array(&tips->arena, count + 1, sizeof(char *));
	if (!tips->hex)
		return ks_fail_nomem(err);
	for (size_t i = 0; i < count; i++) {
		char hex[KS_OID_HEX_MAX];

		ks_oid_hex(
			&tips->refs.list[i].oid, tips->layout.hash_bytes, hex);
		tips->hex[i] = ks_arena_copy(&tips->arena, ks_span_str(hex));
		if (!tips->hex[i])
			return ks_fail_nomem(err);
	}
	if (count)
		qsort(tips->hex, count, sizeof(*tips->hex), by_text);
	for (size_t i = 0; i < count; i++) {
		if (!kept || strcmp(tips->hex[kept - 1], tips->hex[i]) != 0)
			tips->hex[kept++] = tips->hex[i];
	}
	tips->count = kept;
	return KS_OK;
}

int ks_tips_read(struct ks_tips *tips, const char *path, struct ks_err *err)
{
	int rc = ks_layout_find(&tips->layout, path, err);

	if (rc == KS_OK)
		rc = check_place(&tips->layout, path, err);
	if (rc == KS_OK && tips->layout.has_reftable)
		rc = ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' has its refs in a reftable, which cannot be read "
			"yet: 'git refs migrate --ref-format=files'",
			path);
	if (rc == KS_OK)
		rc = ks_refs_read(
			&tips->refs, &tips->layout, &tips->arena, err);
	if (rc < 0)
		return rc;
	if (tips->refs.out.count)
		qsort(tips->refs.list, tips->refs.out.count,
			sizeof(*tips->refs.list), by_name);
	digest(tips);
	return list_ids(tips, err);
}

static bool is_now(const struct ks_tips *tips, const char *hex)
{
	return tips->count && bsearch(&hex, tips->hex, tips->count,
				      sizeof(*tips->hex), by_text);
}

static int take_old(void *payload, const char *hex, struct ks_err *err)
{
	struct ks_tips *tips = payload;
	struct ks_oid oid;

	if (strlen(hex) != 2 * tips->layout.hash_bytes ||
		!ks_oid_parse(&oid, hex, tips->layout.hash_bytes))
		return ks_fail(err, KS_E_CORRUPT,
			"the store has an object id that is none: '%.80s'",
			hex);
	if (ks_oids_add(is_now(tips, hex) ? &tips->stayed : &tips->left, &oid) <
		0)
		return ks_fail_nomem(err);
	return KS_OK;
}

static int by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct ks_oid));
}

int ks_tips_compare(struct ks_tips *tips, struct ks_state *state,
	int64_t repository, struct ks_err *err)
{
	struct ks_oids *stayed = &tips->stayed;
	int rc = ks_state_tips(state, repository, take_old, tips, err);

	if (rc == KS_OK && stayed->count)
		qsort(stayed->list, stayed->count, sizeof(*stayed->list),
			by_id);
	for (size_t i = 0; rc == KS_OK && i < tips->count; i++) {
		struct ks_oid oid;

		if (!ks_oid_parse(
			    &oid, tips->hex[i], tips->layout.hash_bytes) ||
			(stayed->count &&
				bsearch(&oid, stayed->list, stayed->count,
					sizeof(oid), by_id)))
			continue;
		rc = ks_oids_add(&tips->fresh, &oid);
		if (rc < 0)
			ks_fail_nomem(err);
	}
	return rc;
}

static void pass_over(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	(void)path;
	(void)why;
}

int ks_tips_have_grown(struct ks_tips *tips, const volatile int *cancel,
	bool *have_grown, struct ks_err *err)
{
	const struct ks_layout *layout = &tips->layout;
	struct ks_commit_range range = { 0 };
	struct ks_commit_range_input input = {
		.hash_bytes = layout->hash_bytes,
		.tips = tips->left.list,
		.tip_count = tips->left.count,
		.hidden = tips->fresh.list,
		.hidden_count = tips->fresh.count,
		.known = tips->stayed.list,
		.known_count = tips->stayed.count,
		.cuts = layout->shallow,
		.cut_count = layout->shallow_count,
		.is_exact = true,
		.cancel = cancel,
	};
	struct ks_store store = { 0 };
	int rc;

	*have_grown = tips->left.count == 0;
	if (*have_grown)
		return KS_OK;
	rc = ks_store_open_unlisted(&store,
		(const char *const *)layout->objects.list,
		layout->objects.count, layout->hash_bytes, pass_over, NULL,
		err);

	if (rc == KS_OK)
		rc = ks_reader_new(
			&input.reader, &store, READER_CACHE, READER_CACHE, err);
	if (rc == KS_OK)
		rc = ks_commit_range_find(&range, &input, err);
	*have_grown = rc == KS_OK && !range.count && !range.tag_count &&
		      !range.tree_count && !range.blob_count;
	ks_commit_range_release(&range);
	ks_reader_free(input.reader);
	ks_store_close(&store);
	return rc == KS_E_INTERRUPTED || rc == KS_E_NOMEM ? rc : KS_OK;
}

void ks_tips_release(struct ks_tips *tips)
{
	ks_layout_release(&tips->layout);
	ks_refs_release(&tips->refs);
	ks_arena_release(&tips->arena);
	free(tips->fresh.list);
	free(tips->left.list);
	free(tips->stayed.list);
	*tips = (struct ks_tips){ .count = 0 };
}
