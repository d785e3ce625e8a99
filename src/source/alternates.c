/* SPDX-License-Identifier: Apache-2.0 */
/* The objects folders of a repository: gitrepository-layout(5). */
#include "source/alternates.h"

#include "base/array.h"
#include "base/buf.h"
#include "base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
	DEPTH_MAX = 5,
	FILE_MAX = 16 << 20 /* bytes */
};

struct finding {
	struct ks_dirs *dirs;
	struct ks_arena *arena;
	struct ks_buf path;
	struct ks_err *err;
};

/* The slot of ${path}: its own, or where it would go. */
static uint32_t *slot_of(const struct ks_dirs *dirs, const char *path)
{
	size_t at = (size_t)ks_hash64(ks_span_str(path), 0) & dirs->mask;

	while (dirs->table[at] &&
		strcmp(dirs->list[dirs->table[at] - 1], path) != 0)
		at = (at + 1) & dirs->mask;
	return &dirs->table[at];
}

/* Make room for one more, in a table that stays half empty. */
static int grow(struct ks_dirs *dirs)
{
	size_t size = dirs->table ? 2 * (dirs->mask + 1) : 16;

	if (ks_array_reserve(&dirs->list, &dirs->cap, dirs->count + 1,
		    sizeof(*dirs->list)) < 0)
		return KS_E_NOMEM;
	if (dirs->table && 2 * (dirs->count + 1) <= dirs->mask)
		return KS_OK;
	free(dirs->table);
	dirs->table = calloc(size, sizeof(*dirs->table));
	if (!dirs->table)
		return KS_E_NOMEM;
	dirs->mask = size - 1;
	for (size_t i = 0; i < dirs->count; i++)
		*slot_of(dirs, dirs->list[i]) = (uint32_t)i + 1;
	return KS_OK;
}

/* ${path} goes in under its real name, or as it is if it has none. */
static int add(struct finding *finding, const char *path)
{
	struct ks_dirs *dirs = finding->dirs;
	char *real = realpath(path, NULL);
	char *copy = NULL;
	uint32_t *slot = NULL;
	int rc = grow(dirs);

	if (rc == KS_OK) {
		slot = slot_of(dirs, real ? real : path);
		if (*slot) {
			free(real);
			return KS_OK;
		}
		copy = ks_arena_copy(
			finding->arena, ks_span_str(real ? real : path));
	}
	free(real);
	if (!copy)
		return ks_fail_nomem(finding->err);
	dirs->list[dirs->count++] = copy;
	*slot = (uint32_t)dirs->count;
	return KS_OK;
}

/* What stands for ${c} behind a backslash; 0: nothing does. */
static uint8_t unescape(char c)
{
	static const char from[] = "abfnrtv\\\"";
	static const char to[] = "\a\b\f\n\r\t\v\\\"";
	const char *found = c ? strchr(from, c) : NULL;

	return found ? (uint8_t)to[found - from] : 0;
}

static bool is_octal(const char *p)
{
	return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7' &&
	       p[2] >= '0' && p[2] <= '7';
}

/*
 * Append to ${out} what the quoted string at ${text} says. Returns what is
 * behind it; NULL where it is not quoted as git does, or without memory.
 */
static const char *take_quoted(struct ks_buf *out, const char *text)
{
	const char *p = text + 1;

	for (; *p != '"'; p++) {
		uint8_t c = (uint8_t)*p;

		if (!*p)
			return NULL;
		if (*p == '\\' && is_octal(p + 1)) {
			c = (uint8_t)((p[1] - '0') << 6 | (p[2] - '0') << 3 |
				      (p[3] - '0'));
			p += 3;
		} else if (*p == '\\') {
			c = unescape(*++p);
		}
		if (!c || ks_buf_add_byte(out, c) < 0)
			return NULL;
	}
	return p + 1;
}

/*
 * Add the folders of ${list}, separated by ${end}; relative ones are below
 * ${dir}. As for git, one that is badly quoted is taken as it stands.
 */
static int add_all(
	struct finding *finding, const char *list, char end, const char *dir)
{
	const char ends[] = { end, '\0' };
	struct ks_buf *path = &finding->path;
	struct ks_buf name = { 0 };
	int rc = KS_OK;

	for (; rc == KS_OK && *list; list += *list == end) {
		const char *rest = NULL;

		ks_buf_reset(&name);
		if (*list == '"')
			rest = take_quoted(&name, list);
		if (!rest) {
			size_t n = strcspn(list, ends);

			ks_buf_reset(&name);
			if (*list != '#' && ks_buf_add(&name, list, n) < 0)
				rc = ks_fail_nomem(finding->err);
			rest = list + n;
		}
		list = rest;
		if (rc < 0 || name.n == 0)
			continue;
		ks_buf_reset(path);
		if (ks_buf_printf(path, "%s%s%.*s", name.p[0] == '/' ? "" : dir,
			    name.p[0] == '/' || !*dir ? "" : "/", (int)name.n,
			    (const char *)name.p) < 0 ||
			!ks_buf_str(path))
			rc = ks_fail_nomem(finding->err);
		else
			rc = add(finding, (const char *)path->p);
	}
	ks_buf_release(&name);
	return rc;
}

/* The folders that the file of ${dir} names, one a line, '#' comments. */
static int add_alternates(struct finding *finding, const char *dir)
{
	struct ks_buf *path = &finding->path;
	struct ks_buf text = { 0 };
	struct stat st;
	int rc = KS_OK;

	ks_buf_reset(path);
	if (ks_buf_printf(path, "%s/info/alternates", dir) < 0 ||
		!ks_buf_str(path))
		return ks_fail_nomem(finding->err);
	/* Of a folder that may not be entered who lists it tells. */
	if (stat((const char *)path->p, &st) < 0 && errno != ELOOP)
		return KS_OK;
	rc = ks_buf_read_file_max(
		&text, (const char *)path->p, FILE_MAX, finding->err);
	if (rc == KS_OK && !ks_buf_str(&text))
		rc = ks_fail_nomem(finding->err);
	if (rc == KS_OK)
		rc = add_all(finding, (const char *)text.p, '\n', dir);
	ks_buf_release(&text);
	return rc;
}

/* What the folders from number ${from} on name, and so on. */
static int follow(struct finding *finding, size_t from)
{
	struct ks_dirs *dirs = finding->dirs;
	int rc = KS_OK;

	for (int depth = 0; rc == KS_OK && depth < DEPTH_MAX; depth++) {
		size_t to = dirs->count;

		for (; rc == KS_OK && from < to; from++)
			rc = add_alternates(finding, dirs->list[from]);
	}
	ks_buf_release(&finding->path);
	return rc;
}

int ks_dirs_find(struct ks_dirs *dirs, const char *objects,
	struct ks_arena *arena, struct ks_err *err)
{
	struct finding finding = { .dirs = dirs, .arena = arena, .err = err };
	int rc = add(&finding, objects);

	return rc < 0 ? rc : follow(&finding, 0);
}

int ks_dirs_add_list(struct ks_dirs *dirs, const char *list,
	struct ks_arena *arena, struct ks_err *err)
{
	struct finding finding = { .dirs = dirs, .arena = arena, .err = err };
	size_t from = dirs->count;
	int rc = add_all(&finding, list, ':', "");

	if (rc < 0) {
		ks_buf_release(&finding.path);
		return rc;
	}
	return follow(&finding, from);
}

void ks_dirs_release(struct ks_dirs *dirs)
{
	free(dirs->list);
	free(dirs->table);
	*dirs = (struct ks_dirs){ 0 };
}
