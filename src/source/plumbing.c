/* SPDX-License-Identifier: Apache-2.0 */
/* Running git on what is scanned, without a word from its configuration. */
#include "source/plumbing.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NEEDED_MAJOR = 2, /* SHA-256 came with git 2.29 */
	NEEDED_MINOR = 29,
	VERSION_MAX = 64 << 10 /* bytes that "git version" says */
};

static bool is_plain(const FTSENT *item)
{
	struct stat st;

	if (item->fts_info == FTS_SL)
		return stat(item->fts_path, &st) < 0 || S_ISREG(st.st_mode) ||
		       S_ISDIR(st.st_mode);
	return item->fts_info != FTS_DEFAULT;
}

static int check_folder(const char *dir, struct ks_err *err)
{
	char *path = strdup(dir);
	char *roots[] = { path, NULL };
	FTS *walk =
		path ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
	FTSENT *item;
	int rc = walk ? KS_OK : ks_fail_nomem(err);

	/* Read to its end even then: fts_close() would leak the rest. */
	while (walk && (item = fts_read(walk))) {
		if (rc == KS_OK && !is_plain(item))
			rc = ks_fail(err, KS_E_UNSUPPORTED,
				"'%s' is not a file, and git might wait at it",
				item->fts_path);
	}
	if (walk)
		fts_close(walk);
	free(path);
	return rc;
}

int ks_plumbing_check(const char *const *dirs, size_t count, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < count; i++)
		rc = check_folder(dirs[i], err);
	return rc;
}

static const char *path_of(struct ks_plumbing *git, const char *name)
{
	struct ks_buf path = { 0 };
	const char *copy = NULL;

	if (ks_buf_printf(&path, "%s/%s", git->folder, name) == KS_OK)
		copy = ks_arena_copy(&git->arena, ks_buf_span(&path));
	ks_buf_release(&path);
	return copy;
}

static int write_file(struct ks_plumbing *git, const char *name,
	struct ks_span text, struct ks_err *err)
{
	const char *path = path_of(git, name);
	FILE *file = path ? fopen(path, "wxe") : NULL;
	bool is_written = file && fwrite(text.p, 1, text.n, file) == text.n;

	if (!path)
		return ks_fail_nomem(err);
	if (file && fclose(file) != 0)
		is_written = false;
	return is_written
		       ? KS_OK
		       : ks_fail_errno(err, errno, "cannot write '%s'", path);
}

/*
 * May git be told of it in packed-refs? It ends at names that could lead out
 * of its folder, and a name that is no word would be two things there.
 */
static bool is_proper(const char *name)
{
	if (strncmp(name, "refs/", 5) != 0 || strstr(name, ".."))
		return false;
	for (; *name; name++) {
		if ((unsigned char)*name <= ' ' || *name == 0x7f)
			return false;
	}
	return true;
}

/* Refs go to packed-refs; what stands beside them to files of their own. */
static int write_refs(struct ks_plumbing *git,
	const struct ks_plumbing_view *view, struct ks_err *err)
{
	const struct ks_ref_list *refs = view->refs;
	struct ks_buf packed = { 0 };
	char line[KS_OID_HEX_MAX + 1];
	bool has_head = false;
	int rc = KS_OK;

	for (size_t i = 0; refs && rc == KS_OK && i < refs->count; i++) {
		const struct ks_ref *ref = &refs->list[i];

		if (ref->is_reflog)
			continue;
		ks_oid_hex(&ref->oid, view->hash_bytes, line);
		if (is_proper(ref->name) &&
			ks_buf_printf(&packed, "%s %s\n", line, ref->name) < 0)
			rc = ks_fail_nomem(err);
		if (!strchr(ref->name, '/'))
			rc = write_file(git, ref->name, ks_span_str(line), err);
		has_head |= ref->is_head;
	}
	if (rc == KS_OK && !has_head)
		rc = write_file(git, "HEAD",
			ks_span_str("ref: refs/heads/none\n"), err);
	if (rc == KS_OK)
		rc = write_file(git, "packed-refs", ks_buf_span(&packed), err);
	ks_buf_release(&packed);
	return rc;
}

static int make_folder(struct ks_plumbing *git, struct ks_err *err)
{
	const char *base = secure_getenv("TMPDIR");
	struct ks_buf name = { 0 };
	const char *refs;
	char *path = NULL;

	if (ks_buf_printf(&name, "%s/keysieve-XXXXXX",
		    base && *base == '/' ? base : "/tmp") == KS_OK)
		path = ks_arena_copy(&git->arena, ks_buf_span(&name));
	ks_buf_release(&name);
	if (!path)
		return ks_fail_nomem(err);
	if (!mkdtemp(path))
		return ks_fail_errno(err, errno, "cannot make '%s'", path);
	git->folder = path;
	refs = path_of(git, "refs");
	if (!refs)
		return ks_fail_nomem(err);
	return mkdir(refs, 0700) < 0
		       ? ks_fail_errno(err, errno, "cannot make '%s'", refs)
		       : KS_OK;
}

static int fill_folder(struct ks_plumbing *git,
	const struct ks_plumbing_view *view, struct ks_err *err)
{
	const char *config = view->hash_bytes == KS_OID_SHA256
				     ? "[core]\n\trepositoryformatversion = 1\n"
				       "\tbare = true\n"
				       "[extensions]\n\tobjectformat = sha256\n"
				     : "[core]\n\trepositoryformatversion = 0\n"
				       "\tbare = true\n";
	int rc = make_folder(git, err);

	if (rc == KS_OK)
		rc = write_file(git, "config", ks_span_str(config), err);
	return rc == KS_OK ? write_refs(git, view, err) : rc;
}

