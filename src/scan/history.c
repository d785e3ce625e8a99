/* SPDX-License-Identifier: Apache-2.0 */
/* Refs and what hangs together: tips, and what is missing. */
#include "scan/history.h"

#include "source/repo.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	TAG_DEPTH_MAX = 64 /* tags of tags */
};

int ks_history_refs(struct ks_gather *gather, struct ks_err *err)
{
	const struct ks_ref_list *refs;
	int rc = ks_repo_refs(gather->repo, &refs, err);

	if (rc < 0)
		return rc;
	gather->coverage.refs = refs->ref_count;
	for (size_t i = 0; rc == KS_OK && i < refs->count; i++) {
		if (!refs->list[i].is_reflog)
			rc = ks_worker_ref(
				&gather->workers[0], refs->list[i].name, err);
	}
	for (size_t i = 0; rc == KS_OK && i < refs->broken_count; i++)
		rc = ks_skips_add(&gather->skips, KS_SKIP_DANGLING,
			refs->broken[i], NULL, "the ref cannot be read", err);
	return rc;
}

static int find_tag(const void *key, const void *item)
{
	const struct ks_oid *oid = key;
	const struct ks_tag *tag = item;

	return memcmp(oid->id, tag->oid.id, KS_OID_MAX);
}

static struct ks_oid peel(const struct ks_gather *gather, struct ks_oid oid)
{
	for (int depth = 0; depth < TAG_DEPTH_MAX; depth++) {
		const struct ks_tag *tag = bsearch(&oid, gather->tags,
			gather->tag_count, sizeof(*gather->tags), find_tag);

		if (!tag)
			break;
		oid = tag->target;
	}
	return oid;
}

static bool is_branch(const char *name)
{
	return strncmp(name, "refs/heads/", 11) == 0 ||
	       strncmp(name, "refs/remotes/", 13) == 0;
}

static int note_dangling(
	struct ks_gather *gather, const struct ks_ref *ref, struct ks_err *err)
{
	char hex[KS_OID_HEX_MAX];
	char detail[KS_OID_HEX_MAX + 64];

	ks_oid_hex(&ref->oid, gather->hash_bytes, hex);
	snprintf(
		detail, sizeof(detail), "it names %s, which is not there", hex);
	return ks_skips_add(
		&gather->skips, KS_SKIP_DANGLING, ref->name, NULL, detail, err);
}

/* A reflog outlives what it names: gc prunes objects first. No skip then. */
static int make_tips(struct ks_gather *gather, struct ks_err *err)
{
	const struct ks_ref_list *refs;
	int rc = ks_repo_refs(gather->repo, &refs, err);

	if (rc < 0)
		return rc;
	gather->tips = calloc(refs->count + 1, sizeof(*gather->tips));
	if (!gather->tips)
		return ks_fail_nomem(err);
	for (size_t i = 0; rc == KS_OK && i < refs->count; i++) {
		const struct ks_ref *ref = &refs->list[i];

		if (!ks_store_has(&gather->store, &ref->oid)) {
			if (!ref->is_reflog)
				rc = note_dangling(gather, ref, err);
			continue;
		}
		gather->tips[gather->tip_count++] = (struct ks_tip){
			.name = ref->is_reflog ? "" : ref->name,
			.oid = peel(gather, ref->oid),
			.is_branch = !ref->is_reflog && is_branch(ref->name),
			.is_head = ref->is_head,
		};
	}
	return rc;
}

static int note_missing(struct ks_gather *gather, const struct ks_oid *oid,
	const char *detail, struct ks_err *err)
{
	return ks_skips_add(
		&gather->skips, KS_SKIP_MISSING, NULL, oid, detail, err);
}

static int by_oid(const void *a, const void *b)
{
	return memcmp(a, b, KS_OID_MAX);
}

/* A commit where a shallow clone ends names parents that are not there. */
static bool is_cut(const struct ks_gather *gather, const struct ks_oid *oid)
{
	size_t count;
	const struct ks_oid *list =
		ks_repo_shallow_commits(gather->repo, &count);

	for (size_t i = 0; i < count; i++) {
		if (by_oid(&list[i], oid) == 0)
			return true;
	}
	return false;
}

static int check_commits(struct ks_gather *gather, struct ks_err *err)
{
	const struct ks_commits *commits = &gather->commits;
	struct ks_oidmap noted = { 0 };
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < commits->count; i++) {
		const struct ks_commit *commit = &commits->list[i];

		for (uint32_t j = 0; rc == KS_OK && j <= commit->parent_count;
			j++) {
			const struct ks_oid *oid =
				j == commit->parent_count
					? &commit->tree
					: &commits->parents
						   [commit->first_parent + j];
			size_t before = noted.count;

			if (ks_store_has(&gather->store, oid) ||
				(j < commit->parent_count &&
					is_cut(gather, &commit->oid)))
				continue;
			if (ks_oidmap_add(&noted, oid, 0, NULL) < 0)
				rc = ks_fail_nomem(err);
			else if (noted.count > before)
				rc = note_missing(gather, oid,
					j == commit->parent_count
						? "the tree of a commit"
						: "the parent of a commit",
					err);
		}
	}
	ks_oidmap_release(&noted);
	return rc;
}

static int check_tags(struct ks_gather *gather, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < gather->tag_count; i++) {
		const struct ks_oid *oid = &gather->tags[i].target;

		if (!ks_store_has(&gather->store, oid))
			rc = note_missing(gather, oid, "a tag names it", err);
	}
	return rc;
}

struct naming {
	struct ks_gather *gather;
	struct ks_oidmap noted;
};

static int check_named(void *payload, const struct ks_oid *oid)
{
	struct naming *naming = payload;
	size_t before = naming->noted.count;

	if (ks_store_has(&naming->gather->store, oid))
		return KS_OK;
	if (ks_oidmap_add(&naming->noted, oid, 0, NULL) < 0)
		return KS_E_NOMEM;
	if (naming->noted.count == before)
		return KS_OK;
	return note_missing(naming->gather, oid, "a tree names it", NULL);
}

static int check_trees(struct ks_gather *gather, struct ks_err *err)
{
	struct naming naming = { .gather = gather };
	int rc = KS_OK;

	for (unsigned i = 0; rc == KS_OK && i < gather->jobs; i++) {
		const struct ks_oidmap *named = gather->workers[i].named;

		if (named)
			rc = ks_oidmap_each(named, check_named, &naming);
	}
	ks_oidmap_release(&naming.noted);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static int note_incomplete_clone(struct ks_gather *gather, struct ks_err *err)
{
	int rc = KS_OK;

	if (ks_repo_is_shallow(gather->repo))
		rc = ks_skips_add(&gather->skips, KS_SKIP_SHALLOW,
			gather->source, NULL,
			"a shallow clone: its older history is not here; "
			"'git fetch --unshallow' brings it",
			err);
	if (rc == KS_OK && ks_repo_is_partial(gather->repo))
		rc = ks_skips_add(&gather->skips, KS_SKIP_PARTIAL,
			gather->source, NULL,
			"a partial clone: some objects may be left at its "
			"remote; 'git fetch --refetch --no-filter' brings "
			"them",
			err);
	return rc;
}

int ks_history_check(struct ks_gather *gather, struct ks_err *err)
{
	int rc = make_tips(gather, err);

	if (rc == KS_OK)
		rc = note_incomplete_clone(gather, err);
	if (rc == KS_OK)
		rc = check_commits(gather, err);
	if (rc == KS_OK)
		rc = check_tags(gather, err);
	if (rc == KS_OK)
		rc = check_trees(gather, err);
	return rc;
}
