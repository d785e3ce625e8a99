/* SPDX-License-Identifier: Apache-2.0 */
/* What a tree has that other trees have not. */
#include "provenance/changes.h"

#include "base/array.h"
#include "base/sha256.h"

#include <stdlib.h>

enum {
	TREE_MAX = 256 << 20, /* bytes */
	OTHERS_MAX = 64,      /* parents looked at; a merge of more is rare */
	BLOCK = 256           /* bytes compared at once */
};

/* A comparison to be made. */
struct ks_changes_job {
	struct ks_oid tree;
	size_t first; /* in others */
	size_t count;
};

/* One of the others, while its entries are gone through. */
struct other {
	struct ks_tree_iter iter;
	struct ks_tree_entry entry;
	const uint8_t *start; /* of the entry */
	bool is_done;
};

/* The trees of one comparison: their bytes lie one behind the other. */
struct comparison {
	struct ks_span tree;
	struct other others[OTHERS_MAX];
	size_t count;
	struct ks_oid was[OTHERS_MAX]; /* of the entry that is looked at */
	size_t was_count;
};

static int add_job(struct ks_changes *changes, const struct ks_oid *tree,
	const struct ks_oid *others, size_t count, size_t first)
{
	struct ks_sha256 hash;
	uint8_t digest[KS_SHA256_BYTES];
	struct ks_oid key;
	size_t before = changes->made.count;

	ks_sha256_init(&hash);
	ks_sha256_update(&hash, tree->id, sizeof(tree->id));
	for (size_t i = 0; i < count; i++)
		ks_sha256_update(&hash, others[i].id, sizeof(others[i].id));
	ks_sha256_final(&hash, digest);
	key = ks_oid_of(digest, sizeof(digest));
	if (ks_oidmap_add(&changes->made, &key, 0, NULL) < 0 ||
		ks_array_reserve(&changes->jobs, &changes->job_cap,
			changes->job_count + 1, sizeof(*changes->jobs)) < 0)
		return KS_E_NOMEM;
	if (changes->made.count == before) {
		changes->other_count = first;
		return KS_OK;
	}
	changes->jobs[changes->job_count++] = (struct ks_changes_job){
		.tree = *tree, .first = first, .count = count
	};
	return KS_OK;
}

/* In a tree names are sorted, those of trees as if they ended with '/'. */
static int compare_names(
	const struct ks_tree_entry *a, const struct ks_tree_entry *b)
{
	size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
	int order = memcmp(a->name.p, b->name.p, n);
	unsigned left, right;

	if (order)
		return order;
	left = a->name.n > n              ? a->name.p[n]
	       : ks_tree_entry_is_tree(a) ? '/'
					  : 0;
	right = b->name.n > n              ? b->name.p[n]
		: ks_tree_entry_is_tree(b) ? '/'
					   : 0;
	return left < right ? -1 : left > right;
}

static void advance(struct other *other)
{
	other->start = other->iter.p;
	if (ks_tree_next(&other->iter, &other->entry) != 1)
		other->is_done = true;
}

/* Read ${oid} behind what is in the buffer. */
static int append_tree(struct ks_changes *changes, const struct ks_oid *oid,
	struct ks_err *err)
{
	enum ks_object_type type;
	struct ks_span bytes;
	int rc = ks_reader_read(
		changes->reader, oid, TREE_MAX, &type, &bytes, err);

	if (rc == KS_OK && type != KS_OBJECT_TREE)
		return ks_fail(err, KS_E_CORRUPT, "it is no tree");
	if (rc == KS_OK && ks_buf_add(&changes->bytes, bytes.p, bytes.n) < 0)
		return ks_fail_nomem(err);
	return rc;
}

/* Read all trees of ${job}; the code is that of its own tree. */
static int read_trees(struct ks_changes *changes,
	const struct ks_changes_job *job, struct comparison *out,
	struct ks_err *err)
{
	size_t ends[OTHERS_MAX];
	size_t own;
	size_t from;
	int rc;

	ks_buf_reset(&changes->bytes);
	rc = append_tree(changes, &job->tree, err);
	if (rc < 0)
		return rc;
	own = changes->bytes.n;
	out->count = job->count;
	for (size_t i = 0; i < job->count; i++) {
		struct ks_err why = { 0 };

		rc = append_tree(
			changes, &changes->others[job->first + i], &why);
		if (rc == KS_E_NOMEM)
			return ks_fail_nomem(err);
		ends[i] = changes->bytes.n;
	}
	out->tree = ks_span_cut(ks_buf_span(&changes->bytes), 0, own);
	from = own;
	for (size_t i = 0; i < job->count; i++) {
		out->others[i] = (struct other){
			.iter = ks_tree_iter_of(
				ks_span_cut(ks_buf_span(&changes->bytes), from,
					ends[i]),
				changes->hash_bytes)
		};
		from = ends[i];
		advance(&out->others[i]);
	}
	return KS_OK;
}

/* A tree that differs from all others': it is looked into later. */
static int descend(struct ks_changes *changes, const struct comparison *now,
	const struct ks_tree_entry *entry)
{
	struct ks_oid oid = ks_oid_of(entry->id, changes->hash_bytes);
	size_t first = changes->other_count;
	size_t count = now->was_count;

	if (ks_array_reserve(&changes->others, &changes->other_cap,
		    first + count, sizeof(*changes->others)) < 0)
		return KS_E_NOMEM;
	if (count)
		memcpy(changes->others + first, now->was,
			count * sizeof(*now->was));
	changes->other_count = first + count;
	return add_job(changes, &oid, changes->others + first, count, first);
}

