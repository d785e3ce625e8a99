/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration that is among what is scanned: .keysieve.yaml. */
#include "control/own_config.h"

#include "control/control.h"
#include "source/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
	rc = ks_repo_read_head(repo, file_name, KS_CONTROL_MAX_BYTES, out, err);
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
