/* SPDX-License-Identifier: Apache-2.0 */
/* A bare repository of our own making: gitrepository-layout(5). */
#include "mirror/folder.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LOCK_POLL_MS = 50
};

static const char config_sha1[] = "[core]\n"
				  "\trepositoryformatversion = 0\n"
				  "\tbare = true\n"
				  "[gc]\n"
				  "\tauto = 0\n"
				  "\tpruneExpire = never\n";

static const char config_sha256[] = "[core]\n"
				    "\trepositoryformatversion = 1\n"
				    "\tbare = true\n"
				    "[extensions]\n"
				    "\tobjectformat = sha256\n"
				    "[gc]\n"
				    "\tauto = 0\n"
				    "\tpruneExpire = never\n";

static const char *const inner[] = { "objects/info", "objects/pack",
	"refs/heads", "refs/tags" };

/* ${path}/${name}, in ${out}. */
static int join(struct ks_buf *out, const char *path, const char *name,
	struct ks_err *err)
{
	ks_buf_reset(out);
	return ks_buf_printf(out, "%s/%s", path, name) < 0 || !ks_buf_str(out)
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

int ks_folder_put(const char *path, const char *name, const char *text,
	struct ks_err *err)
{
	struct ks_buf file = { 0 };
	struct ks_buf now = { 0 };
	int rc = join(&file, path, name, err);

	/* To write and sync a file takes longer than all the rest. */
	if (rc == KS_OK &&
		ks_buf_read_file_max(&now, (const char *)file.p, strlen(text),
			NULL) == KS_OK &&
		ks_span_eq(ks_buf_span(&now), ks_span_str(text)))
		goto done;
	if (rc == KS_OK)
		rc = ks_file_replace(
			(const char *)file.p, ks_span_str(text), 0600, err);
done:
	ks_buf_release(&now);
	ks_buf_release(&file);
	return rc;
}

static bool ends_with(const char *name, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

/* What a git leaves that had no time to tidy up. */
static bool is_left_over(const FTSENT *entry)
{
	return strncmp(entry->fts_name, "tmp_", 4) == 0 ||
	       strncmp(entry->fts_name, ".tmp-", 5) == 0 ||
	       ends_with(entry->fts_name, entry->fts_namelen, ".lock");
}

enum visit {
	VISIT_CLEAN, /* remove what is left over */
	VISIT_REMOVE /* remove everything */
};

static int visit(const char *path, enum visit how, struct ks_err *err)
{
	char *copy = strdup(path);
	char *roots[] = { copy, NULL };
	FTS *walk =
		copy ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
	int rc = walk ? KS_OK : ks_fail_nomem(err);
	FTSENT *entry;

	while (rc == KS_OK && (entry = fts_read(walk))) {
		bool is_dir = entry->fts_info == FTS_DP;
		bool goes =
			how == VISIT_REMOVE || (!is_dir && is_left_over(entry));

		if (entry->fts_info == FTS_D || !goes)
			continue;
		if (entry->fts_errno == ENOENT && entry->fts_level == 0)
			continue;
		if ((is_dir ? rmdir(entry->fts_accpath)
			    : unlink(entry->fts_accpath)) < 0 &&
			errno != ENOENT)
			rc = ks_fail_errno(err, errno, "cannot remove '%s'",
				entry->fts_path);
	}
	if (walk)
		fts_close(walk);
	free(copy);
	return rc;
}

int ks_folder_clean(const char *path, struct ks_err *err)
{
	return visit(path, VISIT_CLEAN, err);
}

int ks_folder_init(const char *path, bool is_sha256, struct ks_err *err)
{
	struct ks_buf file = { 0 };
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < sizeof(inner) / sizeof(*inner);
		i++) {
		rc = join(&file, path, inner[i], err);
		if (rc == KS_OK)
			rc = ks_file_make_folders((const char *)file.p, err);
	}
	if (rc == KS_OK)
		rc = ks_folder_clean(path, err);
	if (rc == KS_OK)
		rc = ks_folder_put(path, "config",
			is_sha256 ? config_sha256 : config_sha1, err);
	if (rc == KS_OK)
		rc = join(&file, path, "HEAD", err);
	if (rc == KS_OK && access((const char *)file.p, F_OK) < 0)
		rc = ks_folder_put(path, "HEAD", "ref: refs/heads/main\n", err);
	ks_buf_release(&file);
	return rc;
}

int ks_folder_remove(const char *path, struct ks_err *err)
{
	return visit(path, VISIT_REMOVE, err);
}

int ks_folder_lock(int *fd, const char *path, const volatile int *cancel,
	struct ks_err *err)
{
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return ks_fail_errno(err, errno, "cannot open '%s'", path);
	while (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
		int saved = errno;

		if (saved == EWOULDBLOCK && !(cancel && *cancel)) {
			poll(NULL, 0, LOCK_POLL_MS);
			continue;
		}
		if (saved == EINTR && !(cancel && *cancel))
			continue;
		close(*fd);
		*fd = -1;
		if (cancel && *cancel)
			return ks_fail(err, KS_E_INTERRUPTED, "interrupted");
		return ks_fail_errno(err, saved, "cannot lock '%s'", path);
	}
	return KS_OK;
}

uint64_t ks_folder_size(const char *path)
{
	char *copy = strdup(path);
	char *roots[] = { copy, NULL };
	FTS *walk =
		copy ? fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
	uint64_t bytes = 0;
	FTSENT *entry;

	while (walk && (entry = fts_read(walk))) {
		if (entry->fts_info == FTS_F && entry->fts_statp->st_blocks > 0)
			bytes += (uint64_t)entry->fts_statp->st_blocks * 512;
	}
	if (walk)
		fts_close(walk);
	free(copy);
	return bytes;
}

static bool has_line(const struct ks_buf *text, const char *line)
{
	struct ks_span rest = ks_buf_span(text);
	struct ks_span one;

	while (ks_span_next_line(&rest, &one)) {
		if (ks_span_eq(one, ks_span_str(line)))
			return true;
	}
	return false;
}

int ks_folder_share(const char *path, const char *other, struct ks_err *err)
{
	static const size_t most = 1 << 16;
	struct ks_buf objects = { 0 };
	struct ks_buf file = { 0 };
	struct ks_buf text = { 0 };
	int rc = join(&objects, other, "objects", err);

	if (rc == KS_OK)
		rc = join(&file, path, "objects/info/alternates", err);
	if (rc == KS_OK && access((const char *)file.p, F_OK) == 0)
		rc = ks_buf_read_file_max(
			&text, (const char *)file.p, most, err);
	if (rc == KS_OK && !has_line(&text, (const char *)objects.p)) {
		rc = ks_buf_printf(&text, "%s\n", (const char *)objects.p) < 0
			     ? ks_fail_nomem(err)
			     : ks_file_replace((const char *)file.p,
				       ks_buf_span(&text), 0600, err);
	}
	ks_buf_release(&objects);
	ks_buf_release(&file);
	ks_buf_release(&text);
	return rc;
}
