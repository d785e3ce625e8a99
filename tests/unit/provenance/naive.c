/* SPDX-License-Identifier: Apache-2.0 */
/* What ks_origin_find() must answer, worked out the slow and plain way. */
#include "naive.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	REF,
	NOTE,
	REFLOG,
	NONE
};

enum {
	COMMITS_MAX = 64
};

struct ordered {
	const struct ks_commit *list[COMMITS_MAX];
	int reach[COMMITS_MAX];
	size_t count;
};

static const struct ks_commit *commit_of(
	const struct history *history, const struct ks_oid *oid)
{
	for (size_t i = 0; i < history->graph.count; i++) {
		if (ks_oid_eq(&history->graph.list[i].oid, oid))
			return &history->graph.list[i];
	}
	return NULL;
}

static bool reaches(const struct history *history, const struct ks_oid *from,
	const struct ks_oid *to)
{
	const struct ks_commit *commit = commit_of(history, from);

	if (!commit)
		return false;
	if (ks_oid_eq(from, to))
		return true;
	for (uint32_t i = 0; i < commit->parent_count; i++) {
		if (reaches(history,
			    &history->graph.parents[commit->first_parent + i],
			    to))
			return true;
	}
	return false;
}

static int reach_of(const struct history *history, const struct ks_oid *oid)
{
	int best = NONE;

	for (size_t i = 0; i < history->tip_count; i++) {
		const struct ks_tip *tip = &history->tips[i];
		int reach = !*tip->name ? REFLOG
			    : strncmp(tip->name, "refs/notes/", 11) == 0 ? NOTE
									 : REF;

		if (reach < best && reaches(history, &tip->oid, oid))
			best = reach;
	}
	return best;
}

static bool is_out(const struct ordered *ordered, const struct ks_oid *oid)
{
	for (size_t i = 0; i < ordered->count; i++) {
		if (ks_oid_eq(&ordered->list[i]->oid, oid))
			return true;
	}
	return false;
}

static bool is_ready(const struct history *history,
	const struct ordered *ordered, const struct ks_commit *commit)
{
	for (uint32_t i = 0; i < commit->parent_count; i++) {
		const struct ks_oid *parent =
			&history->graph.parents[commit->first_parent + i];

		if (commit_of(history, parent) && !is_out(ordered, parent))
			return false;
	}
	return !is_out(ordered, &commit->oid);
}

static void order(struct ordered *out, const struct history *history)
{
	const struct ks_commits *graph = &history->graph;

	out->count = 0;
	for (;;) {
		const struct ks_commit *best = NULL;
		int best_reach = 0;

		for (size_t i = 0; i < graph->count; i++) {
			const struct ks_commit *commit = &graph->list[i];
			int reach = reach_of(history, &commit->oid);

			if (!is_ready(history, out, commit))
				continue;
			if (!best || reach < best_reach ||
				(reach == best_reach &&
					(commit->time < best->time ||
						(commit->time == best->time &&
							memcmp(commit->oid.id,
								best->oid.id,
								KS_OID_MAX) <
								0)))) {
				best = commit;
				best_reach = reach;
			}
		}
		if (!best)
			return;
		out->reach[out->count] = best_reach;
		out->list[out->count++] = best;
		assert(out->count < COMMITS_MAX);
	}
}

/*
 * The least path of ${oid} below ${tree}, which has the path ${prefix}; its
 * own is that without the slash at its end. A missing tree is empty.
 */
