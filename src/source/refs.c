/* SPDX-License-Identifier: Apache-2.0 */
/* Refs and reflogs. */
#include "source/refs.h"

#include "base/array.h"
#include "source/reflog.h"

#include <dirent.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct reading {
	struct ks_refs *refs;
	struct ks_arena *arena;
	size_t hash_bytes;
};

static int add(struct reading *reading, const char *name,
	const struct ks_oid *oid, bool is_reflog, bool is_head)
{
	struct ks_refs *refs = reading->refs;
	char *copy = ks_arena_copy(reading->arena, ks_span_str(name));

	if (!copy || ks_array_reserve(&refs->list, &refs->cap,
			     refs->out.count + 1, sizeof(*refs->list)) < 0)
		return KS_E_NOMEM;
	refs->list[refs->out.count++] = (struct ks_ref){
		.name = copy,
		.oid = *oid,
		.is_reflog = is_reflog,
		.is_head = is_head,
	};
	refs->out.list = refs->list;
	return KS_OK;
}

static int add_broken(struct reading *reading, const char *name)
{
	struct ks_refs *refs = reading->refs;
	char *copy = ks_arena_copy(reading->arena, ks_span_str(name));

	if (!copy ||
		ks_array_reserve(&refs->broken, &refs->broken_cap,
			refs->out.broken_count + 1, sizeof(*refs->broken)) < 0)
		return KS_E_NOMEM;
	refs->broken[refs->out.broken_count++] = copy;
	refs->out.broken = refs->broken;
	return KS_OK;
}

/* Was ${name} found to be broken before? */
static bool is_known(const struct reading *reading, const char *name)
{
	const struct ks_ref_list *refs = &reading->refs->out;

	for (size_t i = 0; i < refs->broken_count; i++) {
		if (strcmp(refs->broken[i], name) == 0)
			return true;
	}
	return false;
}

/* Pseudo refs may hold more than an id (FETCH_HEAD): no reason to worry. */
static bool is_pseudo(const char *name)
{
	return strcmp(name, "HEAD") != 0 && !strchr(name, '/');
}

/* Resolve ${name} (symbolic or not); a symbolic one to nothing is unborn. */
static int add_named(struct reading *reading, git_repository *git,
	const char *name, bool is_head)
{
	git_oid id;
	int rc = ks_libgit2()->reference_name_to_id(&id, git, name);
	struct ks_oid oid;

	if (rc == GIT_ENOTFOUND)
		return KS_OK;
	if (rc < 0)
		return is_pseudo(name) || is_known(reading, name)
			       ? KS_OK
			       : add_broken(reading, name);
	oid = ks_oid_of(id.id, reading->hash_bytes);
	return add(reading, name, &oid, false, is_head);
}

static int read_all(
	struct reading *reading, git_repository *git, struct ks_err *err)
{
	git_reference_iterator *refs = NULL;
	const char *name;
	int rc = KS_OK;

	if (ks_libgit2()->reference_iterator_new(&refs, git) < 0)
		return ks_fail(err, KS_E_REPO, "cannot list the refs: %s",
			ks_libgit2()->error_last()
				? ks_libgit2()->error_last()->message
				: "");
	while (rc == KS_OK &&
		ks_libgit2()->reference_next_name(&name, refs) == 0) {
		rc = add_named(reading, git, name, false);
		reading->refs->out.ref_count++;
	}
	ks_libgit2()->reference_iterator_free(refs);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

/* The HEADs of linked worktrees: files, each an id or the name of a ref. */
static int read_worktrees(struct reading *reading, const char *common)
{
	char path[PATH_MAX];
	struct dirent *item;
	DIR *folder;
	int rc = KS_OK;

	snprintf(path, sizeof(path), "%sworktrees", common);
	folder = opendir(path);
	while (folder && rc == KS_OK && (item = readdir(folder))) {
		struct ks_buf text = { 0 };
		struct ks_oid oid;

		if (item->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%sworktrees/%.255s/HEAD", common,
			item->d_name);
		if (ks_buf_read_file(&text, path, NULL) == KS_OK &&
			text.n >= 2 * reading->hash_bytes &&
			ks_oid_parse(&oid, (const char *)text.p,
				reading->hash_bytes)) {
			snprintf(path, sizeof(path), "worktrees/%.255s/HEAD",
				item->d_name);
			rc = add(reading, path, &oid, false, false);
		}
		ks_buf_release(&text);
	}
	if (folder)
		closedir(folder);
	return rc;
}

/* "<id>" or "ref: <name>", as git writes a loose ref. */
static bool is_loose_ref(struct ks_span text, size_t hash_bytes)
{
	struct ks_oid oid;

	return ks_span_starts(text, "ref: ") ||
	       (text.n >= 2 * hash_bytes &&
		       ks_oid_parse(&oid, (const char *)text.p, hash_bytes));
}

/* libgit2 passes over loose refs that it cannot read: say which they are. */
static int find_broken(struct reading *reading, const char *common)
{
	char path[PATH_MAX];
	char *roots[] = { path, NULL };
	size_t stem = strlen(common);
	FTSENT *item;
	FTS *walk;
	int rc = KS_OK;

	snprintf(path, sizeof(path), "%srefs", common);
	walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	while (walk && rc == KS_OK && (item = fts_read(walk))) {
		struct ks_buf text = { 0 };
		size_t n = item->fts_pathlen;

		if (item->fts_info != FTS_F ||
			(n > 5 && !strcmp(item->fts_path + n - 5, ".lock")))
			continue;
		if (ks_buf_read_file(&text, item->fts_accpath, NULL) < 0 ||
			!is_loose_ref(ks_buf_span(&text), reading->hash_bytes))
			rc = add_broken(reading, item->fts_path + stem);
		ks_buf_release(&text);
	}
	if (walk)
		fts_close(walk);
	return rc;
}

static int add_former(void *payload, const char *name, const struct ks_oid *oid)
{
	return add(payload, name, oid, true, false);
}

int ks_refs_read(struct ks_refs *refs, git_repository *git, size_t hash_bytes,
	struct ks_arena *arena, struct ks_err *err)
{
	/* Refs that git writes beside the named ones: gitrevisions(7). */
	static const char *const pseudo[] = { "FETCH_HEAD", "ORIG_HEAD",
		"MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
		"REBASE_HEAD" };
	struct reading reading = { refs, arena, hash_bytes };
	const char *common = ks_libgit2()->repository_commondir(git);
	int rc;

	rc = add_named(&reading, git, "HEAD", true);
	for (size_t i = 0; rc == KS_OK && i < sizeof(pseudo) / sizeof(*pseudo);
		i++)
		rc = add_named(&reading, git, pseudo[i], false);
	if (rc == KS_OK)
		rc = read_worktrees(&reading, common);
	if (rc == KS_OK)
		rc = find_broken(&reading, common);
	if (rc == KS_OK)
		rc = ks_reflogs_read(common, hash_bytes, add_former, &reading);
	if (rc < 0)
		return ks_fail_nomem(err);
	return read_all(&reading, git, err);
}

void ks_refs_release(struct ks_refs *refs)
{
	free(refs->list);
	free(refs->broken);
	*refs = (struct ks_refs){ 0 };
}