static void remove_folder(struct ks_plumbing *git)
{
	DIR *folder = opendir(git->folder);
	struct dirent *item;

	while (folder && (item = readdir(folder))) {
		const char *path = path_of(git, item->d_name);

		/* A folder stays that is not empty, and this one. */
		if (path && strcmp(item->d_name, ".") != 0 &&
			strcmp(item->d_name, "..") != 0)
			remove(path);
	}
	if (folder)
		closedir(folder);
	rmdir(git->folder);
}

static int set(struct ks_plumbing *git, const char *name, const char *value)
{
	struct ks_buf text = { 0 };
	const char *copy = NULL;

	if (ks_buf_printf(&text, "%s=%s", name, value) == KS_OK)
		copy = ks_arena_copy(&git->arena, ks_buf_span(&text));
	ks_buf_release(&text);
	if (!copy)
		return KS_E_NOMEM;
	git->environment[git->variable_count++] = copy;
	return KS_OK;
}

/* ${path} as git quotes it; with colons between. */
static int add_quoted(struct ks_buf *list, const char *path)
{
	int rc = ks_buf_add_str(list, list->n ? ":\"" : "\"");

	for (; rc == KS_OK && *path; path++) {
		if (*path == '"' || *path == '\\')
			rc = ks_buf_printf(list, "\\%c", *path);
		else if (*path == '\n')
			rc = ks_buf_add_str(list, "\\n");
		else
			rc = ks_buf_add_byte(list, (uint8_t)*path);
	}
	return rc == KS_OK ? ks_buf_add_byte(list, '"') : rc;
}

static int set_objects(
	struct ks_plumbing *git, const struct ks_plumbing_view *view)
{
	struct ks_buf list = { 0 };
	int rc = set(git, "GIT_OBJECT_DIRECTORY",
		view->dir_count ? view->dirs[0] : "");

	for (size_t i = 1; rc == KS_OK && i < view->dir_count; i++)
		rc = add_quoted(&list, view->dirs[i]);
	if (rc == KS_OK && !ks_buf_str(&list))
		rc = KS_E_NOMEM;
	if (rc == KS_OK && list.n)
		rc = set(git, "GIT_ALTERNATE_OBJECT_DIRECTORIES",
			(const char *)list.p);
	ks_buf_release(&list);
	return rc;
}

/* git(1), "Environment variables"; nothing of our own environment. */
static int set_environment(struct ks_plumbing *git,
	const struct ks_plumbing_view *view, struct ks_err *err)
{
	static const char *const fixed[][2] = {
		{ "LC_ALL", "C" },
		{ "GIT_CONFIG_NOSYSTEM", "1" },
		{ "GIT_CONFIG_GLOBAL", "/dev/null" },
		{ "GIT_ATTR_NOSYSTEM", "1" },
		{ "GIT_NO_REPLACE_OBJECTS", "1" },
		{ "GIT_NO_LAZY_FETCH", "1" },
		{ "GIT_ALLOW_PROTOCOL", "none" },
		{ "GIT_TERMINAL_PROMPT", "0" },
		{ "GIT_OPTIONAL_LOCKS", "0" },
	};
	int rc = set(git, "GIT_DIR", git->folder);

	if (rc == KS_OK)
		rc = set(git, "HOME", git->folder);
	for (size_t i = 0; rc == KS_OK && i < sizeof(fixed) / sizeof(*fixed);
		i++)
		rc = set(git, fixed[i][0], fixed[i][1]);
	if (rc == KS_OK)
		rc = set_objects(git, view);
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

/* "git version 2.39.5", and what a vendor puts behind it. */
static int check_version(const struct ks_plumbing *git, struct ks_err *err)
{
	static const char *const words[] = { "git", "version", NULL };
	struct ks_program program = ks_plumbing_program(git, words);
	struct ks_buf said = { 0 };
	unsigned major = 0, minor = 0;
	int status;
	int rc = ks_program_ask(&said, &program, VERSION_MAX, &status, err);

	if (rc == KS_OK && sscanf((const char *)said.p, "git version %4u.%4u",
				   &major, &minor) != 2)
		rc = ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' does not say which version it is", program.path);
	else if (rc == KS_OK &&
		 (major < NEEDED_MAJOR ||
			 (major == NEEDED_MAJOR && minor < NEEDED_MINOR)))
		rc = ks_fail(err, KS_E_UNSUPPORTED,
			"'%s' is git %u.%u, too old for SHA-256: %d.%d or "
			"later is needed",
			program.path, major, minor, NEEDED_MAJOR, NEEDED_MINOR);
	ks_buf_release(&said);
	return rc;
}

int ks_plumbing_open(struct ks_plumbing *git,
	const struct ks_plumbing_view *view, struct ks_err *err)
{
	int rc = ks_plumbing_check(view->dirs, view->dir_count, err);

	if (rc == KS_OK)
		rc = ks_program_find(&git->program, "git", err);
	if (rc == KS_OK)
		rc = fill_folder(git, view, err);
	if (rc == KS_OK)
		rc = set_environment(git, view, err);
	if (rc == KS_OK && view->hash_bytes == KS_OID_SHA256)
		rc = check_version(git, err);
	return rc;
}

struct ks_program ks_plumbing_program(
	const struct ks_plumbing *git, const char *const *words)
{
	return (struct ks_program){
		.path = (const char *)git->program.p,
		.words = words,
		.environment = git->environment,
		.in = -1,
	};
}

void ks_plumbing_close(struct ks_plumbing *git)
{
	if (git->folder)
		remove_folder(git);
	ks_buf_release(&git->program);
	ks_arena_release(&git->arena);
	*git = (struct ks_plumbing){ 0 };
}
