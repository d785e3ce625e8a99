/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing a fork up to date whose network's store has most of it. */
#include "mirror/share.h"

#include "base/array.h"
#include "base/file.h"
#include "base/oidmap.h"
#include "mirror/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	FETCH_MAX = 100, /* refs that are named one by one */
	WORDS = 12
};

/* A file of the store: its refs may lack some. */
static const char unsettled[] = "keysieve-unsettled";

static const char header[] = "# pack-refs with: sorted \n";

/* A ref of the remote. Spans of the listing. */
struct ks_share_ref {
	struct ks_span id; /* hex */
	struct ks_span name;
	bool is_known; /* the store has a ref to the same */
};

/* git-check-ref-format(1); what is none is left to git. */
static bool is_ref(struct ks_span name)
{
	uint8_t before = '/';

	if (!ks_span_starts(name, "refs/") || name.n > 1024)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		uint8_t byte = name.p[i];

		if (byte <= ' ' || byte == 0x7f ||
			memchr("~^:?*[\\", byte, 7) ||
			(before == '/' && (byte == '/' || byte == '.')) ||
			(before == '.' && byte == '.') ||
			(before == '@' && byte == '{'))
			return false;
		before = byte;
	}
	return before != '/' && before != '.' &&
	       !memmem(name.p, name.n, ".lock/", 6) &&
	       !(name.n > 5 && memcmp(name.p + name.n - 5, ".lock", 5) == 0);
}

/* Where ${byte} is in ${line}; its end: nowhere. */
static size_t place_of(struct ks_span line, uint8_t byte)
{
	size_t n = 0;

	while (n < line.n && line.p[n] != byte)
		n++;
	return n;
}

static int by_name(const void *a, const void *b)
{
	const struct ks_share_ref *left = a;
	const struct ks_share_ref *right = b;
	size_t n = left->name.n < right->name.n ? left->name.n : right->name.n;
	int order = memcmp(left->name.p, right->name.p, n);

	return order ? order
		     : (left->name.n > right->name.n) -
			       (left->name.n < right->name.n);
}

/* All but HEAD and what tags lead to. False: one has a name that is none. */
static bool read_refs(struct ks_share *out, struct ks_span text)
{
	struct ks_span line;

	while (ks_span_next_line(&text, &line)) {
		size_t n = place_of(line, '\t');
		struct ks_share_ref ref = { 0 };

		if (n == line.n || ks_span_starts(line, "ref: "))
			continue;
		ref.id = ks_span_cut(line, 0, n);
		ref.name = ks_span_cut(line, n + 1, line.n);
		if (ks_span_eq(ref.name, ks_span_str("HEAD")) ||
			(ref.name.n > 3 && memcmp(ref.name.p + ref.name.n - 3,
						   "^{}", 3) == 0))
			continue;
		if (!is_ref(ref.name))
			return false;
		out->refs[out->ref_count++] = ref;
	}
	if (out->ref_count)
		qsort(out->refs, out->ref_count, sizeof(*out->refs), by_name);
	for (size_t i = 1; i < out->ref_count; i++) {
		if (by_name(&out->refs[i - 1], &out->refs[i]) == 0)
			return false;
	}
	return true;
}

static bool is_known(
	const struct ks_oidmap *known, struct ks_span hex, size_t hash_bytes)
{
	struct ks_oid oid;
	char text[KS_OID_HEX_MAX] = "";

	if (hex.n != 2 * hash_bytes)
		return false;
	memcpy(text, hex.p, hex.n);
	return ks_oid_parse(&oid, text, hash_bytes) &&
	       ks_oidmap_get(known, &oid) != KS_OIDMAP_NONE;
}

static int learn(struct ks_oidmap *known, struct ks_span old, size_t hash_bytes)
{
	struct ks_span line;

	while (ks_span_next_line(&old, &line)) {
		char hex[KS_OID_HEX_MAX] = "";
		struct ks_oid oid;

		if (line.n <= 2 * hash_bytes)
			continue;
		memcpy(hex, line.p, 2 * hash_bytes);
		if (ks_oid_parse(&oid, hex, hash_bytes) &&
			ks_oidmap_add(known, &oid, 1, NULL) < 0)
			return KS_E_NOMEM;
	}
	return KS_OK;
}