/*
 * Move the others on to ${entry}; true if one has it with the same content,
 * else now->was is what they have. A file that became a tree, or the reverse,
 * has another place in the order: then the name is taken for a new one.
 */
static bool find_entry(const struct ks_changes *changes, struct comparison *now,
	const struct ks_tree_entry *entry)
{
	now->was_count = 0;
	for (size_t i = 0; i < now->count; i++) {
		struct other *other = &now->others[i];

		while (!other->is_done &&
			compare_names(&other->entry, entry) < 0)
			advance(other);
		if (other->is_done || compare_names(&other->entry, entry) != 0)
			continue;
		if (memcmp(other->entry.id, entry->id, changes->hash_bytes) ==
			0)
			return true;
		now->was[now->was_count++] =
			ks_oid_of(other->entry.id, changes->hash_bytes);
		advance(other);
	}
	return false;
}

static int tell(struct ks_changes *changes, const struct ks_oid *tree,
	const struct comparison *now, const struct ks_tree_entry *entry,
	struct ks_err *err)
{
	struct ks_change change = {
		.tree = *tree,
		.oid = ks_oid_of(entry->id, changes->hash_bytes),
		.name = entry->name,
		.is_new_name = now->was_count == 0,
		.is_blob = (entry->mode & KS_MODE_TYPE) != KS_MODE_GITLINK &&
			   !ks_tree_entry_is_tree(entry),
		.was = now->was,
		.was_count = now->was_count,
	};

	return changes->each(changes->payload, &change, err);
}

/* How many bytes, of at most ${n}, are the same at the start of both. */
static size_t count_same(const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t same = 0;

	for (size_t step = BLOCK; step > 0; step /= 4) {
		while (n - same >= step &&
			memcmp(a + same, b + same, step) == 0)
			same += step;
	}
	return same;
}

/*
 * Mostly trees differ in an entry or two: where the bytes that follow are
 * the same as those of another, whole entries of them are no news. Both stand
 * where an entry starts, so they are the same entries.
 */
static void pass_same(struct comparison *now, struct ks_tree_iter *iter)
{
	for (size_t i = 0; i < now->count && iter->p < iter->end; i++) {
		struct other *other = &now->others[i];
		size_t left = (size_t)(iter->end - iter->p);
		struct ks_tree_iter same = *iter;
		struct ks_tree_entry entry;
		size_t rest;

		if (other->is_done)
			continue;
		rest = (size_t)(other->iter.end - other->start);
		same.end = iter->p + count_same(iter->p, other->start,
					     left < rest ? left : rest);
		while (ks_tree_next(&same, &entry) == 1)
			continue;
		if (same.p == iter->p)
			continue;
		other->iter.p = other->start + (same.p - iter->p);
		iter->p = same.p;
		advance(other);
	}
}

static int compare(struct ks_changes *changes, const struct ks_changes_job *job,
	struct comparison *now, struct ks_err *err)
{
	struct ks_tree_iter iter =
		ks_tree_iter_of(now->tree, changes->hash_bytes);
	struct ks_tree_entry entry;
	int rc = KS_OK;
	int got;

	while (rc == KS_OK) {
		pass_same(now, &iter);
		got = ks_tree_next(&iter, &entry);
		if (got == 0)
			break;
		if (got < 0) {
			struct ks_err why = { 0 };

			ks_fail(&why, KS_E_CORRUPT, "it is no proper tree");
			return changes->unreadable(
				changes->payload, &job->tree, &why, err);
		}
		if (find_entry(changes, now, &entry))
			continue;
		if (now->was_count == 0 || !ks_tree_entry_is_tree(&entry))
			rc = tell(changes, &job->tree, now, &entry, err);
		if (rc == KS_OK && ks_tree_entry_is_tree(&entry) &&
			descend(changes, now, &entry) < 0)
			rc = ks_fail_nomem(err);
	}
	return rc;
}

static int run_job(struct ks_changes *changes, struct ks_err *err)
{
	struct ks_changes_job job = changes->jobs[--changes->job_count];
	struct comparison now;
	struct ks_err why = { 0 };
	int rc = read_trees(changes, &job, &now, &why);

	if (rc == KS_E_NOMEM)
		return ks_fail_nomem(err);
	if (rc == KS_E_NOTFOUND && changes->is_partial)
		return KS_OK;
	if (rc < 0)
		return changes->unreadable(
			changes->payload, &job.tree, &why, err);
	return compare(changes, &job, &now, err);
}

int ks_changes_find(struct ks_changes *changes, const struct ks_oid *tree,
	const struct ks_oid *others, size_t count, struct ks_err *err)
{
	const volatile int *cancel = changes->cancel;
	int rc = KS_OK;

	/* With fewer to compare with more is told, never less. */
	if (count > OTHERS_MAX)
		count = OTHERS_MAX;
	for (size_t i = 0; i < count; i++) {
		if (ks_oid_eq(tree, &others[i]))
			return KS_OK;
	}
	changes->other_count = 0;
	if (ks_array_reserve(&changes->others, &changes->other_cap, count + 1,
		    sizeof(*changes->others)) < 0)
		return ks_fail_nomem(err);
	if (count)
		memcpy(changes->others, others, count * sizeof(*others));
	changes->other_count = count;
	if (add_job(changes, tree, changes->others, count, 0) < 0)
		rc = ks_fail_nomem(err);
	while (rc == KS_OK && changes->job_count) {
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		rc = run_job(changes, err);
	}
	return rc;
}

void ks_changes_release(struct ks_changes *changes)
{
	ks_oidmap_release(&changes->made);
	free(changes->jobs);
	free(changes->others);
	ks_buf_release(&changes->bytes);
}
