/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration that is among what is scanned: .keysieve.yaml. */
#include "control/own_config.h"

#include "blobs/reader.h"
#include "blobs/tree.h"
#include "control/control.h"
#include "source/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READER_CACHE = 1 << 20, /* bytes */
	TREE_MAX = 256 << 20    /* bytes */
};

static const char file_name[] = ".keysieve.yaml";

static int read_regular(
	struct ks_buf *out, int fd, const char *path, struct ks_err *err)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return ks_fail_errno(err, errno, "cannot read '%s'", path);
	if (!S_ISREG(status.st_mode))
		return ks_fail(err, KS_E_IO, "'%s' is no regular file", path);
	return ks_files_read_fd(out, fd, path, KS_CONTROL_MAX_BYTES, NULL, err);
}

static int read_path(struct ks_buf *out, const char *path, struct ks_err *err)
{
	int fd = open(path,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int rc;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ks_fail(err, KS_E_NOTFOUND, "'%s' is not there", path);
	if (fd < 0 && errno == ELOOP)
		return ks_fail(err, KS_E_IO,
			"'%s' is a symlink, which is not followed", path);
	if (fd < 0)
		return ks_fail_errno(err, errno, "cannot read '%s'", path);
	rc = read_regular(out, fd, path, err);
	close(fd);
	return rc;
}

static void pass_over(void *payload, const char *path, const struct ks_err *why)
{
	(void)payload;
	(void)path;
	(void)why;
}

/* "tree <id>" is the first line of a commit. */
static bool take_tree_id(
	struct ks_span commit, size_t hash_bytes, struct ks_oid *out)
{
	static const char head[] = "tree ";
	size_t skip = sizeof(head) - 1;

	return ks_span_starts(commit, head) &&
	       ks_oid_parse_word(
		       out, ks_span_cut(commit, skip, commit.n), hash_bytes);
}

/* The configuration at the top of the raw ${tree}; it has to be a file. */
static int find_entry(struct ks_span tree, size_t hash_bytes,
	struct ks_oid *out, struct ks_err *err)
{
	struct ks_tree_iter iter = ks_tree_iter_of(tree, hash_bytes);
	struct ks_tree_entry entry;

	while (ks_tree_next(&iter, &entry) > 0) {
		if (!ks_span_eq(entry.name, ks_span_str(file_name)))
			continue;
		if ((entry.mode & KS_MODE_TYPE) != KS_MODE_FILE)
			return ks_fail(
				err, KS_E_UNSUPPORTED, "it is no regular file");
		*out = ks_oid_of(entry.id, hash_bytes);
		return KS_OK;
	}
	return ks_fail(err, KS_E_NOTFOUND, "it is not there");
}

/* What HEAD's commit, its tree and that file hold, one after the other. */
static int read_by(struct ks_reader *reader, struct ks_oid oid,
	size_t hash_bytes, struct ks_buf *out, struct ks_err *err)
{
	enum ks_object_type type;
	struct ks_span bytes;
	int rc = ks_reader_read(
		reader, &oid, KS_CONTROL_MAX_BYTES, &type, &bytes, err);

	if (rc == KS_OK && (type != KS_OBJECT_COMMIT ||
				   !take_tree_id(bytes, hash_bytes, &oid)))
		return ks_fail(err, KS_E_NOTFOUND, "HEAD is no commit");
	if (rc == KS_OK)
		rc = ks_reader_read(reader, &oid, TREE_MAX, &type, &bytes, err);
	if (rc == KS_OK)
		rc = find_entry(bytes, hash_bytes, &oid, err);
	if (rc == KS_OK)
		rc = ks_reader_read(
			reader, &oid, KS_CONTROL_MAX_BYTES, &type, &bytes, err);
	if (rc == KS_OK && ks_buf_add(out, bytes.p, bytes.n) < 0)
		rc = ks_fail_nomem(err);
	return rc;
}

static int read_at_head(
	struct ks_buf *out, struct ks_repo *repo, struct ks_err *err)
{
	size_t hash_bytes = ks_repo_hash_bytes(repo);
	struct ks_store store = { 0 };
	struct ks_reader *reader = NULL;
	const char *const *dirs;
	struct ks_oid oid;
	size_t count;
	int rc = ks_repo_head(repo, &oid, err);

	ks_buf_reset(out);
	/* The audit names a HEAD that is broken, or not there. */
	if (rc < 0)
		return rc == KS_E_NOMEM ? rc : KS_E_NOTFOUND;
	dirs = ks_repo_object_dirs(repo, &count);
	rc = ks_store_open_unlisted(
		&store, dirs, count, hash_bytes, pass_over, NULL, err);
	if (rc == KS_OK)
		rc = ks_reader_new(&reader, &store, READER_CACHE, 0, err);
	if (rc == KS_OK)
		rc = read_by(reader, oid, hash_bytes, out, err);
	ks_reader_free(reader);
	ks_store_close(&store);
	return rc;
}

int ks_own_config_of_repository(struct ks_buf *out, struct ks_buf *name,
	struct ks_repo *repo, struct ks_err *err)
{
	const char *work = ks_repo_work_dir(repo);
	int rc;

	ks_buf_reset(name);
	if (ks_buf_printf(name, "%s%s", work ? work : "HEAD:", file_name) < 0 ||
		!ks_buf_str(name))
		return ks_fail_nomem(err);
	if (work)
		return read_path(out, (const char *)name->p, err);
	rc = read_at_head(out, repo, err);
	if (rc < 0 && rc != KS_E_NOTFOUND)
		return ks_err_wrap(
			err, "cannot read '%s'", (const char *)name->p);
	return rc;
}

int ks_own_config_of_folder(struct ks_buf *out, struct ks_buf *name,
	const char *folder, struct ks_err *err)
{
	size_t n = strlen(folder);
	const char *slash = n && folder[n - 1] == '/' ? "" : "/";

	ks_buf_reset(name);
	if (ks_buf_printf(name, "%s%s%s", folder, slash, file_name) < 0 ||
		!ks_buf_str(name))
		return ks_fail_nomem(err);
	return read_path(out, (const char *)name->p, err);
}
