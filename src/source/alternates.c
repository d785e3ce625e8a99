/* SPDX-License-Identifier: Apache-2.0 */
/* The objects folders of a repository: gitrepository-layout(5). */
#include "source/alternates.h"

#include "base/array.h"
#include "base/buf.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	DEPTH_MAX = 5
};

static bool is_known(const struct ks_dirs *dirs, const char *path)
{
	for (size_t i = 0; i < dirs->count; i++) {
		if (strcmp(dirs->list[i], path) == 0)
			return true;
	}
	return false;
}

/* ${path} goes in under its real name, or as it is if it has none. */
static int add(struct ks_dirs *dirs, const char *path, struct ks_arena *arena)
{
	char *real = realpath(path, NULL);
	char *copy;

	if (is_known(dirs, real ? real : path)) {
		free(real);
		return KS_OK;
	}
	copy = ks_arena_copy(arena, ks_span_str(real ? real : path));
	free(real);
	if (!copy || ks_array_reserve(&dirs->list, &dirs->cap, dirs->count + 1,
			     sizeof(*dirs->list)) < 0)
		return KS_E_NOMEM;
	dirs->list[dirs->count++] = copy;
	return KS_OK;
}

/* The folders that the file of ${dir} names, one a line, '#' comments. */
static int add_alternates(
	struct ks_dirs *dirs, const char *dir, struct ks_arena *arena)
{
	struct ks_buf text = { 0 };
	char path[PATH_MAX];
	char *line;
	char *rest;
	int rc = KS_OK;

	snprintf(path, sizeof(path), "%s/info/alternates", dir);
	if (ks_buf_read_file(&text, path, NULL) < 0 || !ks_buf_str(&text)) {
		ks_buf_release(&text);
		return KS_OK;
	}
	for (line = strtok_r((char *)text.p, "\n", &rest); line && rc == KS_OK;
		line = strtok_r(NULL, "\n", &rest)) {
		if (*line == '#')
			continue;
		snprintf(path, sizeof(path), "%s%s%s", *line == '/' ? "" : dir,
			*line == '/' ? "" : "/", line);
		rc = add(dirs, path, arena);
	}
	ks_buf_release(&text);
	return rc;
}

/* What the folders from number ${from} on name, and so on. */
static int follow(struct ks_dirs *dirs, size_t from, struct ks_arena *arena)
{
	int rc = KS_OK;

	for (int depth = 0; rc == KS_OK && depth < DEPTH_MAX; depth++) {
		size_t to = dirs->count;

		for (; rc == KS_OK && from < to; from++)
			rc = add_alternates(dirs, dirs->list[from], arena);
	}
	return rc;
}

int ks_dirs_find(struct ks_dirs *dirs, const char *objects,
	struct ks_arena *arena, struct ks_err *err)
{
	int rc = add(dirs, objects, arena);

	if (rc == KS_OK)
		rc = follow(dirs, 0, arena);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

/* Of the escapes that git writes, those a path is likely to have. */
static int take_quoted(struct ks_buf *out, const char **text)
{
	const char *p = *text + 1;

	for (; *p && *p != '"'; p++) {
		unsigned value = (unsigned char)*p;

		if (*p == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] && p[3]) {
			value = (unsigned)(p[1] - '0') << 6 |
				(unsigned)(p[2] - '0') << 3 |
				(unsigned)(p[3] - '0');
			p += 3;
		} else if (*p == '\\' && p[1]) {
			p++;
			value = *p == 'n'   ? '\n'
				: *p == 't' ? '\t'
					    : (unsigned char)*p;
		}
		if (ks_buf_add_byte(out, (uint8_t)value) < 0)
			return KS_E_NOMEM;
	}
	*text = *p ? p + 1 : p;
	return KS_OK;
}

int ks_dirs_add_list(struct ks_dirs *dirs, const char *list,
	struct ks_arena *arena, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	size_t from = dirs->count;
	int rc = KS_OK;

	while (rc == KS_OK && *list) {
		ks_buf_reset(&path);
		if (*list == '"') {
			rc = take_quoted(&path, &list);
		} else {
			size_t n = strcspn(list, ":");

			rc = ks_buf_add(&path, list, n);
			list += n;
		}
		list += *list == ':';
		if (rc == KS_OK && path.n)
			rc = ks_buf_str(&path)
				     ? add(dirs, (const char *)path.p, arena)
				     : KS_E_NOMEM;
	}
	if (rc == KS_OK)
		rc = follow(dirs, from, arena);
	ks_buf_release(&path);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

void ks_dirs_release(struct ks_dirs *dirs)
{
	free(dirs->list);
	*dirs = (struct ks_dirs){ 0 };
}
