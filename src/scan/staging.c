/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the index has that the last commit has not.
 *
 * The index lists files by their whole paths, in an order that trees keep to
 * as well. So both are gone through side by side: a stack holds the trees of
 * the folders that the present path lies in, each with its next entry. A
 * folder of which the index knows that it is still that tree is passed over.
 */
#include "scan/staging.h"

#include "base/array.h"
#include "blobs/tree.h"
#include "scan/unfold.h"

#include <stdlib.h>

enum {
	TREE_MAX = 256 << 20, /* bytes */
	DEPTH_MAX = 4096      /* folders within folders */
};

/* A folder on the way to the present path. */
struct level {
	size_t prefix; /* bytes of "a/b/" */
	bool is_same;  /* nothing in it has changed */
	struct ks_buf tree;
	struct ks_tree_iter iter;
	struct ks_tree_entry next;
	bool has_next;
};

struct walk {
	struct ks_staging *staging;
	struct level *levels;
	size_t count;
	size_t cap;
	struct ks_buf path; /* the present one's folder */
};

static int note_before(struct walk *walk, const struct ks_tree_entry *entry)
{
	struct ks_staging *staging = walk->staging;

	if (ks_tree_entry_is_tree(entry) ||
		(entry->mode & KS_MODE_TYPE) == KS_MODE_GITLINK)
		return KS_OK;
	if (ks_array_reserve(&staging->before, &staging->before_cap,
		    staging->before_count + 1, sizeof(*staging->before)) < 0)
		return KS_E_NOMEM;
	staging->before[staging->before_count++] =
		ks_oid_of(entry->id, staging->index->hash_bytes);
	return KS_OK;
}

static int advance(struct level *level, struct ks_err *err)
{
	int got = ks_tree_next(&level->iter, &level->next);

	level->has_next = got > 0;
	return got < 0 ? ks_fail(err, KS_E_CORRUPT, "a tree is corrupt")
		       : KS_OK;
}

static int open_tree(struct walk *walk, struct level *level,
	const struct ks_oid *oid, struct ks_err *err)
{
	enum ks_object_type type;
	struct ks_span bytes;
	char hex[KS_OID_HEX_MAX];
	int rc = ks_reader_read(
		walk->staging->reader, oid, TREE_MAX, &type, &bytes, err);

	if (rc == KS_OK && type != KS_OBJECT_TREE)
		rc = ks_fail(err, KS_E_CORRUPT, "it is no tree");
	if (rc < 0) {
		ks_oid_hex(oid, walk->staging->index->hash_bytes, hex);
		ks_err_wrap(err, "cannot read %s", hex);
		return rc;
	}
	if (ks_buf_add(&level->tree, bytes.p, bytes.n) < 0)
		return ks_fail_nomem(err);
	level->iter = ks_tree_iter_of(
		ks_buf_span(&level->tree), walk->staging->index->hash_bytes);
	return advance(level, err);
}

/* Enter the folder walk->path, whose tree in head is ${oid} (NULL: none). */
static int enter(
	struct walk *walk, const struct ks_oid *oid, struct ks_err *err)
{
	const char *path;
	const struct ks_oid *known;
	struct level *level;

	if (walk->count == DEPTH_MAX)
		return ks_fail(err, KS_E_LIMIT, "a path is too deep");
	path = ks_buf_str(&walk->path);
	if (!path || ks_array_reserve(&walk->levels, &walk->cap,
			     walk->count + 1, sizeof(*walk->levels)) < 0)
		return ks_fail_nomem(err);
	level = &walk->levels[walk->count++];
	*level = (struct level){ .prefix = walk->path.n +
					   (walk->path.n ? 1 : 0) };
	if (!oid)
		return KS_OK;
	known = ks_index_tree_of(walk->staging->index, path);
	level->is_same = known && ks_oid_eq(known, oid);
	return level->is_same ? KS_OK : open_tree(walk, level, oid, err);
}

/* What head has left in a folder that the index is through with is gone. */
static int leave(struct walk *walk, struct ks_err *err)
{
	struct level *level = &walk->levels[--walk->count];
	int rc = KS_OK;

	while (rc == KS_OK && level->has_next) {
		if (note_before(walk, &level->next) < 0)
			rc = ks_fail_nomem(err);
		else
			rc = advance(level, err);
	}
	ks_buf_release(&level->tree);
	return rc;
}

