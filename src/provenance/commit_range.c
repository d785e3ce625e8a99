/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commits that are reachable from some and not from others.
 *
 * Commits wait in a queue, newest first. A wanted one that leaves it makes its
 * parents wanted, a hidden one hides them; when only hidden ones wait, all is
 * known. Usually the first parent or so is a tip of the other side, and two
 * commits are read in all: so the many tips in input->known are at first only
 * compared with, and read when the walk goes on for longer. Then nearly all
 * that being exact takes has been read too.
 */
#include "provenance/commit_range.h"

#include "base/array.h"

#include <stdlib.h>

enum {
	NEW = 1,
	HIDDEN = 2,
	DONE = 4, /* has left the queue */
};

enum {
	PATIENCE = 32,         /* wanted commits before known tips are read */
	SLOP = 1024,           /* older hidden commits read to be exact */
	COMMIT_MAX = 64 << 20, /* bytes of a commit or a tag */
	TAG_DEPTH_MAX = 64     /* tags of tags */
};

struct walk {
	struct ks_commit_range *range;
	const struct ks_commit_range_input *input;
	uint32_t *heap; /* the newest first */
	size_t heap_count;
	size_t heap_cap;
	uint32_t *stack;
	size_t stack_cap;
	size_t waiting; /* wanted ones in the queue */
	size_t found;   /* wanted ones that left it */
	int64_t oldest; /* of those */
	bool has_known; /* input->known has been read */
};

static int64_t time_of(const struct walk *walk, size_t at)
{
	return walk->range->commits.list[walk->heap[at]].time;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t c = *a;

	*a = *b;
	*b = c;
}