/* Where what is fetched is until all of it is there. */
static int add_refspecs(struct ks_share *share, const struct ks_place *place)
{
	struct ks_buf text = { 0 };
	int rc;

	share->refspecs = ks_arena_array(
		&share->arena, FETCH_MAX, sizeof(*share->refspecs));
	share->is_possible = share->refspecs != NULL;
	rc = share->refspecs ? KS_OK : KS_E_NOMEM;
	for (size_t i = 0; rc == KS_OK && i < share->ref_count; i++) {
		const struct ks_share_ref *ref = &share->refs[i];

		if (ref->is_known)
			continue;
		if (share->refspec_count == FETCH_MAX) {
			share->is_possible = false;
			break;
		}
		ks_buf_reset(&text);
		rc = ks_buf_printf(&text, "+%.*s:refs/keysieve-new/%s/%.*s",
			(int)ref->name.n, (const char *)ref->name.p,
			place->name, (int)(ref->name.n - 5),
			(const char *)ref->name.p + 5);
		if (rc == KS_OK)
			share->refspecs[share->refspec_count] = ks_arena_copy(
				&share->arena, ks_buf_span(&text));
		if (rc == KS_OK && !share->refspecs[share->refspec_count++])
			rc = KS_E_NOMEM;
	}
	ks_buf_release(&text);
	return rc;
}

static int plan(struct ks_share *share, const struct ks_place *place,
	struct ks_span old, struct ks_span listing, size_t hash_bytes)
{
	struct ks_oidmap known = { 0 };
	size_t lines = 1;
	int rc = KS_OK;

	for (size_t i = 0; i < listing.n; i++)
		lines += listing.p[i] == '\n';
	share->refs =
		ks_arena_array(&share->arena, lines, sizeof(*share->refs));
	if (!share->refs)
		return KS_E_NOMEM;
	if (!read_refs(share, listing))
		return KS_OK;
	rc = learn(&known, old, hash_bytes);
	for (size_t i = 0; rc == KS_OK && i < share->ref_count; i++)
		share->refs[i].is_known =
			is_known(&known, share->refs[i].id, hash_bytes);
	if (rc == KS_OK)
		rc = add_refspecs(share, place);
	ks_oidmap_release(&known);
	return rc;
}

