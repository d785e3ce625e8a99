/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that are too many for memory: a temporary file, mapped. */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A file without a name in ${folder}, or -1. */
static int open_in(const char *folder)
{
	char name[4096];
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int n;

	if (fd >= 0)
		return fd;
	n = snprintf(name, sizeof(name), "%s/keysieve-XXXXXX", folder);
	if (n < 0 || (size_t)n >= sizeof(name))
		return -1;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/* /tmp is memory on many machines, and memory is what is to be spared. */
static int open_file(const char **folder)
{
	static const char *const defaults[] = { "/var/tmp", "/tmp" };
	const char *named = secure_getenv("TMPDIR");
	int fd;

	if (named && named[0] == '/') {
		*folder = named;
		return open_in(named);
	}
	for (size_t i = 0; i < 2; i++) {
		*folder = defaults[i];
		fd = open_in(defaults[i]);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

static bool has_half_free(int fd, uint64_t size)
{
	struct statvfs disk;

	return fstatvfs(fd, &disk) == 0 &&
	       size / disk.f_frsize < (uint64_t)disk.f_bavail / 2;
}

/* Give the file ${size} bytes of the disk and the spool an address of them. */
static int take(struct ks_spool *spool, int fd, uint64_t size)
{
	void *p;
	int rc;

	if (size > SIZE_MAX || size > INT64_MAX ||
		!has_half_free(fd, size - spool->n))
		return ENOSPC;
	do {
		rc = posix_fallocate(fd, 0, (off_t)size);
	} while (rc == EINTR);
	if (rc != 0)
		return rc;
	if (spool->p)
		p = mremap(spool->p, spool->n, (size_t)size, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED,
			fd, 0);
	if (p == MAP_FAILED)
		return errno;
	*spool = (struct ks_spool){ p, (size_t)size, fd };
	return 0;
}

static int fail(struct ks_err *err, int code, uint64_t size, const char *where)
{
	return ks_fail_errno(err, code,
		"%" PRIu64 " bytes do not fit in a temporary file%s%s "
		"(set TMPDIR)",
		size, where ? " in " : "", where ? where : "");
}

int ks_spool_open(struct ks_spool *spool, uint64_t size, struct ks_err *err)
{
	const char *folder = NULL;
	int fd = open_file(&folder);
	int rc;

	*spool = (struct ks_spool){ 0 };
	if (fd < 0)
		return fail(err, errno, size, folder);
	rc = take(spool, fd, size);
	if (rc == 0)
		return KS_OK;
	close(fd);
	return fail(err, rc, size, folder);
}

int ks_spool_grow(struct ks_spool *spool, uint64_t size, struct ks_err *err)
{
	int rc = take(spool, spool->fd, size);

	return rc ? fail(err, rc, size, NULL) : KS_OK;
}

void ks_spool_close(struct ks_spool *spool)
{
	if (spool->p) {
		munmap(spool->p, spool->n);
		close(spool->fd);
	}
	*spool = (struct ks_spool){ 0 };
}
