/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk over all commits, oldest first. A tree that was met before is
 * passed over: what is in it was found then, in an older commit or, as trees
 * are sorted, at a lesser path of the same one. So each tree is read once,
 * and the work is that of the trees that are new in each commit. Where it is
 * known which trees lead to wanted objects, and from which commit on, no
 * other is read.
 */
#include "provenance/oldest.h"

#include <stdlib.h>

struct walk {
	struct ks_search *search;
	struct ks_oidmap seen; /* trees */
	struct ks_buf path;    /* of the tree on top, with its '/' */
	size_t missing;        /* origins not found yet */
	uint32_t visit;        /* of the surveyed trees */
	/* What is walked now. */
	uint32_t commit;
	enum ks_reach reach;
};

/*
 * The path of a note is the id of what it is about, cut into folders. Take
 * out the slashes if ${path} is one; ${out} has room for it.
 */
static bool note_path(char *out, struct ks_span path, size_t hash_bytes)
{
	struct ks_oid oid;
	size_t n = 0;

	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '/')
			continue;
		if (n == 2 * hash_bytes)
			return false;
		out[n++] = (char)path.p[i];
	}
	out[n] = '\0';
	return n == 2 * hash_bytes && ks_oid_parse(&oid, out, hash_bytes);
}

static int found(void *payload, uint32_t origin, struct ks_span path)
{
	struct walk *walk = payload;
	struct ks_search *search = walk->search;
	struct ks_origin *to = &search->origins[origin];
	char hex[KS_OID_HEX_MAX];

	if (to->path)
		return KS_OK;
	if (walk->reach == KS_REACH_NOTE &&
		note_path(hex, path, search->descent.hash_bytes)) {
		to->is_note = true;
		path = ks_span_str(hex);
	}
	to->path = ks_arena_copy(search->arena, path);
	if (!to->path)
		return KS_E_NOMEM;
	to->commit = walk->commit;
	to->is_reachable |= walk->reach != KS_REACH_NONE;
	walk->missing--;
	return KS_OK;
}

/* An entry of the tree on top, at ${path}, is wanted. */
static int found_entry(
	struct walk *walk, uint32_t origin, const struct ks_tree_entry *entry)
{
	size_t path_n = walk->path.n;
	int rc;

	if (walk->search->origins[origin].path)
		return KS_OK;
	rc = ks_buf_add(&walk->path, entry->name.p, entry->name.n);
	if (rc == KS_OK)
		rc = found(walk, origin, ks_buf_span(&walk->path));
	walk->path.n = path_n;
	return rc;
}

/* Open the tree ${oid}, walk.path being that of its entries, if it is new. */
static int enter(struct walk *walk, const struct ks_oid *oid, bool may_be_other,
	struct ks_err *err)
{
	struct ks_search *search = walk->search;
	size_t before = walk->seen.count;
	uint32_t tree;

	if (ks_descent_leaves_out(&search->descent, oid->id))
		return 0;
	if (ks_oidmap_add(&walk->seen, oid, 0, NULL) < 0)
		return ks_fail_nomem(err);
	if (walk->seen.count == before)
		return 0;
	tree = ks_oidmap_get(&search->survey.index, oid);
	if (tree == KS_OIDMAP_NONE)
		return ks_descent_open(
			&search->descent, oid, may_be_other, err);
	if (ks_survey_visit(&search->survey, walk->visit, tree, &walk->path,
		    found, walk) < 0)
		return ks_fail_nomem(err);
	return 0;
}

static int enter_entry(struct walk *walk, const struct ks_tree_entry *entry,
	struct ks_err *err)
{
	struct ks_descent *descent = &walk->search->descent;
	struct ks_oid oid = ks_oid_of(entry->id, descent->hash_bytes);
	size_t path_n = walk->path.n;
	int rc;

	/* Most trees were met before: no path is needed for them. */
	if (ks_descent_leaves_out(descent, entry->id) ||
		ks_oidmap_get(&walk->seen, &oid) != KS_OIDMAP_NONE)
		return KS_OK;
	if (ks_buf_add(&walk->path, entry->name.p, entry->name.n) < 0 ||
		ks_buf_add_byte(&walk->path, '/') < 0)
		return ks_fail_nomem(err);
	rc = enter(walk, &oid, false, err);
	if (rc > 0)
		ks_descent_top(descent)->path_n = path_n;
	else
		walk->path.n = path_n;
	return rc < 0 ? rc : KS_OK;
}

static int step(struct walk *walk, struct ks_err *err)
{
	struct ks_search *search = walk->search;
	struct ks_tree_entry entry;
	uint32_t origin;

	if (!ks_descent_next(&search->descent, &entry)) {
		walk->path.n = ks_descent_top(&search->descent)->path_n;
		ks_descent_close(&search->descent);
		return KS_OK;
	}
	origin = ks_wanted_find(&search->wanted, entry.id);
	if (origin != KS_OIDMAP_NONE && found_entry(walk, origin, &entry) < 0)
		return ks_fail_nomem(err);
	if (ks_tree_entry_is_tree(&entry))
		return enter_entry(walk, &entry, err);
	return KS_OK;
}

