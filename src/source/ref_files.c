/* SPDX-License-Identifier: Apache-2.0 */
/* Refs as files and in packed-refs: gitrepository-layout(5). */
#include "source/ref_files.h"

#include "base/arena.h"
#include "base/array.h"
#include "source/packed_refs.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
	SYMBOLIC_MAX = 5,  /* refs that name refs; git's own limit */
	REF_MAX = 64 << 10 /* bytes of a file that is a ref */
};

struct reading {
	const char *prefix;
	size_t hash_bytes;
	const struct ks_ref_visitor *visitor;
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

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The text of a ref: "<oid>", then anything, or "ref: <name>". */
static int parse(struct ks_oid *oid, struct ks_buf *text, size_t hash_bytes)
{
	static const char head[] = "ref:";
	size_t skip = sizeof(head) - 1;

	if (ks_oid_parse_word(oid, ks_buf_span(text), hash_bytes)) {
		ks_buf_reset(text);
		return ks_buf_str(text) ? KS_OK : KS_E_NOMEM;
	}
	if (!ks_span_starts(ks_buf_span(text), head))
		return KS_E_CORRUPT;
	while (skip < text->n && is_blank(text->p[skip]))
		skip++;
	while (text->n > skip && is_blank(text->p[text->n - 1]))
		text->n--;
	memmove(text->p, text->p + skip, text->n - skip);
	text->n -= skip;
	if (text->n == 0 || memchr(text->p, '\0', text->n))
		return KS_E_CORRUPT;
	return ks_buf_str(text) ? KS_OK : KS_E_NOMEM;
}

/* Is there a file, or what else cannot be a folder of refs? */
static bool is_there(const char *path, const char *name)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno != ENOENT && errno != ENOTDIR;
	/* An empty folder may stand where a packed ref would. */
	return !S_ISDIR(st.st_mode) || strncmp(name, "refs/", 5) != 0;
}

int ks_ref_files_read(struct ks_oid *oid, struct ks_buf *target,
	const char *folder, const char *name, size_t hash_bytes,
	struct ks_err *err)
{
	struct ks_buf path = { 0 };
	int rc = KS_E_NOMEM;

	*oid = (struct ks_oid){ { 0 } };
	ks_buf_reset(target);
	if (ks_buf_printf(&path, "%s%s", folder, name) == KS_OK &&
		ks_buf_str(&path)) {
		const char *file = (const char *)path.p;

		rc = is_there(file, name)
			     ? ks_buf_read_file_max(target, file, REF_MAX, err)
			     : KS_E_NOTFOUND;
	}
	if (rc == KS_OK)
		rc = parse(oid, target, hash_bytes);
	if (rc == KS_E_NOTFOUND)
		ks_fail(err, rc, "'%s' does not exist", name);
	else if (rc == KS_E_CORRUPT || rc == KS_E_LIMIT)
		rc = ks_fail(err, KS_E_CORRUPT, "'%s' is no ref", name);
	ks_buf_release(&path);
	return rc == KS_E_NOMEM ? ks_fail_nomem(err) : rc;
}

static int tell_broken(struct reading *reading, const char *name)
{
	const struct ks_ref_visitor *visitor = reading->visitor;

	return visitor->broken ? visitor->broken(visitor->payload, name)
			       : KS_OK;
}

static int take_loose(
	struct reading *reading, const char *common, const char *name)
{
	const struct ks_ref_visitor *visitor = reading->visitor;
	char *copy = ks_arena_copy(&reading->arena, ks_span_str(name));
	struct ks_oid oid;
	int rc;

	if (!copy ||
		ks_array_reserve(&reading->loose, &reading->loose_cap,
			reading->loose_count + 1, sizeof(*reading->loose)) < 0)
		return KS_E_NOMEM;
	reading->loose[reading->loose_count++] = copy;
	rc = ks_ref_files_read(
		&oid, &reading->text, common, name, reading->hash_bytes, NULL);
	if (rc == KS_E_NOMEM)
		return rc;
	if (rc < 0)
		return tell_broken(reading, name);
	if (!reading->text.n)
		return visitor->ref(visitor->payload, name, &oid);
	return visitor->symbolic ? visitor->symbolic(visitor->payload, name,
					   (const char *)reading->text.p)
				 : KS_OK;
}