/* In trees, and in the index, a folder sorts as if it ended with '/'. */
static int compare(
	const struct ks_tree_entry *entry, struct ks_span name, bool is_folder)
{
	size_t n = entry->name.n < name.n ? entry->name.n : name.n;
	int order = memcmp(entry->name.p, name.p, n);
	unsigned left, right;

	if (order)
		return order;
	left = entry->name.n > n              ? entry->name.p[n]
	       : ks_tree_entry_is_tree(entry) ? '/'
					      : 0;
	right = name.n > n ? name.p[n] : is_folder ? '/' : 0;
	return left < right ? -1 : left > right;
}

/* Move on to ${name}; ${is_there}: it is level->next. */
static int seek(struct walk *walk, struct level *level, struct ks_span name,
	bool is_folder, bool *is_there, struct ks_err *err)
{
	int order = -1;

	while (level->has_next) {
		int rc;

		order = compare(&level->next, name, is_folder);
		if (order >= 0)
			break;
		if (note_before(walk, &level->next) < 0)
			return ks_fail_nomem(err);
		rc = advance(level, err);
		if (rc < 0)
			return rc;
	}
	*is_there = level->has_next && order == 0 &&
		    ks_tree_entry_is_tree(&level->next) == is_folder;
	return KS_OK;
}

static bool is_in(
	const struct walk *walk, const struct level *level, struct ks_span path)
{
	return path.n > level->prefix &&
	       (level->prefix == 0 ||
		       (walk->path.n >= level->prefix - 1 &&
			       memcmp(path.p, walk->path.p,
				       level->prefix - 1) == 0 &&
			       path.p[level->prefix - 1] == '/'));
}

/* Make the stack that of the folder of ${path}. */
static int go_to(struct walk *walk, struct ks_span path, struct ks_err *err)
{
	const uint8_t *slash;
	int rc = KS_OK;

	while (rc == KS_OK && walk->count > 1 &&
		!is_in(walk, &walk->levels[walk->count - 1], path))
		rc = leave(walk, err);
	while (rc == KS_OK) {
		struct level *level = &walk->levels[walk->count - 1];
		size_t from = level->prefix;
		struct ks_oid oid;
		bool is_there = false;
		size_t to;

		if (level->is_same)
			return KS_OK;
		slash = memchr(path.p + from, '/', path.n - from);
		if (!slash)
			return KS_OK;
		to = (size_t)(slash - path.p);
		rc = seek(walk, level, ks_span_cut(path, from, to), true,
			&is_there, err);
		if (rc < 0)
			return rc;
		if (is_there) {
			oid = ks_oid_of(level->next.id,
				walk->staging->index->hash_bytes);
			rc = advance(level, err);
		}
		ks_buf_reset(&walk->path);
		if (ks_buf_add(&walk->path, path.p, to) < 0)
			return ks_fail_nomem(err);
		if (rc == KS_OK)
			rc = enter(walk, is_there ? &oid : NULL, err);
	}
	return rc;
}

/* The entry of ${path} below the tree ${oid}, to ${out}; false: none. */
static bool find_path(struct ks_staging *staging, struct ks_oid oid,
	struct ks_span path, struct ks_oid *out)
{
	for (;;) {
		const uint8_t *slash = memchr(path.p, '/', path.n);
		size_t n = slash ? (size_t)(slash - path.p) : path.n;
		struct ks_span name = ks_span_cut(path, 0, n);
		struct ks_tree_entry entry;
		struct ks_tree_iter iter;
		enum ks_object_type type;
		struct ks_span bytes;
		bool is_found = false;

		if (ks_reader_read(staging->reader, &oid, TREE_MAX, &type,
			    &bytes, NULL) < 0 ||
			type != KS_OBJECT_TREE)
			return false;
		iter = ks_tree_iter_of(bytes, staging->index->hash_bytes);
		while (!is_found && ks_tree_next(&iter, &entry) > 0)
			is_found = ks_span_eq(entry.name, name) &&
				   ks_tree_entry_is_tree(&entry) ==
					   (slash != NULL);
		if (!is_found)
			return false;
		oid = ks_oid_of(entry.id, staging->index->hash_bytes);
		if (!slash) {
			*out = oid;
			return true;
		}
		path = ks_span_cut(path, n + 1, path.n);
	}
}

