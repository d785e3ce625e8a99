/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of a repository lie: gitrepository-layout(5). */
#include "source/layout.h"

#include "base/buf.h"
#include "base/map.h"
#include "source/layout_config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINE_MAX_BYTES = 64 << 10 /* of a file that is one line */
};

/* A variable, if the environment counts. */
static const char *environment(const struct ks_layout *layout, const char *name)
{
	return layout->heeds_environment ? getenv(name) : NULL;
}

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

	if (ks_buf_read_file_max(&text, path, LINE_MAX_BYTES, NULL) == KS_OK &&
		text.n) {
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
	return exists(common) || environment(layout, "GIT_OBJECT_DIRECTORY") ||
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

/*
 * ${path} itself, or its ".git", whatever that is; NULL: neither. A ".git"
 * that is no folder and leads nowhere is for ${broken}: a repository further
 * up is not what was asked for.
 */
static const char *git_dir_at(
	struct ks_layout *layout, const char *path, const char **broken)
{
	const char *dot = join(layout, path, ".git");
	const char *found;

	if (!dot)
		return NULL;
	if (is_folder(dot) && is_git_dir(layout, dot))
		return dot;
	if (exists(dot) && !is_folder(dot)) {
		found = follow(layout, dot);
		if (!found || !is_git_dir(layout, found))
			*broken = dot;
		else
			layout->work = folder_of(layout, path);
		return found;
	}
	if (is_folder(path) && is_git_dir(layout, path))
		return path;
	return NULL;
}

static const char *search(
	struct ks_layout *layout, const char *start, const char **broken)
{
	char *path = realpath(start, NULL);
	const char *found = NULL;

	if (path && !is_folder(path))
		found = follow(layout, path);
	while (path && !found && !*broken) {
		char *slash;

		found = git_dir_at(layout, path, broken);
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
	const char *given = environment(layout, "GIT_DIR");
	const char *start = path ? path : ".";
	const char *broken = NULL;
	const char *found = given ? given : search(layout, start, &broken);

	if (given && exists(given) && !is_folder(given))
		found = follow(layout, given);
	if (broken)
		return ks_fail(err, KS_E_REPO,
			"'%s' is not in a git repository: its '%s' leads to "
			"none",
			start, broken);
	if (!given && !found && access(start, F_OK) != 0)
		return ks_fail(err, KS_E_REPO, "cannot open '%s': %s", start,
			strerror(errno));
	if (!found || !is_git_dir(layout, found))
		return ks_fail(err, KS_E_REPO,
			"'%s' is not in a git repository; 'keysieve scan' "
			"reads files that are in none",
			given ? given : start);
	layout->git_dir = folder_of(layout, found);
	return layout->git_dir ? KS_OK : ks_fail_nomem(err);
}

static int find_common(struct ks_layout *layout, struct ks_err *err)
{
	const char *given = environment(layout, "GIT_COMMON_DIR");
	const char *file = join(layout, layout->git_dir, "commondir");
	const char *line = file ? read_line(layout, file) : NULL;

	layout->common = layout->git_dir;
	if (!given && !line && file && exists(file))
		return ks_fail(err, KS_E_IO, "cannot read '%s'", file);
	if (given)
		layout->common = folder_of(layout, given);
	else if (line)
		layout->common =
			folder_of(layout, join(layout, layout->git_dir, line));
	given = environment(layout, "GIT_INDEX_FILE");
	layout->index =
		given ? ks_arena_copy(&layout->arena, ks_span_str(given))
		      : join(layout, layout->git_dir, "index");
	return layout->common && layout->index ? KS_OK : ks_fail_nomem(err);
}

/* One object id a line; commits whose parents were left behind. */
static int read_shallow(struct ks_layout *layout, struct ks_err *err)
{
	const char *given = environment(layout, "GIT_SHALLOW_FILE");
	const char *path = given && *given
				   ? given
				   : join(layout, layout->common, "shallow");
	size_t digits = 2 * layout->hash_bytes;
	struct ks_map map = { 0 };
	int rc = path ? ks_map_open(&map, path, err) : ks_fail_nomem(err);

	if (rc == KS_E_NOTFOUND)
		return KS_OK;
	if (rc < 0)
		return rc;
	layout->shallow = ks_arena_array(&layout->arena,
		map.bytes.n / digits + 1, sizeof(*layout->shallow));
	if (!layout->shallow)
		rc = ks_fail_nomem(err);
	for (size_t at = 0; rc == KS_OK && at + digits <= map.bytes.n;
		at += digits + 1)
		layout->shallow_count += ks_oid_parse(
			&layout->shallow[layout->shallow_count],
			(const char *)map.bytes.p + at, layout->hash_bytes);
	ks_map_close(&map);
	return rc;
}

static int find_objects(struct ks_layout *layout, struct ks_err *err)
{
	const char *given = environment(layout, "GIT_OBJECT_DIRECTORY");
	const char *more =
		environment(layout, "GIT_ALTERNATE_OBJECT_DIRECTORIES");
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

/* The folder that ${path} lies in. */
static char *parent_of(struct ks_layout *layout, const char *path)
{
	size_t n = path ? strlen(path) : 0;

	if (!path)
		return NULL;
	while (n && path[n - 1] == '/')
		n--;
	while (n && path[n - 1] != '/')
		n--;
	return ks_arena_copy(
		&layout->arena, ks_span_of(n ? path : "./", n ? n : 2));
}

/* "<folder>/.git" in the file gitdir of a linked worktree. */
static char *linked_work_tree(struct ks_layout *layout)
{
	const char *file = join(layout, layout->git_dir, "gitdir");
	const char *line = file ? read_line(layout, file) : NULL;

	return line ? parent_of(layout, join(layout, layout->git_dir, line))
		    : NULL;
}

/* As git finds it: git-config(1), core.worktree and core.bare. */
static void find_work_tree(struct ks_layout *layout)
{
	const char *git_dir = layout->git_dir;
	size_t n = strlen(git_dir);
	char *path = NULL;

	if (layout->common != git_dir) {
		layout->work = linked_work_tree(layout);
	} else if (layout->is_bare) {
		layout->work = NULL;
	} else if (layout->work_setting) {
		path = join(layout, git_dir, layout->work_setting);
		layout->work = folder_of(layout, path);
	} else if (!layout->work && n >= 6 &&
		   strcmp(git_dir + n - 6, "/.git/") == 0) {
		layout->work = parent_of(layout, git_dir);
	}
	path = layout->work ? realpath(layout->work, NULL) : NULL;
	if (path)
		layout->work = folder_of(layout, path);
	free(path);
}

int ks_layout_find(
	struct ks_layout *layout, const char *path, struct ks_err *err)
{
	int rc;

	layout->heeds_environment = !path;
	rc = find_git_dir(layout, path, err);
	if (rc == KS_OK)
		rc = find_common(layout, err);
	if (rc == KS_OK)
		rc = ks_layout_config_read(layout, err);
	if (rc == KS_OK)
		rc = read_shallow(layout, err);
	if (rc == KS_OK)
		rc = find_objects(layout, err);
	if (rc == KS_OK)
		find_work_tree(layout);
	return rc;
}

void ks_layout_release(struct ks_layout *layout)
{
	ks_dirs_release(&layout->objects);
	free(layout->tracking);
	ks_arena_release(&layout->arena);
	*layout = (struct ks_layout){ 0 };
}
