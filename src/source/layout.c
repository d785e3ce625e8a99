/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of a repository lie: gitrepository-layout(5). */
#include "source/layout.h"

#include "base/array.h"
#include "base/buf.h"
#include "source/git_config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* "${folder}/${name}" from the arena; ${name} alone if it is absolute. */
static char *join(
	struct ks_layout *layout, const char *folder, const char *name)
{
	struct ks_buf path = { 0 };
	char *copy = NULL;
	size_t n = strlen(folder);

	if (name[0] == '/')
		return ks_arena_copy(&layout->arena, ks_span_str(name));
	if (ks_buf_printf(&path, "%s%s%s", folder,
		    n && folder[n - 1] == '/' ? "" : "/", name) == KS_OK)
		copy = ks_arena_copy(&layout->arena, ks_buf_span(&path));
	ks_buf_release(&path);
	return copy;
}

/* With exactly one slash at the end; NULL for NULL. */
static char *folder_of(struct ks_layout *layout, const char *path)
{
	struct ks_buf text = { 0 };
	size_t n = path ? strlen(path) : 0;
	char *copy = NULL;

	while (n > 0 && path[n - 1] == '/')
		n--;
	if (path && ks_buf_add(&text, path, n) == KS_OK &&
		ks_buf_add_byte(&text, '/') == KS_OK)
		copy = ks_arena_copy(&layout->arena, ks_buf_span(&text));
	ks_buf_release(&text);
	return copy;
}

/* The first line of the file, or NULL; from the arena. */
static char *read_line(struct ks_layout *layout, const char *path)
{
	struct ks_buf text = { 0 };
	char *line = NULL;

	if (ks_buf_read_file(&text, path, NULL) == KS_OK && text.n) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;

		while (n && (text.p[n - 1] == '\r' || text.p[n - 1] == ' '))
			n--;
		line = ks_arena_copy(&layout->arena, ks_span_of(text.p, n));
	}
	ks_buf_release(&text);
	return line;
}

/* A folder is a git folder if it has HEAD, objects and refs. */
static bool is_git_dir(struct ks_layout *layout, const char *path)
{
	char *head = join(layout, path, "HEAD");
	char *objects = join(layout, path, "objects");
	char *refs = join(layout, path, "refs");
	char *common = join(layout, path, "commondir");

	if (!head || !objects || !refs || !common || !exists(head))
		return false;
	/* A linked worktree has the rest elsewhere. */
	return exists(common) || getenv("GIT_OBJECT_DIRECTORY") ||
	       (is_folder(objects) && is_folder(refs));
}

/* "gitdir: <path>" of a linked worktree or a submodule. */
static const char *follow(struct ks_layout *layout, const char *file)
{
	char *line = read_line(layout, file);
	char *slash;

	if (!line || strncmp(line, "gitdir: ", 8) != 0)
		return NULL;
	slash = strrchr(file, '/');
	return join(layout,
		slash ? ks_arena_copy(&layout->arena,
				ks_span_of(file, (size_t)(slash - file + 1)))
		      : ".",
		line + 8);
}

/* ${path} itself, or its ".git", whatever that is; NULL: neither. */
static const char *git_dir_at(struct ks_layout *layout, const char *path)
{
	const char *dot = join(layout, path, ".git");

	if (!dot)
		return NULL;
	if (is_folder(dot) && is_git_dir(layout, dot))
		return dot;
	if (exists(dot) && !is_folder(dot))
		return follow(layout, dot);
	if (is_folder(path) && is_git_dir(layout, path))
		return path;
	return NULL;
}

static const char *search(struct ks_layout *layout, const char *start)
{
	char *path = realpath(start, NULL);
	const char *found = NULL;

	if (path && !is_folder(path))
		found = follow(layout, path);
	while (path && !found) {
		char *slash;

		found = git_dir_at(layout, path);
		slash = strrchr(path, '/');
		if (found || !slash || !path[1])
			break;
		slash[slash == path] = '\0';
	}
	if (found)
		found = ks_arena_copy(&layout->arena, ks_span_str(found));
	free(path);
	return found;
}

static int find_git_dir(
	struct ks_layout *layout, const char *path, struct ks_err *err)
{
	const char *given = path ? NULL : getenv("GIT_DIR");
	const char *found = given ? given : search(layout, path ? path : ".");

	if (given && exists(given) && !is_folder(given))
		found = follow(layout, given);
	if (!found || !is_git_dir(layout, found))
		return ks_fail(err, KS_E_REPO,
			"'%s' is not in a git repository",
			given  ? given
			: path ? path
			       : ".");
	layout->git_dir = folder_of(layout, found);
	return layout->git_dir ? KS_OK : ks_fail_nomem(err);
}

static int find_common(
	struct ks_layout *layout, bool use_environment, struct ks_err *err)
{
	const char *given = use_environment ? getenv("GIT_COMMON_DIR") : NULL;
	const char *file = join(layout, layout->git_dir, "commondir");
	const char *line = file ? read_line(layout, file) : NULL;

