/* SPDX-License-Identifier: Apache-2.0 */
/* The index, where commits are prepared: gitformat-index(5). */
#include "source/index.h"

#include "base/array.h"
#include "base/endian.h"

#include <stdlib.h>

enum {
	HEADER = 12,
	STAT_BYTES = 40, /* what stands before the object id */
	MODE_AT = 24,    /* in those */
	FLAG_EXTENDED = 0x4000,
	FLAG_INTENDED = 0x2000, /* of the extended flags */
	DEPTH_MAX = 4096        /* folders within folders */
};

/* A number in the coding of OFS_DELTA; 0 bytes used: it is none. */
static size_t read_varint(struct ks_span bytes, uint64_t *out)
{
	size_t i = 1;

	if (bytes.n == 0)
		return 0;
	*out = bytes.p[0] & 0x7f;
	while (bytes.p[i - 1] & 0x80) {
		if (i == bytes.n || *out >= UINT64_MAX >> 8)
			return 0;
		*out = ((*out + 1) << 7) | (bytes.p[i++] & 0x7f);
	}
	return i;
}

static int fail_corrupt(struct ks_err *err)
{
	return ks_fail(err, KS_E_CORRUPT,
		"the index is corrupt; 'git status' says what git thinks of "
		"it");
}

/* The path of an entry, at ${at}; what it takes, padding too, is added. */
static int read_path(const struct ks_index *index, struct ks_index_iter *iter,
	size_t begin, size_t at, struct ks_err *err)
{
	struct ks_span rest = ks_span_cut(index->entries, at, index->entries.n);
	const uint8_t *nul;
	uint64_t strip = iter->path.n;
	size_t used = 0;

	if (index->version == 4) {
		used = read_varint(rest, &strip);
		if (used == 0 || strip > iter->path.n)
			return fail_corrupt(err);
		rest = ks_span_cut(rest, used, rest.n);
	}
	nul = rest.n ? memchr(rest.p, '\0', rest.n) : NULL;
	if (!nul)
		return fail_corrupt(err);
	iter->path.n -= (size_t)strip;
	if (ks_buf_add(&iter->path, rest.p, (size_t)(nul - rest.p)) < 0)
		return ks_fail_nomem(err);
	at += used + (size_t)(nul - rest.p) + 1;
	/* From the entry's begin on a multiple of 8, with 1 to 8 NULs. */
	if (index->version < 4)
		at = begin + (at - 1 - begin + 8) / 8 * 8;
	iter->at = at;
	return at <= index->entries.n ? KS_OK : fail_corrupt(err);
}

int ks_index_next(const struct ks_index *index, struct ks_index_iter *iter,
	struct ks_index_entry *out, struct ks_err *err)
{
	size_t fixed = STAT_BYTES + index->hash_bytes + 2;
	size_t begin = iter->at;
	const uint8_t *p;
	unsigned flags;
	int rc;

	if (iter->done == index->count)
		return 0;
	if (index->entries.n - begin < fixed + 2)
		return fail_corrupt(err);
	p = index->entries.p + begin;
	*out = (struct ks_index_entry){
		.oid = ks_oid_of(p + STAT_BYTES, index->hash_bytes),
		.mode = ks_be32(p + MODE_AT),
	};
	flags = (unsigned)p[fixed - 2] << 8 | p[fixed - 1];
	out->stage = flags >> 12 & 3;
	if (flags & FLAG_EXTENDED) {
		out->is_intended =
			((unsigned)p[fixed] << 8 & FLAG_INTENDED) != 0;
		fixed += 2;
	}
	rc = read_path(index, iter, begin, begin + fixed, err);
	if (rc < 0)
		return rc;
	iter->done++;
	out->path = ks_buf_span(&iter->path);
	return 1;
}

void ks_index_iter_release(struct ks_index_iter *iter)
{
	ks_buf_release(&iter->path);
}

/* A decimal number and the byte behind it. */
static bool take_number(struct ks_span *rest, int64_t *out, uint8_t end)
{
	bool is_negative = rest->n && rest->p[0] == '-';
	size_t i = is_negative;

	*out = 0;
	for (; i < rest->n && rest->p[i] >= '0' && rest->p[i] <= '9'; i++) {
		if (*out > INT32_MAX)
			return false;
		*out = *out * 10 + (rest->p[i] - '0');
	}
	if (i == rest->n || rest->p[i] != end)
		return false;
	if (is_negative)
		*out = -*out;
	*rest = ks_span_cut(*rest, i + 1, rest->n);
	return true;
}

static int add_tree(
	struct ks_index *index, struct ks_span path, const struct ks_oid *oid)
{
	char *copy = ks_arena_copy(&index->arena, path);

	if (!copy || ks_array_reserve(&index->trees, &index->tree_cap,
			     index->tree_count + 1, sizeof(*index->trees)) < 0)
		return KS_E_NOMEM;
	index->trees[index->tree_count++] =
		(struct ks_index_tree){ copy, *oid };
	return KS_OK;
}

/* A folder while those in it are read. */
struct level {
	size_t path; /* bytes of its path */
	int64_t left;
};

/* "<name>\0<entries> <subtrees>\n<id>", and then its subtrees. */
static int take_tree(struct ks_index *index, struct ks_span *rest,
	struct ks_buf *path, struct level *level)
{
	const uint8_t *nul = rest->n ? memchr(rest->p, '\0', rest->n) : NULL;
	int64_t entries;
	size_t n;

