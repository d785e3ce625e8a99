/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing a fork up to date whose network's store has most of it. */
#include "mirror/share.h"

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

/* A ref of the remote. Spans of the listing. */
struct entry {
	struct ks_span id; /* hex */
	struct ks_span name;
};

struct entries {
	struct entry *list;
	size_t count;
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

/* The next line, without its end. */
static struct ks_span next_line(struct ks_span *text)
{
	size_t n = 0;
	struct ks_span line;

	while (n < text->n && text->p[n] != '\n')
		n++;
	line = ks_span_cut(*text, 0, n);
	*text = ks_span_cut(*text, n < text->n ? n + 1 : n, text->n);
	return line;
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
	const struct entry *left = a;
	const struct entry *right = b;
	size_t n = left->name.n < right->name.n ? left->name.n : right->name.n;
	int order = memcmp(left->name.p, right->name.p, n);

	return order ? order
		     : (left->name.n > right->name.n) -
			       (left->name.n < right->name.n);
}

/* All but HEAD and what tags lead to. False: one has a name that is none. */
static bool read_entries(struct entries *out, struct ks_span text)
{
	while (text.n) {
		struct ks_span line = next_line(&text);
		size_t n = place_of(line, '\t');
		struct entry entry = { 0 };

		if (n == line.n || ks_span_starts(line, "ref: "))
			continue;
		entry.id = ks_span_cut(line, 0, n);
		entry.name = ks_span_cut(line, n + 1, line.n);
		if (ks_span_eq(entry.name, ks_span_str("HEAD")) ||
			(entry.name.n > 3 &&
				memcmp(entry.name.p + entry.name.n - 3, "^{}",
					3) == 0))
			continue;
		if (!is_ref(entry.name))
			return false;
		out->list[out->count++] = entry;
	}
	qsort(out->list, out->count, sizeof(*out->list), by_name);
	for (size_t i = 1; i < out->count; i++) {
		if (by_name(&out->list[i - 1], &out->list[i]) == 0)
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

/* "ID refs/keysieve/NAME/heads/main" for each that is there already. */
static int add_own(struct ks_share *share, const struct ks_place *place,
	const struct entries *entries, const struct ks_oidmap *known,
	size_t hash_bytes)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];
		struct ks_span rest = ks_span_cut(
			entry->name, strlen("refs/"), entry->name.n);

		if (is_known(known, entry->id, hash_bytes))
			rc = ks_buf_printf(&share->packed,
				"%.*s refs/keysieve/%s/%.*s\n",
				(int)entry->id.n, (const char *)entry->id.p,
				place->name, (int)rest.n, (const char *)rest.p);
	}
	return rc;
}

/* What other forks have stays, and the file in order. */
static int make_packed(struct ks_share *share, const struct ks_place *place,
	struct ks_span old, const struct entries *entries,
	const struct ks_oidmap *known, size_t hash_bytes)
{
	char prefix[128];
	bool is_done = false;
	int rc = ks_buf_add_str(&share->packed, "# pack-refs with: sorted \n");

	snprintf(prefix, sizeof(prefix), "refs/keysieve/%s/", place->name);
	while (rc == KS_OK && old.n) {
		struct ks_span line = next_line(&old);
		struct ks_span name;
		size_t n = strlen(prefix);
		int order;

		if (line.n <= 2 * hash_bytes + 1 || line.p[0] == '#' ||
			line.p[0] == '^')
			continue;
		name = ks_span_cut(line, 2 * hash_bytes + 1, line.n);
		order = memcmp(name.p, prefix, name.n < n ? name.n : n);
		if (order == 0 && name.n >= n)
			continue;
		if (order > 0 && !is_done) {
			is_done = true;
			rc = add_own(share, place, entries, known, hash_bytes);
		}
		if (rc == KS_OK)
			rc = ks_buf_add(&share->packed, line.p, line.n);
		if (rc == KS_OK)
			rc = ks_buf_add_byte(&share->packed, '\n');
	}
	if (rc == KS_OK && !is_done)
		rc = add_own(share, place, entries, known, hash_bytes);
	return rc;
}

static int learn(struct ks_oidmap *known, struct ks_span old, size_t hash_bytes)
{
	while (old.n) {
		struct ks_span line = next_line(&old);
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
static int add_refspecs(struct ks_share *share, const struct ks_place *place,
	const struct entries *entries, const struct ks_oidmap *known,
	size_t hash_bytes)
{
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	share->refspecs = ks_arena_array(
		&share->arena, FETCH_MAX, sizeof(*share->refspecs));
	share->is_possible = share->refspecs != NULL;
	rc = share->refspecs ? KS_OK : KS_E_NOMEM;
	for (size_t i = 0; rc == KS_OK && i < entries->count; i++) {
		const struct entry *entry = &entries->list[i];

		if (is_known(known, entry->id, hash_bytes))
			continue;
		if (share->refspec_count == FETCH_MAX) {
			share->is_possible = false;
			break;
		}
		ks_buf_reset(&text);
		rc = ks_buf_printf(&text, "+%.*s:refs/keysieve-new/%s/%.*s",
			(int)entry->name.n, (const char *)entry->name.p,
			place->name, (int)(entry->name.n - 5),
			(const char *)entry->name.p + 5);
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
	struct entries entries = { 0 };
	size_t lines = 1;
	int rc = KS_OK;

	for (size_t i = 0; i < listing.n; i++)
		lines += listing.p[i] == '\n';
	entries.list =
		ks_arena_array(&share->arena, lines, sizeof(*entries.list));
	if (!entries.list)
		return KS_E_NOMEM;
	if (!read_entries(&entries, listing))
		return KS_OK;
	rc = learn(&known, old, hash_bytes);
	if (rc == KS_OK)
		rc = add_refspecs(share, place, &entries, &known, hash_bytes);
	if (rc == KS_OK && share->is_possible)
		rc = make_packed(
			share, place, old, &entries, &known, hash_bytes);
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

int ks_share_fetch(const struct ks_share *share, const struct ks_place *place,
	const struct ks_remote *remote, const struct ks_git_limits *limits,
	struct ks_err *err)
{
	struct ks_buf own = { 0 };
	struct ks_buf fresh = { 0 };
	struct ks_buf packed = { 0 };
	int rc = join(&own, place->store, "refs/keysieve/", place->name, err);

	if (rc == KS_OK)
		rc = join(&fresh, place->store, "refs/keysieve-new/",
			place->name, err);
	if (rc == KS_OK)
		rc = join(&packed, place->store, "packed-refs", "", err);
	/* Of one that was killed. */
	if (rc == KS_OK)
		rc = ks_folder_remove((const char *)fresh.p, err);
	if (rc == KS_OK && share->refspec_count)
		rc = fetch(share, place, remote, limits, err);
	if (rc == KS_OK)
		rc = ks_place_forget(place->repo, err);
	if (rc == KS_OK)
		rc = swap_loose(place, &own, &fresh, err);
	if (rc == KS_OK)
		rc = ks_file_replace((const char *)packed.p,
			ks_buf_span(&share->packed), 0600, err);
	else if (fresh.n)
		(void)!ks_folder_remove((const char *)fresh.p, NULL);
	ks_buf_release(&own);
	ks_buf_release(&fresh);
	ks_buf_release(&packed);
	return rc;
}

void ks_share_release(struct ks_share *share)
{
	ks_arena_release(&share->arena);
	ks_buf_release(&share->packed);
	*share = (struct ks_share){ 0 };
}
