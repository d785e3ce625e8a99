/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a pack folder: which are packs, and what is amiss with others.
 */
#include "blobs/pack_files.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* As for git, what stands before the suffix does not matter. */
static bool has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name);
	size_t m = strlen(suffix);

	return n > m && strcmp(name + n - m, suffix) == 0;
}

/* What git is writing, or was when it was stopped. */
static bool is_temporary(const char *name)
{
	return ks_span_starts(ks_span_str(name), "tmp_") ||
	       ks_span_starts(ks_span_str(name), ".tmp-");
}

/* Is the file there whose name ends with ${other} instead of ${suffix}? */
static int find_partner(
	bool *found, const char *path, const char *suffix, const char *other)
{
	struct ks_buf name = { 0 };
	int rc = ks_buf_printf(&name, "%.*s%s",
		(int)(strlen(path) - strlen(suffix)), path, other);

	if (rc == KS_OK && !ks_buf_str(&name))
		rc = KS_E_NOMEM;
	*found = rc == KS_OK && access(ks_buf_str(&name), F_OK) == 0;
	ks_buf_release(&name);
	return rc;
}

static void skip_lonely(
	struct ks_pack_files *to, const char *path, const char *what)
{
	struct ks_err why = { 0 };

	ks_fail(&why, KS_E_NOTFOUND, "%s", what);
	to->skip(to->payload, path, &why);
}

static int look_at(
	struct ks_pack_files *to, const char *path, struct ks_err *err)
{
	bool is_pack = has_suffix(path, ".pack");
	bool is_index = has_suffix(path, ".idx");
	bool has_partner = false;
	int rc = KS_OK;

	if (is_pack)
		rc = find_partner(&has_partner, path, ".pack", ".idx");
	else if (is_index)
		rc = find_partner(&has_partner, path, ".idx", ".pack");
	if (rc < 0)
		return ks_fail_nomem(err);
	if (has_partner)
		return is_pack ? to->pack(to->payload, path, err) : KS_OK;
	if (is_temporary(strrchr(path, '/') + 1))
		to->temporary++;
	else if (is_pack)
		skip_lonely(to, path,
			"it has no index: 'git index-pack' makes one");
	else if (is_index)
		skip_lonely(to, path, "the pack of this index is gone");
	return KS_OK;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int look_at_all(struct ks_pack_files *to, const char *folder,
	struct dirent **names, int count, struct ks_err *err)
{
	struct ks_buf path = { 0 };
	int rc = KS_OK;

	for (int i = 0; i < count && rc == KS_OK; i++) {
		ks_buf_reset(&path);
		rc = ks_buf_printf(&path, "%s/%s", folder, names[i]->d_name);
		if (rc == KS_OK && !ks_buf_str(&path))
			rc = KS_E_NOMEM;
		rc = rc < 0 ? ks_fail_nomem(err)
			    : look_at(to, ks_buf_str(&path), err);
	}
	ks_buf_release(&path);
	return rc;
}

int ks_pack_files_each(
	const char *dir, struct ks_pack_files *to, struct ks_err *err)
{
	struct ks_buf folder = { 0 };
	struct ks_err why = { 0 };
	struct dirent **names = NULL;
	int count;
	int rc;

	if (ks_buf_printf(&folder, "%s/pack", dir) < 0 ||
		!ks_buf_str(&folder)) {
		ks_buf_release(&folder);
		return ks_fail_nomem(err);
	}
	count = scandir(ks_buf_str(&folder), &names, NULL, compare_names);
	if (count < 0 && errno != ENOENT) {
		ks_fail_errno(&why, errno, "cannot list it");
		to->skip(to->payload, ks_buf_str(&folder), &why);
	}
	rc = look_at_all(to, ks_buf_str(&folder), names, count, err);
	while (count > 0)
		free(names[--count]);
	if (count == 0)
		free(names);
	ks_buf_release(&folder);
	return rc;
}