static bool is_merged(
	struct ks_staging *staging, const struct ks_index_entry *entry)
{
	for (size_t i = 0; i < staging->merged_count; i++) {
		struct ks_oid oid;

		if (find_path(staging, staging->merged[i], entry->path, &oid) &&
			ks_oid_eq(&oid, &entry->oid))
			return true;
	}
	return false;
}

static int add(struct ks_staging *staging, const struct ks_index_entry *entry)
{
	char *path;

	if (is_merged(staging, entry))
		return KS_OK;
	path = ks_arena_copy(&staging->arena, entry->path);
	if (!path || ks_array_reserve(&staging->list, &staging->cap,
			     staging->count + 1, sizeof(*staging->list)) < 0)
		return KS_E_NOMEM;
	staging->list[staging->count++] =
		(struct ks_staged){ .path = path, .oid = entry->oid };
	return KS_OK;
}

static int take_file(
	void *payload, const struct ks_index_entry *entry, struct ks_err *err)
{
	struct walk *walk = payload;
	uint32_t kind = entry->mode & KS_MODE_TYPE;
	struct level *level;
	bool is_there = false;
	int rc = go_to(walk, entry->path, err);

	level = &walk->levels[walk->count - 1];
	if (rc < 0 || level->is_same)
		return rc;
	rc = seek(walk, level,
		ks_span_cut(entry->path, level->prefix, entry->path.n), false,
		&is_there, err);
	if (rc == KS_OK && is_there) {
		bool is_same = memcmp(level->next.id, entry->oid.id,
				       walk->staging->index->hash_bytes) == 0;

		if (!is_same && note_before(walk, &level->next) < 0)
			return ks_fail_nomem(err);
		rc = advance(level, err);
		if (is_same)
			return rc;
	}
	if (rc < 0 || kind == KS_MODE_GITLINK || kind == KS_MODE_TREE ||
		entry->stage || entry->is_intended)
		return rc;
	return add(walk->staging, entry) < 0 ? ks_fail_nomem(err) : KS_OK;
}

/*
 * A sparse index has some folders as one entry. Mostly it is head's tree: no
 * need to look into it then.
 */
static int take_folder(struct walk *walk, const struct ks_index_entry *entry,
	struct ks_err *err)
{
	struct ks_staging *staging = walk->staging;
	const struct ks_unfold unfold = { staging->reader,
		staging->index->hash_bytes, take_file, walk };
	struct ks_span path = ks_span_cut(entry->path, 0, entry->path.n - 1);
	struct level *level;
	bool is_there = false;
	int rc = go_to(walk, path, err);

	level = &walk->levels[walk->count - 1];
	if (rc < 0 || level->is_same)
		return rc;
	rc = seek(walk, level, ks_span_cut(path, level->prefix, path.n), true,
		&is_there, err);
	if (rc == KS_OK && is_there &&
		memcmp(level->next.id, entry->oid.id,
			staging->index->hash_bytes) == 0)
		return advance(level, err);
	return rc == KS_OK
		       ? ks_unfold_tree(&unfold, &entry->oid, entry->path, err)
		       : rc;
}

static int take(struct walk *walk, const struct ks_index_entry *entry,
	struct ks_err *err)
{
	bool is_folder = (entry->mode & KS_MODE_TYPE) == KS_MODE_TREE &&
			 entry->path.n > 1 &&
			 entry->path.p[entry->path.n - 1] == '/';

	return is_folder ? take_folder(walk, entry, err)
			 : take_file(walk, entry, err);
}

int ks_staging_find(struct ks_staging *staging, struct ks_err *err)
{
	struct walk walk = { .staging = staging };
	struct ks_index_iter iter = { 0 };
	struct ks_index_entry entry;
	int rc = enter(&walk, staging->head, err);
	int got;

	while (rc == KS_OK && !walk.levels[0].is_same &&
		(got = ks_index_next(staging->index, &iter, &entry, err)) != 0)
		rc = got < 0 ? got : take(&walk, &entry, err);
	while (walk.count) {
		struct ks_err why = { 0 };
		int left = leave(&walk, &why);

		if (rc == KS_OK && left < 0) {
			rc = left;
			*err = why;
		}
	}
	free(walk.levels);
	ks_buf_release(&walk.path);
	ks_index_iter_release(&iter);
	return rc;
}

void ks_staging_release(struct ks_staging *staging)
{
	free(staging->list);
	free(staging->before);
	ks_arena_release(&staging->arena);
	*staging = (struct ks_staging){ 0 };
}
