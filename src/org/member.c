/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the forks that are scanned together has a commit. */
#include "org/member.h"

#include "base/array.h"
#include "blobs/reader.h"
#include "mirror/mirror.h"
#include "provenance/commit_range.h"
#include "store/findings.h"

#include <stdlib.h>
#include <string.h>

enum {
	READER_CACHE = 16 << 20 /* bytes */
};

struct ks_member {
	const char *place;
	const char *prefix; /* of its refs */
	struct ks_oids tips;
	bool is_main;
	bool is_walked;
	struct ks_commit_range own; /* what it has and the main one has not */
};

int ks_members_add(struct ks_members *members, const char *place,
	const char *key, bool is_main, struct ks_err *err)
{
	struct ks_buf prefix = { 0 };
	struct ks_member member = { .is_main = is_main };
	int rc = ks_mirror_prefix(&prefix, key, err);

	if (rc == KS_OK) {
		member.place =
			ks_arena_copy(&members->arena, ks_span_str(place));
		member.prefix =
			ks_arena_copy(&members->arena, ks_buf_span(&prefix));
		if (!member.place || !member.prefix ||
			ks_array_reserve(&members->list, &members->cap,
				members->count + 1, sizeof(member)) < 0)
			rc = ks_fail_nomem(err);
	}
	if (rc == KS_OK)
		members->list[members->count++] = member;
	ks_buf_release(&prefix);
	return rc;
}

static int add_tips(struct ks_members *members, struct ks_member *member,
	const struct ks_tips *tips, struct ks_err *err)
{
	size_t n = strlen(member->prefix);

	for (size_t i = 0; i < tips->refs.out.count; i++) {
		const struct ks_ref *ref = &tips->refs.list[i];

		if (strncmp(ref->name, member->prefix, n) != 0)
			continue;
		if (ks_oids_add(&member->tips, &ref->oid) < 0 ||
			(!member->is_main && ks_oids_add(&members->others->tips,
						     &ref->oid) < 0))
			return ks_fail_nomem(err);
	}
	return KS_OK;
}

static void pass_over(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	(void)path;
	(void)why;
}

static const struct ks_oids *main_tips(const struct ks_members *members)
{
	static const struct ks_oids none = { 0 };

	for (size_t i = 0; i < members->count; i++) {
		if (members->list[i].is_main)
			return &members->list[i].tips;
	}
	return &none;
}

static int walk(const struct ks_members *members, const struct ks_tips *tips,
	struct ks_member *member, struct ks_err *err)
{
	const struct ks_oids *hidden = main_tips(members);
	struct ks_commit_range_input input = {
		.reader = members->reader,
		.hash_bytes = tips->layout.hash_bytes,
		.tips = member->tips.list,
		.tip_count = member->tips.count,
		.hidden = hidden->list,
		.hidden_count = hidden->count,
		.is_exact = true,
	};

	member->is_walked = true;
	return ks_commit_range_find(&member->own, &input, err);
}

static int prepare(struct ks_members *members, const struct ks_tips *tips,
	struct ks_err *err)
{
	const struct ks_layout *layout = &tips->layout;
	int rc = KS_OK;

	members->is_ready = true;
	members->others = calloc(1, sizeof(*members->others));
	members->store = calloc(1, sizeof(*members->store));
	if (!members->others || !members->store)
		return ks_fail_nomem(err);
	for (size_t i = 0; rc == KS_OK && i < members->count; i++)
		rc = add_tips(members, &members->list[i], tips, err);
	if (rc < 0)
		return rc;
	rc = ks_store_open_unlisted(members->store,
		(const char *const *)layout->objects.list,
		layout->objects.count, layout->hash_bytes, pass_over, NULL,
		err);
	if (rc == KS_OK)
		rc = ks_reader_new(&members->reader, members->store,
			READER_CACHE, READER_CACHE, err);
	return rc == KS_OK ? walk(members, tips, members->others, err) : rc;
}

static bool has(const struct ks_member *member, const struct ks_oid *oid)
{
	uint32_t at = ks_oidmap_get(&member->own.index, oid);

	return at != KS_OIDMAP_NONE && ks_commit_range_has(&member->own, at);
}

int ks_members_find(struct ks_members *members, const struct ks_tips *tips,
	const char *hex, const char **place, struct ks_err *err)
{
	struct ks_oid oid;
	int rc = KS_OK;

	*place = "";
	if (members->count < 2 || !hex[0] ||
		!ks_oid_parse(&oid, hex, tips->layout.hash_bytes))
		return KS_OK;
	if (!members->is_ready)
		rc = prepare(members, tips, err);
	if (rc == KS_OK && !has(members->others, &oid))
		return KS_OK;
	for (size_t i = 0; rc == KS_OK && i < members->count; i++) {
		struct ks_member *member = &members->list[i];

		if (member->is_main)
			continue;
		if (!member->is_walked)
			rc = walk(members, tips, member, err);
		if (rc == KS_OK && has(member, &oid)) {
			*place = member->place;
			break;
		}
	}
	/* What cannot be walked is told without. */
	return rc == KS_E_NOMEM || rc == KS_E_INTERRUPTED ? rc : KS_OK;
}

/* A place that another has now. */
struct moved {
	int64_t id;
	const char *member;
};

struct refreshing {
	struct ks_members *members;
	const struct ks_tips *tips;
	struct moved *list;
	size_t count;
	size_t cap;
};

static int look(void *payload, int64_t id, const char *commit,
	const char *member, struct ks_err *err)
{
	struct refreshing *refreshing = payload;
	struct moved moved = { .id = id };
	int rc = ks_members_find(refreshing->members, refreshing->tips, commit,
		&moved.member, err);

	if (rc < 0 || strcmp(moved.member, member) == 0)
		return rc;
	if (ks_array_reserve(&refreshing->list, &refreshing->cap,
		    refreshing->count + 1, sizeof(moved)) < 0)
		return ks_fail_nomem(err);
	refreshing->list[refreshing->count++] = moved;
	return KS_OK;
}

int ks_members_refresh(struct ks_members *members, const struct ks_tips *tips,
	struct ks_state *state, int64_t repository, struct ks_err *err)
{
	struct refreshing refreshing = { .members = members, .tips = tips };
	int rc = KS_OK;

	if (members->count > 1)
		rc = ks_findings_members(
			state, repository, look, &refreshing, err);
	for (size_t i = 0; rc == KS_OK && i < refreshing.count; i++)
		rc = ks_findings_set_member(state, refreshing.list[i].id,
			refreshing.list[i].member, err);
	free(refreshing.list);
	return rc;
}

static void release(struct ks_member *member)
{
	ks_commit_range_release(&member->own);
	free(member->tips.list);
}

void ks_members_release(struct ks_members *members)
{
	for (size_t i = 0; i < members->count; i++)
		release(&members->list[i]);
	if (members->others)
		release(members->others);
	free(members->others);
	ks_reader_free(members->reader);
	if (members->store)
		ks_store_close(members->store);
	free(members->store);
	free(members->list);
	ks_arena_release(&members->arena);
	*members = (struct ks_members){ 0 };
}
