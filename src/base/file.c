/* SPDX-License-Identifier: Apache-2.0 */
/* Opening files of which nothing is known yet. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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