static bool has_suffix(const char *text, const char *suffix)
{
	size_t n = strlen(text);
	size_t m = strlen(suffix);

	return n > m && strcmp(text + n - m, suffix) == 0;
}

/* Folders are entered; a symlink to one is not, and so is broken. */
static int take_item(
	struct reading *reading, const char *common, const FTSENT *item)
{
	const char *name = item->fts_path + strlen(common);

	if (strncmp(name, reading->prefix, strlen(reading->prefix)) != 0)
		return KS_OK;
	switch (item->fts_info) {
	case FTS_D:
	case FTS_DP:
		return KS_OK;
	case FTS_DNR:
	case FTS_DC:
	case FTS_ERR:
	case FTS_NS:
		return tell_broken(reading, name);
	default:
		/* What git writes before it is a ref. */
		return has_suffix(name, ".lock")
			       ? KS_OK
			       : take_loose(reading, common, name);
	}
}

/* The folder that the prefix lies in: what begins otherwise is passed over. */
static int read_loose(struct reading *reading, const char *common)
{
	struct ks_buf root = { 0 };
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
	/* Read to its end even then: fts_close() would leak the rest. */
	while (walk && (item = fts_read(walk))) {
		if (rc == KS_OK)
			rc = take_item(reading, common, item);
	}
	if (walk)
		fts_close(walk);
	ks_buf_release(&root);
	if (reading->loose_count)
		qsort(reading->loose, reading->loose_count,
			sizeof(*reading->loose), by_name);
	return rc;
}

static int take_packed(
	void *payload, const char *name, const struct ks_oid *oid)
{
	struct reading *reading = payload;

	if (reading->loose_count &&
		bsearch(&name, reading->loose, reading->loose_count,
			sizeof(*reading->loose), by_name))
		return KS_OK;
	return reading->visitor->ref(reading->visitor->payload, name, oid);
}

static int pass_broken(void *payload, const char *name)
{
	return tell_broken(payload, name);
}

int ks_ref_files_visit(const char *common, const char *prefix,
	size_t hash_bytes, const struct ks_ref_visitor *visitor,
	struct ks_err *err)
{
	struct reading reading = {
		.prefix = prefix, .hash_bytes = hash_bytes, .visitor = visitor
	};
	struct ks_ref_visitor packed = {
		.ref = take_packed,
		.broken = visitor->broken ? pass_broken : NULL,
		.payload = &reading,
	};
	int rc = read_loose(&reading, common);

	if (rc == KS_OK)
		rc = ks_packed_refs_visit(
			common, prefix, hash_bytes, &packed, err);
	if (rc == KS_E_NOMEM)
		ks_fail_nomem(err);
	free(reading.loose);
	ks_buf_release(&reading.text);
	ks_arena_release(&reading.arena);
	return rc;
}

int ks_ref_files_each(const char *common, const char *prefix, size_t hash_bytes,
	int (*each)(void *payload, const char *name, const struct ks_oid *oid),
	void *payload, struct ks_err *err)
{
	struct ks_ref_visitor visitor = { .ref = each, .payload = payload };

	return ks_ref_files_visit(common, prefix, hash_bytes, &visitor, err);
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
		rc = ks_ref_files_read(out, text, is_shared ? common : git_dir,
			one.name, hash_bytes, err);
		if (rc == KS_E_NOTFOUND && is_shared) {
			rc = ks_ref_files_each(common, one.name, hash_bytes,
				take_one, &one, err);
			if (rc == KS_OK && !one.is_found)
				rc = KS_E_NOTFOUND;
			*out = one.oid;
			break;
		}
		if (rc < 0 || text->n == 0)
			break;
		one.name = (const char *)text->p;
	}
	if (rc == KS_E_NOTFOUND)
		ks_fail(err, rc, "'%s' does not exist", name);
	ks_buf_release(&names[0]);
	ks_buf_release(&names[1]);
	return rc;
}