static void least_path(struct history *history, const struct ks_oid *tree,
	const struct ks_oid *oid, const char *prefix, char *least, bool *has)
{
	const struct history_object *object = history_object(history, tree);
	const uint8_t *p = object->bytes.p;
	const uint8_t *end = p + object->bytes.n;

	if (object->is_missing || object->type != KS_OBJECT_TREE)
		return;
	while (p < end) {
		const char *mode = (const char *)p;
		const char *name = strchr(mode, ' ') + 1;
		const uint8_t *id = (const uint8_t *)name + strlen(name) + 1;
		struct ks_oid entry = ks_oid_of(id, KS_OID_SHA1);
		char path[256];

		p = id + KS_OID_SHA1;
		snprintf(path, sizeof(path), "%s%s", prefix, name);
		if (ks_oid_eq(&entry, oid) &&
			(!*has || strcmp(path, least) < 0)) {
			strcpy(least, path);
			*has = true;
		}
		strcat(path, "/");
		if (*mode == '4')
			least_path(history, &entry, oid, path, least, has);
	}
}

/* The least path in the tree of ${commit}, "" for that tree itself. */
static bool path_in(struct history *history, const struct ks_commit *commit,
	const struct ks_oid *oid, char *out)
{
	bool has = ks_oid_eq(&commit->tree, oid);

	*out = '\0';
	least_path(history, &commit->tree, oid, "", out, &has);
	return has;
}

static bool stands_at(struct history *history, const struct ks_oid *tree,
	const struct ks_oid *oid, const char *path)
{
	const struct history_object *object = history_object(history, tree);
	const uint8_t *p = object->bytes.p;
	const uint8_t *end = p + object->bytes.n;

	if (!*path)
		return ks_oid_eq(tree, oid);
	while (!object->is_missing && p < end) {
		const char *mode = (const char *)p;
		const char *name = strchr(mode, ' ') + 1;
		size_t n = strlen(name);
		struct ks_oid entry =
			ks_oid_of((const uint8_t *)name + n + 1, KS_OID_SHA1);

		p = (const uint8_t *)name + n + 1 + KS_OID_SHA1;
		if (strcmp(name, path) == 0)
			return ks_oid_eq(&entry, oid);
		if (strncmp(name, path, n) == 0 && path[n] == '/')
			return stands_at(history, &entry, oid, path + n + 1);
	}
	return false;
}

static void join_note(struct naive *out)
{
	char joined[256];
	size_t n = 0;

	for (const char *p = out->path; *p; p++) {
		if (*p != '/')
			joined[n++] = *p;
	}
	joined[n] = '\0';
	if (n != 2 * KS_OID_SHA1 || strspn(joined, "0123456789abcdef") != n)
		return;
	strcpy(out->path, joined);
	out->is_note = true;
}

static void find_oldest(
	struct naive *out, struct history *history, const struct ks_oid *oid)
{
	struct ordered ordered;

	order(&ordered, history);
	for (size_t i = 0; i < ordered.count && !out->has_path; i++) {
		if (!path_in(history, ordered.list[i], oid, out->path))
			continue;
		out->has_path = true;
		out->commit = ordered.list[i]->oid;
		out->is_reachable |= ordered.reach[i] != NONE;
		if (ordered.reach[i] == NOTE)
			join_note(out);
	}
}

static void find_in_head(struct naive *out, struct history *history,
	const struct ks_commit *head, const struct ks_oid *oid)
{
	if (!path_in(history, head, oid, out->head_path))
		return;
	out->has_head_path = true;
	if (stands_at(history, &head->tree, oid, out->path))
		strcpy(out->head_path, out->path);
}

void naive_find(
	struct naive *out, struct history *history, const struct ks_oid *oid)
{
	*out = (struct naive){ .has_path = false };
	find_oldest(out, history, oid);
	for (uint32_t i = 0; i < history->tip_count; i++) {
		const struct ks_tip *tip = &history->tips[i];
		const struct ks_commit *commit = commit_of(history, &tip->oid);
		char path[256];

		if (ks_oid_eq(&tip->oid, oid))
			out->is_reachable = true;
		if (commit && tip->is_head)
			find_in_head(out, history, commit, oid);
		if (commit && tip->is_branch &&
			path_in(history, commit, oid, path))
			out->branches[out->branch_count++] = i;
	}
}
