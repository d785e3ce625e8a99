/* SPDX-License-Identifier: Apache-2.0 */
/* All files below a tree, as the index would list them. */
#include "scan/unfold.h"

#include "base/array.h"
#include "blobs/tree.h"

#include <stdlib.h>

enum {
	TREE_MAX = 256 << 20,  /* bytes */
	BYTES_MAX = 512 << 20, /* of trees open at once */
	DEPTH_MAX = 4096       /* folders within folders */
};

/* A folder that is open. */
struct folder {
	struct ks_buf tree;
	struct ks_tree_iter iter;
	size_t path; /* bytes of "a/b/" */
};

struct walk {
	const struct ks_unfold *unfold;
	struct folder *folders;
	size_t count;
	size_t cap;
	size_t bytes;
	struct ks_buf path;
};

static int open_folder(
	struct walk *walk, const struct ks_oid *oid, struct ks_err *err)
{
	const struct ks_unfold *unfold = walk->unfold;
	enum ks_object_type type;
	struct folder *folder;
	struct ks_span bytes;
	char hex[KS_OID_HEX_MAX];
	int rc = ks_reader_read(
		unfold->reader, oid, TREE_MAX, &type, &bytes, err);

	if (rc == KS_OK && type != KS_OBJECT_TREE)
		rc = ks_fail(err, KS_E_CORRUPT, "it is no tree");
	if (rc == KS_OK &&
		(walk->count == DEPTH_MAX || walk->bytes + bytes.n > BYTES_MAX))
		rc = ks_fail(err, KS_E_LIMIT, "it lies too deep");
	if (rc < 0) {
		ks_oid_hex(oid, unfold->hash_bytes, hex);
		ks_err_wrap(err, "cannot read %s", hex);
		return rc;
	}
	if (ks_array_reserve(&walk->folders, &walk->cap, walk->count + 1,
		    sizeof(*walk->folders)) < 0)
		return ks_fail_nomem(err);
	folder = &walk->folders[walk->count++];
	*folder = (struct folder){ .path = walk->path.n };
	if (ks_buf_add(&folder->tree, bytes.p, bytes.n) < 0)
		return ks_fail_nomem(err);
	walk->bytes += bytes.n;
	folder->iter =
		ks_tree_iter_of(ks_buf_span(&folder->tree), unfold->hash_bytes);
	return KS_OK;
}

static void close_folder(struct walk *walk)
{
	struct folder *folder = &walk->folders[--walk->count];

	walk->bytes -= folder->tree.n;
	ks_buf_release(&folder->tree);
}

static int take(
	struct walk *walk, const struct ks_tree_entry *from, struct ks_err *err)
{
	struct ks_index_entry entry = {
		.oid = ks_oid_of(from->id, walk->unfold->hash_bytes),
		.mode = from->mode,
	};

	walk->path.n = walk->folders[walk->count - 1].path;
	if (ks_buf_add(&walk->path, from->name.p, from->name.n) < 0)
		return ks_fail_nomem(err);
	if (ks_tree_entry_is_tree(from))
		return ks_buf_add_byte(&walk->path, '/') < 0
			       ? ks_fail_nomem(err)
			       : open_folder(walk, &entry.oid, err);
	entry.path = ks_buf_span(&walk->path);
	return walk->unfold->each(walk->unfold->payload, &entry, err);
}

int ks_unfold_tree(const struct ks_unfold *unfold, const struct ks_oid *tree,
	struct ks_span path, struct ks_err *err)
{
	struct walk walk = { .unfold = unfold };
	struct ks_tree_entry entry;
	int rc = ks_buf_add(&walk.path, path.p, path.n) < 0
			 ? ks_fail_nomem(err)
			 : open_folder(&walk, tree, err);

	while (rc == KS_OK && walk.count) {
		int got = ks_tree_next(
			&walk.folders[walk.count - 1].iter, &entry);

		if (got < 0)
			rc = ks_fail(err, KS_E_CORRUPT, "a tree is corrupt");
		else if (got == 0)
			close_folder(&walk);
		else
			rc = take(&walk, &entry, err);
	}
	while (walk.count)
		close_folder(&walk);
	free(walk.folders);
	ks_buf_release(&walk.path);
	return rc;
}
