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

int ks_dirs_find(struct ks_dirs *dirs, const char *objects,
	struct ks_arena *arena, struct ks_err *err)
{
	size_t from = 0;
	int rc = add(dirs, objects, arena);

	for (int depth = 0; rc == KS_OK && depth < DEPTH_MAX; depth++) {
		size_t to = dirs->count;

		for (; rc == KS_OK && from < to; from++)
			rc = add_alternates(dirs, dirs->list[from], arena);
	}
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

void ks_dirs_release(struct ks_dirs *dirs)
{
	free(dirs->list);
	*dirs = (struct ks_dirs){ 0 };
}