	if (!nul)
		return KS_E_CORRUPT;
	n = (size_t)(nul - rest->p);
	if (path->n && ks_buf_add_byte(path, '/') < 0)
		return KS_E_NOMEM;
	if (ks_buf_add(path, rest->p, n) < 0)
		return KS_E_NOMEM;
	*rest = ks_span_cut(*rest, n + 1, rest->n);
	if (!take_number(rest, &entries, ' ') ||
		!take_number(rest, &level->left, '\n') || level->left < 0)
		return KS_E_CORRUPT;
	level->path = path->n;
	if (entries < 0)
		return KS_OK; /* it has changed */
	if (rest->n < index->hash_bytes)
		return KS_E_CORRUPT;
	n = index->hash_bytes;
	{
		struct ks_oid oid = ks_oid_of(rest->p, n);

		*rest = ks_span_cut(*rest, n, rest->n);
		return add_tree(index, ks_buf_span(path), &oid);
	}
}

static int by_path(const void *a, const void *b)
{
	const struct ks_index_tree *left = a;
	const struct ks_index_tree *right = b;

	return strcmp(left->path, right->path);
}

/* The extension TREE: a hint. Where it is wrong, there is none. */
static int read_trees(struct ks_index *index, struct ks_span rest)
{
	struct ks_buf path = { 0 };
	struct level *levels = NULL;
	size_t cap = 0;
	size_t depth = 0;
	int rc = KS_OK;

	while (rc == KS_OK && rest.n && depth < DEPTH_MAX) {
		while (depth && levels[depth - 1].left == 0)
			depth--;
		if (depth == 0 && index->tree_cap && index->tree_count)
			break;
		path.n = depth ? levels[depth - 1].path : 0;
		if (depth)
			levels[depth - 1].left--;
		rc = ks_array_reserve(
			&levels, &cap, depth + 1, sizeof(*levels));
		if (rc == KS_OK)
			rc = take_tree(index, &rest, &path, &levels[depth++]);
	}
	if (rc == KS_E_CORRUPT)
		index->tree_count = 0;
	if (index->tree_count)
		qsort(index->trees, index->tree_count, sizeof(*index->trees),
			by_path);
	ks_buf_release(&path);
	free(levels);
	return rc == KS_E_NOMEM ? rc : KS_OK;
}

/* Where the entries end only reading them tells. */
static int find_extensions(
	const struct ks_index *index, size_t *end, struct ks_err *err)
{
	struct ks_index_iter iter = { 0 };
	struct ks_index_entry entry;
	int got;

	do
		got = ks_index_next(index, &iter, &entry, err);
	while (got > 0);
	*end = iter.at;
	ks_index_iter_release(&iter);
	return got;
}

static int read_extensions(struct ks_index *index, struct ks_err *err)
{
	size_t at;
	int rc = find_extensions(index, &at, err);

	while (rc == KS_OK && index->entries.n - at >= 8) {
		const uint8_t *p = index->entries.p + at;
		uint32_t n = ks_be32(p + 4);

		if (n > index->entries.n - at - 8)
			return fail_corrupt(err);
		if (memcmp(p, "TREE", 4) == 0 &&
			read_trees(index, ks_span_of(p + 8, n)) < 0)
			return ks_fail_nomem(err);
		if (memcmp(p, "link", 4) == 0)
			return ks_fail(err, KS_E_UNSUPPORTED,
				"a split index cannot be read yet; "
				"'git update-index --no-split-index' joins it");
		at += 8 + n;
	}
	return rc;
}

int ks_index_parse(struct ks_index *index, struct ks_span bytes,
	size_t hash_bytes, struct ks_err *err)
{
	index->hash_bytes = hash_bytes;
	if (bytes.n < HEADER + hash_bytes || memcmp(bytes.p, "DIRC", 4) != 0)
		return fail_corrupt(err);
	index->version = ks_be32(bytes.p + 4);
	index->count = ks_be32(bytes.p + 8);
	if (index->version < 2 || index->version > 4)
		return ks_fail(err, KS_E_UNSUPPORTED,
			"the index has version %u, of which nothing is known",
			index->version);
	index->entries = ks_span_cut(bytes, HEADER, bytes.n - hash_bytes);
	return read_extensions(index, err);
}

int ks_index_open(struct ks_index *index, const char *path, size_t hash_bytes,
	struct ks_err *err)
{
	int rc = ks_map_open(&index->map, path, err);

	/* Who goes on without an index has one that is empty. */
	index->hash_bytes = hash_bytes;
	return rc < 0 ? rc
		      : ks_index_parse(
				index, index->map.bytes, hash_bytes, err);
}

const struct ks_oid *ks_index_tree_of(
	const struct ks_index *index, const char *path)
{
	struct ks_index_tree key = { .path = path };
	const struct ks_index_tree *found =
		index->tree_count
			? bsearch(&key, index->trees, index->tree_count,
				  sizeof(key), by_path)
			: NULL;

	return found ? &found->oid : NULL;
}

void ks_index_close(struct ks_index *index)
{
	ks_map_close(&index->map);
	ks_arena_release(&index->arena);
	free(index->trees);
	*index = (struct ks_index){ 0 };
}
