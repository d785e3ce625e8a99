/* SPDX-License-Identifier: Apache-2.0 */
/* What HEAD's tree has at a path. */
#include "org/head.h"

#include "blobs/tree.h"
#include "provenance/commits.h"
#include "source/ref_files.h"

#include <string.h>

enum {
	CACHE = 16 << 20,     /* bytes that the reader keeps */
	TREE_MAX = 256 << 20, /* bytes of a tree or a commit */
	DEPTH_MAX = 4096      /* folders in folders */
};

static void pass_over(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	(void)path;
	(void)why;
}

static int read_typed(struct ks_head *head, const struct ks_oid *oid,
	enum ks_object_type wanted, uint64_t limit, struct ks_span *bytes,
	struct ks_err *err)
{
	enum ks_object_type type;
	int rc = ks_reader_read(head->reader, oid, limit, &type, bytes, err);

	/* What others name and is not there is damage. */
	if (rc == KS_E_NOTFOUND)
		return err->code = KS_E_CORRUPT;
	if (rc == KS_OK && type != wanted)
		return ks_fail(err, KS_E_CORRUPT, "a %s where a %s has to be",
			ks_object_type_name(type), ks_object_type_name(wanted));
	return rc;
}

static int find_tree(struct ks_head *head, const struct ks_layout *layout,
	struct ks_err *err)
{
	struct ks_commits commits = { .hash_bytes = layout->hash_bytes };
	struct ks_span raw;
	struct ks_oid oid;
	int rc = ks_ref_files_resolve(&oid, layout->git_dir, layout->common,
		"HEAD", layout->hash_bytes, err);

	head->is_unborn = rc == KS_E_NOTFOUND;
	if (rc < 0)
		return head->is_unborn ? KS_OK : rc;
	rc = read_typed(head, &oid, KS_OBJECT_COMMIT, TREE_MAX, &raw, err);
	if (rc == KS_OK)
		rc = ks_commits_add(&commits, &oid, raw, err);
	if (rc == KS_OK)
		head->tree = commits.list[0].tree;
	ks_commits_release(&commits);
	return rc;
}

int ks_head_open(struct ks_head *head, const struct ks_layout *layout,
	struct ks_err *err)
{
	int rc = ks_store_open_unlisted(&head->store,
		(const char *const *)layout->objects.list,
		layout->objects.count, layout->hash_bytes, pass_over, NULL,
		err);

	head->hash_bytes = layout->hash_bytes;
	if (rc == KS_OK)
		rc = ks_reader_new(
			&head->reader, &head->store, CACHE, CACHE, err);
	return rc == KS_OK ? find_tree(head, layout, err) : rc;
}

/* The entry ${name} of the tree ${oid}, to ${oid}. */
static int step(struct ks_head *head, struct ks_span name, bool is_last,
	struct ks_oid *oid, struct ks_err *err)
{
	struct ks_tree_entry entry;
	struct ks_tree_iter iter;
	struct ks_span raw;
	int rc = read_typed(head, oid, KS_OBJECT_TREE, TREE_MAX, &raw, err);

	if (rc < 0)
		return rc;
	iter = ks_tree_iter_of(raw, head->hash_bytes);
	while ((rc = ks_tree_next(&iter, &entry)) > 0) {
		if (entry.name.n != name.n ||
			memcmp(entry.name.p, name.p, name.n) != 0)
			continue;
		if (ks_tree_entry_is_tree(&entry) == is_last ||
			(entry.mode & KS_MODE_TYPE) == KS_MODE_GITLINK)
			return KS_E_NOTFOUND;
		*oid = ks_oid_of(entry.id, head->hash_bytes);
		return KS_OK;
	}
	return rc < 0 ? ks_fail(err, rc, "HEAD has a damaged tree")
		      : KS_E_NOTFOUND;
}

static int find(struct ks_head *head, struct ks_span path, struct ks_oid *out,
	struct ks_err *err)
{
	int rc = KS_OK;

	*out = head->tree;
	for (int depth = 0; rc == KS_OK && depth < DEPTH_MAX; depth++) {
		const uint8_t *slash =
			path.n ? memchr(path.p, '/', path.n) : NULL;
		size_t n = slash ? (size_t)(slash - path.p) : path.n;

		if (n == 0)
			return KS_E_NOTFOUND;
		rc = step(head, ks_span_of(path.p, n), !slash, out, err);
		if (rc < 0 || !slash)
			return rc;
		path = ks_span_of(slash + 1, path.n - n - 1);
	}
	return rc < 0 ? rc : KS_E_NOTFOUND;
}

int ks_head_find(struct ks_head *head, const char *path, struct ks_oid *out,
	struct ks_err *err)
{
	const char *inside = strstr(path, "!/");
	int rc = KS_E_NOTFOUND;

	if (!head->is_unborn)
		rc = find(head, ks_span_str(path), out, err);
	if (rc == KS_E_NOTFOUND && inside && !head->is_unborn)
		rc = find(head, ks_span_of(path, (size_t)(inside - path)), out,
			err);
	return rc;
}

int ks_head_read(struct ks_head *head, const struct ks_oid *oid, uint64_t limit,
	struct ks_span *bytes, struct ks_err *err)
{
	return read_typed(head, oid, KS_OBJECT_BLOB, limit, bytes, err);
}

void ks_head_release(struct ks_head *head)
{
	ks_reader_free(head->reader);
	ks_store_close(&head->store);
	*head = (struct ks_head){ .hash_bytes = 0 };
}
