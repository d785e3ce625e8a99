/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files on disk, read before anything is made of them. */
#include "rules/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/array.h"

/* An empty file of the name ${path}; NULL when memory ran out. */
static struct ks_rule_file *append(struct ks_rule_files *files,
	const char *path, enum ks_rulefile_kind kind)
{
	struct ks_rule_file *file;

	if (ks_array_reserve(&files->list, &files->cap, files->count + 1,
		    sizeof(*files->list)) < 0)
		return NULL;
	file = &files->list[files->count++];
	*file = (struct ks_rule_file){ .path = strdup(path), .kind = kind };
	return file->path ? file : NULL;
}

int ks_rule_files_add_text(struct ks_rule_files *files, const char *path,
	enum ks_rulefile_kind kind, struct ks_span text, struct ks_err *err)
{
	struct ks_rule_file *file = append(files, path, kind);

	if (!file || ks_buf_add(&file->text, text.p, text.n) < 0)
		return ks_fail_nomem(err);
	return KS_OK;
}

static int add_file(struct ks_rule_files *files, const char *path,
	enum ks_rulefile_kind kind, const struct stat *status,
	struct ks_err *err)
{
	struct ks_rule_file *file;

	if (!S_ISREG(status->st_mode))
		return ks_fail(err, KS_E_IO,
			"'%s' is neither a rule file nor a folder of them",
			path);
	if (status->st_size > KS_RULEFILE_MAX_BYTES)
		return ks_fail(err, KS_E_IO,
			"rule file '%s' is larger than %d bytes", path,
			(int)KS_RULEFILE_MAX_BYTES);
	file = append(files, path, kind);
	if (!file)
		return ks_fail_nomem(err);
	return ks_buf_read_file(&file->text, path, err);
}

static int is_rule_file(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return entry->d_name[0] != '.' && n > 5 &&
	       strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_entry(struct ks_rule_files *files, const char *folder,
	const char *name, enum ks_rulefile_kind kind, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	struct stat status;
	const char *text;
	int rc;

	if (ks_buf_printf(&path, "%s/%s", folder, name) < 0 ||
		!(text = ks_buf_str(&path)))
		rc = ks_fail_nomem(err);
	else if (stat(text, &status) < 0)
		rc = ks_fail_errno(err, errno, "cannot read '%s'", text);
	else
		rc = add_file(files, text, kind, &status, err);
	ks_buf_release(&path);
	return rc;
}

static int add_folder(struct ks_rule_files *files, const char *path,
	enum ks_rulefile_kind kind, struct ks_err *err)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_rule_file, by_name);
	int rc = KS_OK;

	if (count < 0)
		return ks_fail_errno(
			err, errno, "cannot read folder '%s'", path);
	if (count == 0)
		rc = ks_fail(err, KS_E_IO,
			"no rule file (*.yaml) in folder '%s'", path);
	for (int i = 0; i < count; i++) {
		if (rc == KS_OK)
			rc = add_entry(
				files, path, entries[i]->d_name, kind, err);
		free(entries[i]);
	}
	free(entries);
	return rc;
}

int ks_rule_files_add(struct ks_rule_files *files, const char *path,
	enum ks_rulefile_kind kind, struct ks_err *err)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return ks_fail_errno(err, errno, "cannot read '%s'", path);
	return S_ISDIR(status.st_mode)
		       ? add_folder(files, path, kind, err)
		       : add_file(files, path, kind, &status, err);
}

int ks_rule_files_parse(const struct ks_rule_files *files,
	struct ks_drafts *drafts, struct ks_err *err)
{
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < files->count; i++)
		rc = ks_rulefile_parse(drafts,
			ks_buf_span(&files->list[i].text), files->list[i].path,
			files->list[i].kind, err);
	return rc;
}

void ks_rule_files_hash(
	const struct ks_rule_files *files, struct ks_sha256 *hash)
{
	for (size_t i = 0; i < files->count; i++) {
		const struct ks_buf *text = &files->list[i].text;
		uint64_t n = text->n;

		ks_sha256_update(hash, &n, sizeof(n));
		ks_sha256_update(hash, text->p, text->n);
	}
}

void ks_rule_files_release(struct ks_rule_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->list[i].path);
		ks_buf_release(&files->list[i].text);
	}
	free(files->list);
	*files = (struct ks_rule_files){ 0 };
}