	layout->common = layout->git_dir;
	if (given)
		layout->common = folder_of(layout, given);
	else if (line)
		layout->common =
			folder_of(layout, join(layout, layout->git_dir, line));
	given = use_environment ? getenv("GIT_INDEX_FILE") : NULL;
	layout->index =
		given ? ks_arena_copy(&layout->arena, ks_span_str(given))
		      : join(layout, layout->git_dir, "index");
	return layout->common && layout->index ? KS_OK : ks_fail_nomem(err);
}

/* "+refs/heads/…:refs/remotes/origin/…": where fetching puts branches. */
static int add_tracking(
	struct ks_layout *layout, const char *remote, const char *refspec)
{
	const char *to = strchr(refspec, ':');
	const char *star;
	struct ks_tracking *one;

	/* Elsewhere, as in a mirror, refs are no record of the remote. */
	if (!to || strncmp(to + 1, "refs/remotes/", 13) != 0)
		return KS_OK;
	to++;
	star = strchr(to, '*');
	if (ks_array_reserve(&layout->tracking, &layout->tracking_cap,
		    layout->tracking_count + 1, sizeof(*layout->tracking)) < 0)
		return KS_E_NOMEM;
	one = &layout->tracking[layout->tracking_count];
	one->remote = ks_arena_copy(&layout->arena, ks_span_str(remote));
	one->prefix = ks_arena_copy(&layout->arena,
		ks_span_of(to, star ? (size_t)(star - to) : strlen(to)));
	if (!one->remote || !one->prefix)
		return KS_E_NOMEM;
	layout->tracking_count++;
	return KS_OK;
}

static int take_item(void *payload, const struct ks_git_config_item *item)
{
	struct ks_layout *layout = payload;

	if (strcmp(item->section, "remote") == 0) {
		if (strcmp(item->key, "promisor") == 0)
			layout->is_partial = true;
		if (strcmp(item->key, "fetch") == 0)
			return add_tracking(
				layout, item->subsection, item->value);
	} else if (strcmp(item->section, "extensions") == 0) {
		if (strcmp(item->key, "partialclone") == 0)
			layout->is_partial = true;
		if (strcmp(item->key, "objectformat") == 0 &&
			strcmp(item->value, "sha256") == 0)
			layout->hash_bytes = KS_OID_SHA256;
		if (strcmp(item->key, "refstorage") == 0)
			layout->has_reftable =
				strcmp(item->value, "reftable") == 0;
	}
	return KS_OK;
}

static int read_config(struct ks_layout *layout, struct ks_err *err)
{
	const char *path = join(layout, layout->common, "config");
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	layout->hash_bytes = KS_OID_SHA1;
	if (!path)
		return ks_fail_nomem(err);
	if (exists(path)) {
		rc = ks_buf_read_file(&text, path, err);
		if (rc == KS_OK)
			rc = ks_git_config_read(
				ks_buf_span(&text), take_item, layout, err);
		if (rc == KS_E_CORRUPT)
			ks_err_wrap(err, "'%s'", path);
	}
	ks_buf_release(&text);
	return rc;
}

static int read_shallow(struct ks_layout *layout, struct ks_err *err)
{
	const char *given = getenv("GIT_SHALLOW_FILE");
	const char *path = given && *given
				   ? given
				   : join(layout, layout->common, "shallow");
	size_t digits = 2 * layout->hash_bytes;
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	if (path && exists(path) &&
		ks_buf_read_file(&text, path, NULL) == KS_OK) {
		layout->shallow = ks_arena_array(&layout->arena,
			text.n / digits + 1, sizeof(*layout->shallow));
		if (!layout->shallow)
			rc = ks_fail_nomem(err);
		for (size_t at = 0; rc == KS_OK && at + digits <= text.n;
			at += digits + 1)
			layout->shallow_count += ks_oid_parse(
				&layout->shallow[layout->shallow_count],
				(const char *)text.p + at, layout->hash_bytes);
	}
	ks_buf_release(&text);
	return rc;
}

static int find_objects(
	struct ks_layout *layout, bool use_environment, struct ks_err *err)
{
	const char *given =
		use_environment ? getenv("GIT_OBJECT_DIRECTORY") : NULL;
	const char *more = use_environment
				   ? getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES")
				   : NULL;
	const char *path =
		given ? given : join(layout, layout->common, "objects");
	int rc;

	if (!path)
		return ks_fail_nomem(err);
	rc = ks_dirs_find(&layout->objects, path, &layout->arena, err);
	if (rc == KS_OK && more)
		rc = ks_dirs_add_list(
			&layout->objects, more, &layout->arena, err);
	return rc;
}

int ks_layout_find(
	struct ks_layout *layout, const char *path, struct ks_err *err)
{
	int rc = find_git_dir(layout, path, err);

	if (rc == KS_OK)
		rc = find_common(layout, !path, err);
	if (rc == KS_OK)
		rc = read_config(layout, err);
	if (rc == KS_OK)
		rc = read_shallow(layout, err);
	if (rc == KS_OK)
		rc = find_objects(layout, !path, err);
	return rc;
}

void ks_layout_release(struct ks_layout *layout)
{
	ks_dirs_release(&layout->objects);
	free(layout->tracking);
	ks_arena_release(&layout->arena);
	*layout = (struct ks_layout){ 0 };
}
