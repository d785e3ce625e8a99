/* SPDX-License-Identifier: Apache-2.0 */
/* Opening files of which nothing is known yet, and making them. */
#include "base/file.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int check(const struct stat *st, const char *path, struct ks_err *err)
{
	return S_ISREG(st->st_mode)
		       ? KS_OK
		       : ks_fail(err, KS_E_IO, "'%s' is not a file", path);
}

int ks_file_open(int *fd, uint64_t *size, const char *path, struct ks_err *err)
{
	struct stat st;
	int rc;

	*fd = -1;
	if (stat(path, &st) < 0 && errno == ENOENT)
		return ks_fail(err, KS_E_NOTFOUND, "'%s' does not exist", path);
	if (stat(path, &st) < 0)
		return ks_fail_errno(err, errno, "cannot open '%s'", path);
	rc = check(&st, path, err);
	if (rc < 0)
		return rc;
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return ks_fail_errno(err, errno, "cannot open '%s'", path);
	/* It may have been changed for another in between. */
	rc = fstat(*fd, &st) < 0
		     ? ks_fail_errno(err, errno, "cannot read '%s'", path)
		     : check(&st, path, err);
	*size = rc < 0 ? 0 : (uint64_t)st.st_size;
	if (rc < 0) {
		close(*fd);
		*fd = -1;
	}
	return rc;
}

static bool write_all(int fd, struct ks_span bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = ks_span_cut(bytes, (size_t)n, bytes.n);
	}
	return true;
}

/* Write ${bytes} to ${fd} and close it. False: errno says why. */
static bool fill(int fd, struct ks_span bytes)
{
	bool is_written = write_all(fd, bytes) && fsync(fd) == 0;
	int saved = errno;

	if (close(fd) < 0 && is_written)
		return false;
	errno = saved;
	return is_written;
}

int ks_file_make(const char *path, struct ks_span bytes, unsigned mode,
	struct ks_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return ks_fail_errno(err, errno, "cannot make '%s'", path);
	if (fill(fd, bytes))
		return KS_OK;
	ks_fail_errno(err, errno, "cannot write '%s'", path);
	unlink(path);
	return KS_E_IO;
}

/* Write it to ${fd}, of the file ${part}, and give that its name. */
static int finish(int fd, const char *part, const char *path,
	struct ks_span bytes, unsigned mode, struct ks_err *err)
{
	int saved = fchmod(fd, mode) < 0 ? errno : 0;
	bool is_written = fill(fd, bytes) && saved == 0;

	if (saved == 0)
		saved = errno;
	if (is_written && rename(part, path) == 0)
		return KS_OK;
	if (is_written)
		saved = errno;
	unlink(part);
	return ks_fail_errno(err, saved, "cannot write '%s'", path);
}

int ks_file_replace(const char *path, struct ks_span bytes, unsigned mode,
	struct ks_err *err)
{
	struct ks_buf part = { 0 };
	int rc = ks_buf_printf(&part, "%s.XXXXXX", path);
	int fd;

	if (rc < 0 || !ks_buf_str(&part)) {
		ks_buf_release(&part);
		return ks_fail_nomem(err);
	}
	fd = mkostemp((char *)part.p, O_CLOEXEC);
	rc = fd < 0 ? ks_fail_errno(err, errno, "cannot write '%s'", path)
		    : finish(fd, (const char *)part.p, path, bytes, mode, err);
	ks_buf_release(&part);
	return rc;
}

int ks_file_make_folders(const char *path, struct ks_err *err)
{
	char *copy = strdup(path);
	int rc = KS_OK;

	if (!copy)
		return ks_fail_nomem(err);
	for (char *at = copy + 1; rc == KS_OK; at++) {
		char was = *at;

		if (was && was != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			rc = ks_fail_errno(
				err, errno, "cannot make '%s'", copy);
		*at = was;
		if (!was)
			break;
	}
	free(copy);
	return rc;
}
