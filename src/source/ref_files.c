/* SPDX-License-Identifier: Apache-2.0 */
/* Refs as files and in packed-refs: gitrepository-layout(5). */
#include "source/ref_files.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/map.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
	SYMBOLIC_MAX = 5 /* refs that name refs; git's own limit */
};

struct reading {
	const char *prefix;
	size_t hash_bytes;
	int (*each)(void *payload, const char *name, const struct ks_oid *oid);
	void *payload;
	/* Names of loose refs, sorted: their packed values are of old. */
	const char **loose;
	size_t loose_count;
	size_t loose_cap;
	struct ks_arena arena;
	struct ks_buf text;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int take_loose(
	struct reading *reading, const char *path, const char *name)
{
	char *copy = ks_arena_copy(&reading->arena, ks_span_str(name));
	struct ks_oid oid;

	if (!copy ||
		ks_array_reserve(&reading->loose, &reading->loose_cap,
			reading->loose_count + 1, sizeof(*reading->loose)) < 0)
		return KS_E_NOMEM;
	reading->loose[reading->loose_count++] = copy;
	ks_buf_reset(&reading->text);
	if (ks_buf_read_file(&reading->text, path, NULL) < 0 ||
		reading->text.n < 2 * reading->hash_bytes ||
		!ks_oid_parse(&oid, (const char *)reading->text.p,
			reading->hash_bytes))
		return KS_OK;
	return reading->each(reading->payload, name, &oid);
}

/* The folder that the prefix lies in: what begins otherwise is passed over. */
static int read_loose(struct reading *reading, const char *common)
{
	struct ks_buf root = { 0 };
	size_t stem = strlen(common);
	const char *slash = strrchr(reading->prefix, '/');
	char *roots[2] = { NULL, NULL };
	FTS *walk = NULL;
	FTSENT *item;
	struct stat st;
	int rc = KS_OK;

	if (ks_buf_printf(&root, "%s%.*s", common,
		    slash ? (int)(slash - reading->prefix) : 0,
		    reading->prefix) < 0 ||
		!ks_buf_str(&root)) {
		ks_buf_release(&root);
		return KS_E_NOMEM;
	}
	roots[0] = (char *)root.p;
	if (stat(roots[0], &st) == 0)
		walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	while (walk && rc == KS_OK && (item = fts_read(walk))) {
		const char *name = item->fts_path + stem;
		size_t n = item->fts_pathlen;

		if (item->fts_info == FTS_F &&
			!(n > 5 && !strcmp(item->fts_path + n - 5, ".lock")) &&
			!strncmp(
				name, reading->prefix, strlen(reading->prefix)))
			rc = take_loose(reading, item->fts_path, name);
	}
	if (walk)
		fts_close(walk);
	ks_buf_release(&root);
	if (reading->loose_count)
		qsort(reading->loose, reading->loose_count,
			sizeof(*reading->loose), by_name);
	return rc;
}

/* The start of the line that holds ${p}. */
static const uint8_t *line_start(struct ks_span text, const uint8_t *p)
{
	const uint8_t *lf =
		p > text.p ? memrchr(text.p, '\n', (size_t)(p - text.p)) : NULL;

	return lf ? lf + 1 : text.p;
}

static const uint8_t *line_end(struct ks_span text, const uint8_t *p)
{
	const uint8_t *end = text.p + text.n;
	const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));

	return lf ? lf : end;
}

/* Does the line's ref come before all that begin with ${prefix}? */
static bool is_before(struct ks_span line, size_t skip, const char *prefix)
{
	size_t n = strlen(prefix);
	size_t have = line.n > skip ? line.n - skip : 0;
	int order;

	if (line.n && (line.p[0] == '#' || line.p[0] == '^'))
		return true;
	order = memcmp(line.p + skip, prefix, have < n ? have : n);
	return order < 0 || (order == 0 && have < n);
}

/* The first line, of text whose lines are sorted, that may have the prefix. */
static const uint8_t *seek(struct ks_span text, size_t skip, const char *prefix)
{
	const uint8_t *low = text.p;
	const uint8_t *high = text.p + text.n;

	while (low < high) {
		const uint8_t *middle = low + (high - low) / 2;
		const uint8_t *from = line_start(text, middle);
		const uint8_t *to;

		/* A "^<peeled>" line belongs to the ref before it. */
		while (from > low && *from == '^')
			from = line_start(text, from - 1);
		to = line_end(text, from);
		if (is_before(ks_span_of(from, (size_t)(to - from)), skip,
			    prefix))
			low = line_end(text, middle) + 1;
		else
			high = from;
	}
	return low < text.p + text.n ? low : text.p + text.n;
}

/* "<oid> <name>": told if it has the prefix; ${is_past}: none comes more. */
static int take_packed(struct reading *reading, struct ks_span line,
	bool is_sorted, bool *is_past)
{
	size_t skip = 2 * reading->hash_bytes + 1;
	size_t n = strlen(reading->prefix);
	const char *name;
	struct ks_oid oid;
	int order;

	if (line.n <= skip || line.p[0] == '#' || line.p[0] == '^')
		return KS_OK;
	order = memcmp(line.p + skip, reading->prefix,
		line.n - skip < n ? line.n - skip : n);
	*is_past = is_sorted && order > 0;
	if (order != 0 || line.n - skip < n ||
		!ks_oid_parse(&oid, (const char *)line.p, reading->hash_bytes))
		return KS_OK;
	ks_buf_reset(&reading->text);
	if (ks_buf_add(&reading->text, line.p + skip, line.n - skip) < 0 ||
		!ks_buf_str(&reading->text))
		return KS_E_NOMEM;
	name = (const char *)reading->text.p;
	if (reading->loose_count &&
		bsearch(&name, reading->loose, reading->loose_count,
			sizeof(*reading->loose), by_name))
		return KS_OK;
	return reading->each(reading->payload, name, &oid);
}