/* ${folder}/${name} in ${out}. */
static int join(struct ks_buf *out, const char *folder, const char *name,
	const char *below, struct ks_err *err)
{
	ks_buf_reset(out);
	return ks_buf_printf(out, "%s/%s%s", folder, name, below) < 0 ||
			       !ks_buf_str(out)
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

int ks_share_plan(struct ks_share *share, const struct ks_place *place,
	struct ks_span listing, bool is_sha256, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct ks_buf old = { 0 };
	int rc = join(&path, place->store, "packed-refs", "", err);

	/* Without any there is nothing to share yet. */
	if (rc == KS_OK && access((const char *)path.p, F_OK) == 0)
		rc = ks_buf_read_file(&old, (const char *)path.p, err);
	if (rc == KS_OK && old.n &&
		plan(share, place, ks_buf_span(&old), listing,
			is_sha256 ? KS_OID_SHA256 : KS_OID_SHA1) < 0)
		rc = ks_fail_nomem(err);
	ks_buf_release(&path);
	ks_buf_release(&old);
	return rc;
}

static int fetch(const struct ks_share *share, const struct ks_place *place,
	const struct ks_remote *remote, const struct ks_git_limits *limits,
	struct ks_err *err)
{
	const char *words[WORDS + FETCH_MAX + 1] = { "--git-dir", place->store,
		"fetch", "--quiet", "--no-tags", "--force",
		"--no-write-fetch-head", "--no-recurse-submodules",
		"--update-head-ok", "--refmap=", "origin" };
	size_t n = 11;

	for (size_t i = 0; i < share->refspec_count; i++)
		words[n++] = share->refspecs[i];
	words[n] = NULL;
	return ks_git_run(NULL, words, remote, place->refspec, limits, err);
}

/* Those that are loose are what was fetched now, and no other. */
static int swap_loose(const struct ks_place *place, struct ks_buf *own,
	struct ks_buf *fresh, struct ks_err *err)
{
	int rc = ks_folder_remove((const char *)own->p, err);
	char *slash;

	if (rc < 0 || access((const char *)fresh->p, F_OK) < 0)
		return rc;
	slash = strrchr((char *)own->p, '/');
	*slash = '\0';
	rc = ks_file_make_folders((const char *)own->p, err);
	*slash = '/';
	if (rc == KS_OK &&
		rename((const char *)fresh->p, (const char *)own->p) < 0)
		rc = ks_fail_errno(err, errno, "cannot move the refs in '%s'",
			place->store);
	return rc;
}

/* What git wrote for a ref that it fetched: a line with its id. */
static int read_loose(struct ks_buf *out, const char *folder,
	const struct ks_share_ref *ref, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	if (ks_buf_printf(&path, "%s/%.*s", folder, (int)(ref->name.n - 5),
		    (const char *)ref->name.p + 5) < 0 ||
		!ks_buf_str(&path))
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = ks_buf_read_file_max(
			&text, (const char *)path.p, 256, err);
	if (rc == KS_OK) {
		struct ks_span rest = ks_buf_span(&text);
		struct ks_span line = { 0 };

		(void)ks_span_next_line(&rest, &line);
		rc = ks_buf_add(out, line.p, line.n) < 0 ? ks_fail_nomem(err)
							 : KS_OK;
	}
	ks_buf_release(&path);
	ks_buf_release(&text);
	return rc;
}

/* All refs of the fork, as its own repository is to have them. */
static int list_refs(struct ks_buf *out, const struct ks_share *share,
	const char *fresh, struct ks_err *err)
{
	int rc = ks_buf_add_str(out, header) < 0 ? ks_fail_nomem(err) : KS_OK;

	for (size_t i = 0; rc == KS_OK && i < share->ref_count; i++) {
		const struct ks_share_ref *ref = &share->refs[i];

		if (!ref->is_known)
			rc = read_loose(out, fresh, ref, err);
		else if (ks_buf_add(out, ref->id.p, ref->id.n) < 0)
			rc = ks_fail_nomem(err);
		if (rc == KS_OK &&
			ks_buf_printf(out, " %.*s\n", (int)ref->name.n,
				(const char *)ref->name.p) < 0)
			rc = ks_fail_nomem(err);
	}
	return rc;
}

int ks_share_fetch(const struct ks_share *share, const struct ks_place *place,
	const struct ks_remote *remote, const struct ks_git_limits *limits,
	struct ks_err *err)
{
	struct ks_buf own = { 0 };
	struct ks_buf fresh = { 0 };
	struct ks_buf packed = { 0 };
	struct ks_buf refs = { 0 };
	int rc = join(&own, place->store, "refs/keysieve/", place->name, err);

	if (rc == KS_OK)
		rc = join(&fresh, place->store, "refs/keysieve-new/",
			place->name, err);
	if (rc == KS_OK)
		rc = join(&packed, place->repo, "packed-refs", "", err);
	/* Of one that was killed. */
	if (rc == KS_OK)
		rc = ks_folder_remove((const char *)fresh.p, err);
	if (rc == KS_OK && share->refspec_count)
		rc = fetch(share, place, remote, limits, err);
	if (rc == KS_OK)
		rc = list_refs(&refs, share, (const char *)fresh.p, err);
	if (rc == KS_OK)
		rc = ks_place_forget(place->repo, err);
	if (rc == KS_OK)
		rc = swap_loose(place, &own, &fresh, err);
	if (rc == KS_OK)
		rc = ks_file_replace(
			(const char *)packed.p, ks_buf_span(&refs), 0600, err);
	else if (fresh.n)
		(void)!ks_folder_remove((const char *)fresh.p, NULL);
	ks_buf_release(&own);
	ks_buf_release(&fresh);
	ks_buf_release(&packed);
	ks_buf_release(&refs);
	return rc;
}

/* A line of the store's packed-refs that is to be. */
struct line {
	struct ks_span id;
	const char *name;
};

struct lines {
	struct ks_arena arena;
	struct line *list;
	size_t count;
	size_t cap;
	struct ks_oidmap known; /* ids that a line has */
};

static int add_line(struct lines *lines, struct ks_span id, const char *prefix,
	struct ks_span rest)
{
	struct ks_buf name = { 0 };
	struct line line = { 0 };
	char hex[KS_OID_HEX_MAX] = "";
	struct ks_oid oid;
	int rc = ks_buf_printf(
		&name, "%s%.*s", prefix, (int)rest.n, (const char *)rest.p);

	if (rc == KS_OK) {
		line.name = ks_arena_copy(&lines->arena, ks_buf_span(&name));
		line.id.p = (const uint8_t *)ks_arena_copy(&lines->arena, id);
		line.id.n = id.n;
	}
	ks_buf_release(&name);
	if (!line.name || !line.id.p ||
		ks_array_reserve(&lines->list, &lines->cap, lines->count + 1,
			sizeof(line)) < 0)
		return KS_E_NOMEM;
	lines->list[lines->count++] = line;
	memcpy(hex, id.p, id.n);
	return ks_oid_parse(&oid, hex, id.n / 2)
		       ? ks_oidmap_add(&lines->known, &oid, 1, NULL)
		       : KS_OK;
}

/* The lines of one repository; of one that is not the first, what is new. */
static int add_lines(struct lines *lines, struct ks_span text,
	const char *prefix, bool is_first)
{
	struct ks_span line;
	int rc = KS_OK;

	while (rc == KS_OK && ks_span_next_line(&text, &line)) {
		size_t n = place_of(line, ' ');
		struct ks_span id = ks_span_cut(line, 0, n);

		if (n + 6 >= line.n || line.p[0] == '#' || line.p[0] == '^' ||
			(n != 2 * (size_t)KS_OID_SHA1 &&
				n != 2 * (size_t)KS_OID_SHA256))
			continue;
		if (is_first || !is_known(&lines->known, id, n / 2))
			rc = add_line(lines, id, prefix,
				ks_span_cut(line, n + 6, line.n));
	}
	return rc;
}

static int by_line_name(const void *a, const void *b)
{
	const struct line *left = a;
	const struct line *right = b;

	return strcmp(left->name, right->name);
}

static int write_lines(
	struct lines *lines, const char *store, struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_buf path = { 0 };
	int rc = join(&path, store, "packed-refs", "", err);

	if (lines->count)
		qsort(lines->list, lines->count, sizeof(*lines->list),
			by_line_name);
	if (rc == KS_OK && ks_buf_add_str(&text, header) < 0)
		rc = ks_fail_nomem(err);
	for (size_t i = 0; rc == KS_OK && i < lines->count; i++) {
		if (ks_buf_printf(&text, "%.*s %s\n", (int)lines->list[i].id.n,
			    (const char *)lines->list[i].id.p,
			    lines->list[i].name) < 0)
			rc = ks_fail_nomem(err);
	}
	if (rc == KS_OK)
		rc = ks_file_replace(
			(const char *)path.p, ks_buf_span(&text), 0600, err);
	ks_buf_release(&text);
	ks_buf_release(&path);
	return rc;
}

/* What the store has of those that are not asked for stays. */
static int keep_others(struct lines *lines, struct ks_span old,
	const char *const *names, size_t count)
{
	static const char all[] = "refs/keysieve/";
	struct ks_span line;
	int rc = KS_OK;

	while (rc == KS_OK && ks_span_next_line(&old, &line)) {
		size_t n = place_of(line, ' ');
		struct ks_span name;
		bool is_asked = false;

		if (n >= line.n || line.p[0] == '#' || line.p[0] == '^')
			continue;
		name = ks_span_cut(line, n + 1, line.n);
		for (size_t i = 0; i < count && !is_asked; i++) {
			size_t end = sizeof(all) - 1 + strlen(names[i]);

			is_asked = name.n > end && name.p[end] == '/' &&
				   memcmp(name.p + sizeof(all) - 1, names[i],
					   strlen(names[i])) == 0;
		}
		if (!is_asked)
			rc = add_line(lines, ks_span_cut(line, 0, n), "", name);
	}
	return rc;
}

int ks_share_unsettle(const char *store, struct ks_err *err)
{
	return ks_folder_put(store, unsettled, "\n", err);
}

int ks_share_settle(const char *store, const char *const *repos,
	const char *const *names, size_t count, struct ks_err *err)
{
	struct lines lines = { 0 };
	struct ks_buf path = { 0 };
	struct ks_buf text = { 0 };
	char prefix[128];
	int rc = join(&path, store, unsettled, "", err);

	if (rc == KS_OK && access((const char *)path.p, F_OK) < 0) {
		ks_buf_release(&path);
		return KS_OK;
	}
	for (size_t i = 0; rc == KS_OK && i < count; i++) {
		rc = join(&path, repos[i], "packed-refs", "", err);
		ks_buf_reset(&text);
		if (rc == KS_OK && access((const char *)path.p, F_OK) == 0)
			rc = ks_buf_read_file(&text, (const char *)path.p, err);
		snprintf(prefix, sizeof(prefix), "refs/keysieve/%s/", names[i]);
		if (rc == KS_OK && add_lines(&lines, ks_buf_span(&text), prefix,
					   i == 0) < 0)
			rc = ks_fail_nomem(err);
	}
	ks_buf_reset(&text);
	if (rc == KS_OK)
		rc = join(&path, store, "packed-refs", "", err);
	if (rc == KS_OK && access((const char *)path.p, F_OK) == 0)
		rc = ks_buf_read_file(&text, (const char *)path.p, err);
	if (rc == KS_OK &&
		keep_others(&lines, ks_buf_span(&text), names, count) < 0)
		rc = ks_fail_nomem(err);
	if (rc == KS_OK)
		rc = write_lines(&lines, store, err);
	if (rc == KS_OK)
		rc = join(&path, store, unsettled, "", err);
	if (rc == KS_OK && unlink((const char *)path.p) < 0)
		rc = ks_fail_errno(
			err, errno, "cannot remove '%s'", (const char *)path.p);
	ks_buf_release(&path);
	ks_buf_release(&text);
	ks_oidmap_release(&lines.known);
	ks_arena_release(&lines.arena);
	free(lines.list);
	return rc;
}

void ks_share_release(struct ks_share *share)
{
	ks_arena_release(&share->arena);
	*share = (struct ks_share){ 0 };
}
