/* SPDX-License-Identifier: Apache-2.0 */
/* Refs and reflogs. */
#include "source/refs.h"

#include "base/array.h"
#include "source/ref_files.h"
#include "source/reflog.h"

#include <dirent.h>
#include <stdlib.h>

enum {
	SYMBOLIC_MAX = 5 /* refs that name refs; git's own limit */
};

/* A ref as it stands. */
struct entry {
	const char *name;
	const char *target; /* of a symbolic one; else NULL */
	struct ks_oid oid;
};

struct reading {
	struct ks_refs *refs;
	const struct ks_layout *layout;
	struct ks_arena *arena;
	struct entry *entries; /* sorted by name */
	size_t count;
	size_t cap;
	struct ks_buf path;
	struct ks_buf text;
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

static int add_broken(void *payload, const char *name)
{
	struct reading *reading = payload;
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

static int add_entry(struct reading *reading, const char *name,
	const char *target, const struct ks_oid *oid)
{
	struct entry *entry;

	if (ks_array_reserve(&reading->entries, &reading->cap,
		    reading->count + 1, sizeof(*entry)) < 0)
		return KS_E_NOMEM;
	entry = &reading->entries[reading->count];
	*entry = (struct entry){
		.name = ks_arena_copy(reading->arena, ks_span_str(name)),
	};
	if (oid)
		entry->oid = *oid;
	if (target)
		entry->target =
			ks_arena_copy(reading->arena, ks_span_str(target));
	if (!entry->name || (target && !entry->target))
		return KS_E_NOMEM;
	reading->count++;
	return KS_OK;
}

static int take_ref(void *payload, const char *name, const struct ks_oid *oid)
{
	return add_entry(payload, name, NULL, oid);
}

static int take_symbolic(void *payload, const char *name, const char *target)
{
	return add_entry(payload, name, target, NULL);
}

static int by_name(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;

	return strcmp(left->name, right->name);
}

static int read_entries(struct reading *reading, struct ks_err *err)
{
	const struct ks_layout *layout = reading->layout;
	struct ks_ref_visitor visitor = {
		.ref = take_ref,
		.symbolic = take_symbolic,
		.broken = add_broken,
		.payload = reading,
	};
	int rc = ks_ref_files_visit(
		layout->common, "refs/", layout->hash_bytes, &visitor, err);

	if (reading->count)
		qsort(reading->entries, reading->count,
			sizeof(*reading->entries), by_name);
	reading->refs->out.ref_count = reading->count;
	return rc;
}

/* The object behind the ref ${name}. KS_E_NOTFOUND: there is none, yet. */
static int resolve(
	const struct reading *reading, const char *name, struct ks_oid *out)
{
	for (int depth = 0; depth < SYMBOLIC_MAX; depth++) {
		struct entry key = { .name = name };
		const struct entry *entry =
			reading->count
				? bsearch(&key, reading->entries,
					  reading->count, sizeof(key), by_name)
				: NULL;

		if (!entry)
			return KS_E_NOTFOUND;
		if (!entry->target) {
			*out = entry->oid;
			return KS_OK;
		}
		name = entry->target;
	}
	return KS_E_CORRUPT;
}

static int add_entries(struct reading *reading)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < reading->count; i++) {
		const struct entry *entry = &reading->entries[i];
		struct ks_oid oid;

		rc = resolve(reading, entry->name, &oid);
		if (rc == KS_OK)
			rc = add(reading, entry->name, &oid, false, false);
		else if (rc == KS_E_CORRUPT)
			rc = add_broken(reading, entry->name);
		else
			rc = KS_OK;
	}
	return rc;
}

/*
 * The ref that is the file ${file} in ${folder}, called ${name}; one that is
 * not there, or unborn, is none.
 */
static int add_file(struct reading *reading, const char *folder,
	const char *file, const char *name)
{
	bool is_head = strcmp(name, "HEAD") == 0;
	struct ks_oid oid;
	int rc = ks_ref_files_read(&oid, &reading->text, folder, file,
		reading->layout->hash_bytes, NULL);

	if (rc == KS_OK && reading->text.n)
		rc = resolve(reading, (const char *)reading->text.p, &oid);
	if (rc == KS_OK)
		return add(reading, name, &oid, false, is_head);
	if (rc == KS_E_NOMEM)
		return rc;
	/* A pseudo ref may hold other things, or nothing: FETCH_HEAD does. */
	if (rc == KS_E_NOTFOUND || (rc == KS_E_CORRUPT && !is_head))
		return KS_OK;
	return add_broken(reading, name);
}

/* HEAD, and what git writes beside the named refs: gitrevisions(7). */
static int add_pseudo(struct reading *reading)
{
	static const char *const names[] = { "HEAD", "FETCH_HEAD", "ORIG_HEAD",
		"MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
		"REBASE_HEAD" };
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < sizeof(names) / sizeof(*names);
		i++)
		rc = add_file(
			reading, reading->layout->git_dir, names[i], names[i]);
	return rc;
}

/* The HEADs of linked worktrees; those that name refs are among these. */
static int add_worktrees(struct reading *reading)
{
	const char *common = reading->layout->common;
	struct ks_buf *path = &reading->path;
	struct dirent *item;
	DIR *folder = NULL;
	int rc = KS_OK;

	ks_buf_reset(path);
	if (ks_buf_printf(path, "%sworktrees", common) < 0 || !ks_buf_str(path))
		return KS_E_NOMEM;
	folder = opendir((const char *)path->p);
	while (folder && rc == KS_OK && (item = readdir(folder))) {
		if (item->d_name[0] == '.')
			continue;
		ks_buf_reset(path);
		if (ks_buf_printf(path, "worktrees/%s/HEAD", item->d_name) <
				0 ||
			!ks_buf_str(path))
			rc = KS_E_NOMEM;
		else
			rc = add_file(reading, common, (const char *)path->p,
				(const char *)path->p);
	}
	if (folder)
		closedir(folder);
	return rc;
}

static int add_former(void *payload, const char *name, const struct ks_oid *oid)
{
	return add(payload, name, oid, true, false);
}

int ks_refs_read(struct ks_refs *refs, const struct ks_layout *layout,
	struct ks_arena *arena, struct ks_err *err)
{
	struct reading reading = {
		.refs = refs, .layout = layout, .arena = arena
	};
	int rc = read_entries(&reading, err);

	if (rc == KS_OK)
		rc = add_pseudo(&reading);
	if (rc == KS_OK)
		rc = add_worktrees(&reading);
	if (rc == KS_OK)
		rc = ks_reflogs_read(layout->common, layout->hash_bytes,
			add_former, &reading);
	if (rc == KS_OK)
		rc = add_entries(&reading);
	if (rc == KS_E_NOMEM)
		ks_fail_nomem(err);
	free(reading.entries);
	ks_buf_release(&reading.path);
	ks_buf_release(&reading.text);
	return rc;
}

void ks_refs_release(struct ks_refs *refs)
{
	free(refs->list);
	free(refs->broken);
	*refs = (struct ks_refs){ 0 };
}