static int push(struct walk *walk, uint32_t commit)
{
	size_t at = walk->heap_count;

	if (ks_array_reserve(&walk->heap, &walk->heap_cap, at + 1,
		    sizeof(*walk->heap)) < 0)
		return KS_E_NOMEM;
	walk->heap[walk->heap_count++] = commit;
	while (at > 0 && time_of(walk, at) > time_of(walk, (at - 1) / 2)) {
		swap(&walk->heap[at], &walk->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	return KS_OK;
}

static uint32_t pop(struct walk *walk)
{
	uint32_t top = walk->heap[0];
	size_t at = 0;

	walk->heap[0] = walk->heap[--walk->heap_count];
	for (;;) {
		size_t next = 2 * at + 1;

		if (next + 1 < walk->heap_count &&
			time_of(walk, next + 1) > time_of(walk, next))
			next++;
		if (next >= walk->heap_count ||
			time_of(walk, next) <= time_of(walk, at))
			return top;
		swap(&walk->heap[at], &walk->heap[next]);
		at = next;
	}
}

static bool is_among(
	const struct ks_oid *list, size_t count, const struct ks_oid *oid)
{
	for (size_t i = 0; i < count; i++) {
		if (ks_oid_eq(&list[i], oid))
			return true;
	}
	return false;
}

/* Hide ${commit}, and its ancestors as far as they have been walked. */
static int hide(struct walk *walk, uint32_t commit)
{
	struct ks_commit_range *range = walk->range;
	size_t n = 0;

	for (;;) {
		const struct ks_commit *one = &range->commits.list[commit];

		if (!(range->flags[commit] & HIDDEN)) {
			bool was_wanted = range->flags[commit] & NEW;

			range->flags[commit] |= HIDDEN;
			if (!(range->flags[commit] & DONE))
				walk->waiting -= was_wanted;
			else if (ks_array_reserve(&walk->stack,
					 &walk->stack_cap,
					 n + one->parent_count,
					 sizeof(*walk->stack)) < 0)
				return KS_E_NOMEM;
			else
				for (uint32_t i = 0; i < one->parent_count; i++)
					walk->stack[n++] = ks_oidmap_get(
						&range->index,
						&range->commits.parents
							 [one->first_parent +
								 i]);
		}
		do {
			if (n == 0)
				return KS_OK;
			commit = walk->stack[--n];
		} while (commit == KS_OIDMAP_NONE);
	}
}

/* A commit that was not met before, ${bytes}: it begins to wait. */
static int enqueue(struct walk *walk, const struct ks_oid *oid,
	struct ks_span bytes, unsigned flag, struct ks_err *err)
{
	struct ks_commit_range *range = walk->range;
	uint32_t at = (uint32_t)range->commits.count;
	int rc = ks_commits_add(&range->commits, oid, bytes, err);

	if (rc < 0)
		return rc;
	if (ks_array_reserve(&range->flags, &range->flag_cap, at + 1u, 1) < 0 ||
		ks_oidmap_add(&range->index, oid, at, NULL) < 0 ||
		push(walk, at) < 0)
		return ks_fail_nomem(err);
	if (flag == NEW && !walk->has_known &&
		is_among(walk->input->known, walk->input->known_count, oid))
		flag = HIDDEN;
	range->flags[at] = (uint8_t)flag;
	walk->waiting += flag == NEW;
	return KS_OK;
}

static int read_object(struct walk *walk, const struct ks_oid *oid,
	enum ks_object_type *type, struct ks_span *bytes, struct ks_err *err)
{
	char hex[KS_OID_HEX_MAX];
	int rc = ks_reader_read(
		walk->input->reader, oid, COMMIT_MAX, type, bytes, err);

	if (rc < 0 && rc != KS_E_NOMEM) {
		ks_oid_hex(oid, walk->input->hash_bytes, hex);
		ks_err_wrap(err, "cannot read %s", hex);
	}
	return rc;
}

/* Give ${flag} to the commit ${oid}, which ${bytes} are if it is new here. */
static int reach(struct walk *walk, const struct ks_oid *oid,
	struct ks_span bytes, unsigned flag, struct ks_err *err)
{
	uint32_t at = ks_oidmap_get(&walk->range->index, oid);
	uint8_t *flags = walk->range->flags;

	if (at == KS_OIDMAP_NONE)
		return enqueue(walk, oid, bytes, flag, err);
	if (flag == HIDDEN)
		return hide(walk, at) < 0 ? ks_fail_nomem(err) : KS_OK;
	/* One that was hidden and is wanted stays hidden. */
	flags[at] |= NEW;
	return KS_OK;
}

/* A parent. Hidden ones that are not here say nothing. */
static int reach_commit(struct walk *walk, const struct ks_oid *oid,
	unsigned flag, struct ks_err *err)
{
	enum ks_object_type type = KS_OBJECT_COMMIT;
	struct ks_span bytes = { NULL, 0 };
	struct ks_err why = { 0 };
	int rc = KS_OK;

	if (ks_oidmap_get(&walk->range->index, oid) == KS_OIDMAP_NONE)
		rc = read_object(walk, oid, &type, &bytes, &why);
	if (rc == KS_OK && type != KS_OBJECT_COMMIT)
		rc = ks_fail(&why, KS_E_CORRUPT, "a parent is no commit");
	if (rc == KS_OK)
		rc = reach(walk, oid, bytes, flag, &why);
	if (rc == KS_OK || (flag == HIDDEN && rc != KS_E_NOMEM))
		return KS_OK;
	*err = why;
	return rc;
}

static int add_oid(struct ks_oid **list, size_t *count, size_t *cap,
	const struct ks_oid *oid, struct ks_err *err)
{
	if (is_among(*list, *count, oid))
		return KS_OK;
	if (ks_array_reserve(list, cap, *count + 1, sizeof(*oid)) < 0)
		return ks_fail_nomem(err);
	(*list)[(*count)++] = *oid;
	return KS_OK;
}

/* "object <id>" is the first line of a tag: git-mktag(1). */
static bool tag_target(
	struct ks_oid *out, struct ks_span tag, size_t hash_bytes)
{
	return tag.n > 7 + 2 * hash_bytes && ks_span_starts(tag, "object ") &&
	       ks_oid_parse(out, (const char *)tag.p + 7, hash_bytes);
}

/* A tip of any type: tags are followed to what they point at. */
static int reach_tip(struct walk *walk, const struct ks_oid *tip, unsigned flag,
	struct ks_err *err)
{
	struct ks_commit_range *range = walk->range;
	struct ks_oid oid = *tip;

	for (int depth = 0; depth < TAG_DEPTH_MAX; depth++) {
		const struct ks_commit_range_input *input = walk->input;
		enum ks_object_type type;
		struct ks_span bytes;
		int rc;

		if (ks_oidmap_get(&range->index, &oid) != KS_OIDMAP_NONE)
			return reach_commit(walk, &oid, flag, err);
		rc = read_object(walk, &oid, &type, &bytes, err);
		if (rc < 0)
			return rc;
		if (type == KS_OBJECT_COMMIT)
			return reach(walk, &oid, bytes, flag, err);
		if (flag == HIDDEN && type != KS_OBJECT_TAG)
			return KS_OK;
		if (type == KS_OBJECT_TREE)
			return add_oid(&range->trees, &range->tree_count,
				&range->tree_cap, &oid, err);
		if (type == KS_OBJECT_BLOB)
			return add_oid(&range->blobs, &range->blob_count,
				&range->blob_cap, &oid, err);
		/* What the other side has under this very name ends here. */
		if (flag == NEW &&
			(is_among(input->hidden, input->hidden_count, &oid) ||
				is_among(input->known, input->known_count,
					&oid)))
			return KS_OK;
		if (flag == NEW && add_oid(&range->tags, &range->tag_count,
					   &range->tag_cap, &oid, err) < 0)
			return KS_E_NOMEM;
		if (!tag_target(&oid, bytes, input->hash_bytes))
			return ks_fail(
				err, KS_E_CORRUPT, "a tag has no object");
	}
	return ks_fail(err, KS_E_LIMIT, "a tag of too many tags");
}

static int hide_tips(struct walk *walk, const struct ks_oid *tips, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct ks_err why = { 0 };

		if (reach_tip(walk, &tips[i], HIDDEN, &why) == KS_E_NOMEM)
			return KS_E_NOMEM;
	}
	return KS_OK;
}

static int hide_known(struct walk *walk)
{
	if (walk->has_known)
		return KS_OK;
	walk->has_known = true;
	return hide_tips(walk, walk->input->known, walk->input->known_count);
}

/* Take the newest commit from the queue; its parents get what it has. */
static int step(struct walk *walk, struct ks_err *err)
{
	struct ks_commit_range *range = walk->range;
	uint32_t at = pop(walk);
	/* Adding commits moves the lists: a copy. */
	const struct ks_commit commit = range->commits.list[at];
	unsigned flag = range->flags[at] & HIDDEN ? HIDDEN : NEW;
	int rc = KS_OK;

	range->flags[at] |= DONE;
	if (flag == NEW) {
		if (walk->found++ == 0 || commit.time < walk->oldest)
			walk->oldest = commit.time;
		walk->waiting--;
	}
	if (is_among(walk->input->cuts, walk->input->cut_count, &commit.oid))
		return KS_OK;
	for (uint32_t i = 0; rc == KS_OK && i < commit.parent_count; i++) {
		struct ks_oid parent =
			range->commits.parents[commit.first_parent + i];

		rc = reach_commit(walk, &parent, flag, err);
	}
	return rc;
}

/* May a hidden commit still be taken for new? */
static bool may_be_wrong(const struct walk *walk, size_t *slop)
{
	if (!walk->has_known || walk->heap_count == 0 || walk->found == 0)
		return false;
	if (time_of(walk, 0) >= walk->oldest)
		return true;
	return (*slop)++ < SLOP;
}

static int run(struct walk *walk, struct ks_err *err)
{
	const volatile int *cancel = walk->input->cancel;
	size_t slop = 0;
	int rc = KS_OK;

	while (rc == KS_OK && (walk->waiting || may_be_wrong(walk, &slop))) {
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		if (walk->found >= PATIENCE && hide_known(walk) < 0)
			return ks_fail_nomem(err);
		if (walk->heap_count == 0)
			break;
		rc = step(walk, err);
	}
	return rc;
}

bool ks_commit_range_has(const struct ks_commit_range *range, uint32_t at)
{
	return (range->flags[at] & (NEW | HIDDEN | DONE)) == (NEW | DONE);
}

static int by_time(const void *a, const void *b, void *payload)
{
	const struct ks_commits *commits = payload;
	uint32_t left = *(const uint32_t *)a;
	uint32_t right = *(const uint32_t *)b;
	int64_t time = commits->list[left].time;
	int64_t other = commits->list[right].time;

	if (time != other)
		return time > other ? -1 : 1;
	return (left > right) - (left < right);
}

static int list_range(struct ks_commit_range *range)
{
	range->list = malloc((range->commits.count + 1) * sizeof(*range->list));
	if (!range->list)
		return KS_E_NOMEM;
	for (uint32_t i = 0; i < range->commits.count; i++) {
		if (ks_commit_range_has(range, i))
			range->list[range->count++] = i;
	}
	if (range->count)
		qsort_r(range->list, range->count, sizeof(*range->list),
			by_time, &range->commits);
	return KS_OK;
}

int ks_commit_range_find(struct ks_commit_range *range,
	const struct ks_commit_range_input *input, struct ks_err *err)
{
	struct walk walk = { .range = range, .input = input };
	int rc = KS_OK;

	range->commits.hash_bytes = input->hash_bytes;
	if (hide_tips(&walk, input->hidden, input->hidden_count) < 0 ||
		(input->is_exact && hide_known(&walk) < 0))
		rc = ks_fail_nomem(err);
	for (size_t i = 0; rc == KS_OK && i < input->tip_count; i++)
		rc = reach_tip(&walk, &input->tips[i], NEW, err);
	if (rc == KS_OK)
		rc = run(&walk, err);
	range->is_exact = walk.has_known;
	if (rc == KS_OK && list_range(range) < 0)
		rc = ks_fail_nomem(err);
	free(walk.heap);
	free(walk.stack);
	return rc;
}

void ks_commit_range_release(struct ks_commit_range *range)
{
	ks_commits_release(&range->commits);
	ks_oidmap_release(&range->index);
	free(range->flags);
	free(range->list);
	free(range->tags);
	free(range->trees);
	free(range->blobs);
	*range = (struct ks_commit_range){ 0 };
}