/* Walk the tree ${root} of oldest.commit. */
static int walk_root(struct walk *walk, const struct ks_oid *root,
	bool may_be_other, struct ks_err *err)
{
	struct ks_descent *descent = &walk->search->descent;
	uint32_t origin = ks_wanted_find(&walk->search->wanted, root->id);
	int rc;

	walk->path.n = 0;
	if (origin != KS_OIDMAP_NONE && walk->commit != KS_OIDMAP_NONE &&
		found(walk, origin, ks_span_of(NULL, 0)) < 0)
		return ks_fail_nomem(err);
	rc = enter(walk, root, may_be_other, err);
	while (rc >= 0 && descent->depth > 0 && walk->missing > 0)
		rc = step(walk, err);
	return rc < 0 ? rc : KS_OK;
}

/* Does nothing wanted come in with the commit of descent.rank? */
static bool is_passed_over(const struct ks_search *search)
{
	return search->descent.relevant && search->is_rank_wanted &&
	       !search->is_rank_wanted[search->descent.rank];
}

static int walk_commits(
	struct walk *walk, size_t *at, enum ks_reach last, struct ks_err *err)
{
	struct ks_search *search = walk->search;
	const struct ks_order *order = &search->order;

	for (; *at < order->count && walk->missing > 0; ++*at) {
		int rc;

		walk->commit = order->list[*at];
		walk->reach = (enum ks_reach)order->reach[walk->commit];
		if (walk->reach > last)
			return KS_OK;
		search->descent.rank = ks_oldest_rank(*at);
		if (is_passed_over(search))
			continue;
		rc = walk_root(walk,
			&search->input->commits->list[walk->commit].tree, false,
			err);
		if (rc < 0)
			return rc;
	}
	return KS_OK;
}

static int compare_tips(const void *a, const void *b)
{
	const struct ks_tip *const *left = a;
	const struct ks_tip *const *right = b;

	return memcmp((*left)->oid.id, (*right)->oid.id, KS_OID_MAX);
}

/* Tips that are no commits: trees, or blobs, or not there at all. */
static int walk_tips(struct walk *walk, struct ks_err *err)
{
	struct ks_search *search = walk->search;
	const struct ks_origin_input *input = search->input;
	const struct ks_tip **tips = ks_arena_array(
		&search->scratch, input->tip_count, sizeof(const void *));
	size_t count = 0;

	if (!tips)
		return ks_fail_nomem(err);
	for (size_t i = 0; i < input->tip_count; i++) {
		if (ks_search_commit(search, &input->tips[i]) == KS_OIDMAP_NONE)
			tips[count++] = &input->tips[i];
	}
	qsort(tips, count, sizeof(const void *), compare_tips);
	walk->commit = KS_OIDMAP_NONE;
	walk->reach = KS_REACH_REFLOG;
	search->descent.rank = ks_oldest_tip_rank(search);
	for (size_t i = 0; i < count && walk->missing > 0; i++) {
		int rc = walk_root(walk, &tips[i]->oid, true, err);

		if (rc < 0)
			return rc;
	}
	return KS_OK;
}

static void mark_named(const struct ks_search *search)
{
	const struct ks_origin_input *input = search->input;

	for (size_t i = 0; i < input->tip_count; i++) {
		uint32_t origin =
			ks_oidmap_get(&search->wanted.map, &input->tips[i].oid);

		if (origin != KS_OIDMAP_NONE)
			search->origins[origin].is_reachable = true;
	}
}

/* Of origins with one id the first is used. */
static bool is_first(const struct ks_search *search, size_t i)
{
	return ks_oidmap_get(&search->wanted.map, &search->origins[i].oid) == i;
}

uint32_t ks_oldest_tip_rank(const struct ks_search *search)
{
	const struct ks_order *order = &search->order;
	size_t at = order->count;

	while (at > 0 && order->reach[order->list[at - 1]] == KS_REACH_NONE)
		at--;
	return ks_oldest_rank(at) - 1;
}

int ks_oldest_find(
	struct ks_search *search, size_t *missing, struct ks_err *err)
{
	struct walk walk = {
		.search = search,
		.visit = ks_survey_begin(&search->survey),
	};
	size_t at = 0;
	int rc;

	for (size_t i = 0; i < search->count; i++)
		walk.missing += !search->origins[i].path && is_first(search, i);
	mark_named(search);
	rc = walk_commits(&walk, &at, KS_REACH_REFLOG, err);
	if (rc == KS_OK)
		rc = walk_tips(&walk, err);
	if (rc == KS_OK)
		rc = walk_commits(&walk, &at, KS_REACH_NONE, err);
	while (search->descent.depth > 0)
		ks_descent_close(&search->descent);
	ks_oidmap_release(&walk.seen);
	ks_buf_release(&walk.path);
	*missing = walk.missing;
	return rc;
}