static bool is_sorted(struct ks_span text)
{
	const uint8_t *end = text.n ? line_end(text, text.p) : NULL;

	return end && text.p[0] == '#' &&
	       memmem(text.p, (size_t)(end - text.p), " sorted", 7);
}

static int read_packed(
	struct reading *reading, const char *common, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct ks_map map = { 0 };
	const uint8_t *p, *end;
	bool sorted, is_past = false;
	int rc = KS_OK;

	if (ks_buf_printf(&path, "%spacked-refs", common) < 0 ||
		!ks_buf_str(&path)) {
		ks_buf_release(&path);
		return KS_E_NOMEM;
	}
	rc = ks_map_open(&map, (const char *)path.p, err);
	ks_buf_release(&path);
	if (rc < 0)
		return rc == KS_E_NOTFOUND ? KS_OK : rc;
	sorted = is_sorted(map.bytes);
	p = map.bytes.p;
	end = map.bytes.n ? p + map.bytes.n : p;
	if (sorted)
		p = seek(map.bytes, 2 * reading->hash_bytes + 1,
			reading->prefix);
	while (p < end && rc == KS_OK && !is_past) {
		const uint8_t *lf = line_end(map.bytes, p);

		rc = take_packed(reading, ks_span_of(p, (size_t)(lf - p)),
			sorted, &is_past);
		p = lf + 1;
	}
	ks_map_close(&map);
	return rc;
}

int ks_ref_files_each(const char *common, const char *prefix, size_t hash_bytes,
	int (*each)(void *payload, const char *name, const struct ks_oid *oid),
	void *payload, struct ks_err *err)
{
	struct reading reading = { .prefix = prefix,
		.hash_bytes = hash_bytes,
		.each = each,
		.payload = payload };
	int rc = read_loose(&reading, common);

	if (rc == KS_OK)
		rc = read_packed(&reading, common, err);
	if (rc == KS_E_NOMEM)
		ks_fail_nomem(err);
	free(reading.loose);
	ks_buf_release(&reading.text);
	ks_arena_release(&reading.arena);
	return rc;
}

struct one {
	const char *name;
	struct ks_oid oid;
	bool is_found;
};

static int take_one(void *payload, const char *name, const struct ks_oid *oid)
{
	struct one *one = payload;

	if (strcmp(name, one->name) == 0) {
		one->oid = *oid;
		one->is_found = true;
	}
	return 0;
}

/* What a loose ref says; KS_E_NOTFOUND: there is no such file. */
static int read_ref(struct ks_buf *text, const char *folder, const char *name,
	struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct stat st;
	int rc = KS_E_NOMEM;

	ks_buf_reset(text);
	if (ks_buf_printf(&path, "%s%s", folder, name) == KS_OK &&
		ks_buf_str(&path)) {
		const char *file = (const char *)path.p;

		rc = KS_E_NOTFOUND;
		if (stat(file, &st) == 0 && S_ISREG(st.st_mode))
			rc = ks_buf_read_file(text, file, err);
	}
	while (rc == KS_OK && text->n && text->p[text->n - 1] == '\n')
		text->n--;
	if (rc == KS_OK && !ks_buf_str(text))
		rc = KS_E_NOMEM;
	ks_buf_release(&path);
	return rc == KS_E_NOMEM ? ks_fail_nomem(err) : rc;
}

int ks_ref_files_resolve(struct ks_oid *out, const char *git_dir,
	const char *common, const char *name, size_t hash_bytes,
	struct ks_err *err)
{
	struct ks_buf names[2] = { { 0 }, { 0 } };
	struct one one = { .name = name };
	int rc = KS_OK;

	for (int depth = 0; rc == KS_OK; depth++) {
		struct ks_buf *text = &names[depth & 1];
		bool is_shared = strncmp(one.name, "refs/", 5) == 0;

		if (depth > SYMBOLIC_MAX) {
			rc = ks_fail(err, KS_E_CORRUPT,
				"'%s' names refs that name refs", name);
			break;
		}
		rc = read_ref(
			text, is_shared ? common : git_dir, one.name, err);
		if (rc == KS_E_NOTFOUND && is_shared) {
			rc = ks_ref_files_each(common, one.name, hash_bytes,
				take_one, &one, err);
			if (rc == KS_OK && !one.is_found)
				rc = KS_E_NOTFOUND;
			*out = one.oid;
			break;
		}
		if (rc < 0)
			break;
		if (text->n >= 2 * hash_bytes &&
			ks_oid_parse(out, (const char *)text->p, hash_bytes))
			break;
		if (!ks_span_starts(ks_buf_span(text), "ref: "))
			rc = ks_fail(
				err, KS_E_CORRUPT, "'%s' is no ref", one.name);
		else
			one.name = (const char *)text->p + 5;
	}
	if (rc == KS_E_NOTFOUND)
		ks_fail(err, rc, "'%s' does not exist", name);
	ks_buf_release(&names[0]);
	ks_buf_release(&names[1]);
	return rc;
}
