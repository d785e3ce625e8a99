/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file, mapped for reading. */
#include "base/map.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int map_fd(
	struct ks_map *map, int fd, const char *path, struct ks_err *err)
{
	struct stat st;
	void *p;

	if (fstat(fd, &st) < 0)
		return ks_fail_errno(err, errno, "cannot read '%s'", path);
	if (!S_ISREG(st.st_mode))
		return ks_fail(err, KS_E_IO, "'%s' is not a file", path);
	if (st.st_size == 0)
		return KS_OK;
	if ((uintmax_t)st.st_size > SIZE_MAX)
		return ks_fail(err, KS_E_LIMIT, "'%s' is too large", path);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return ks_fail_errno(err, errno, "cannot map '%s'", path);
	map->bytes = ks_span_of(p, (size_t)st.st_size);
	return KS_OK;
}

int ks_map_open(struct ks_map *map, const char *path, struct ks_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc;

	*map = (struct ks_map){ 0 };
	if (fd < 0 && errno == ENOENT)
		return ks_fail(err, KS_E_NOTFOUND, "'%s' does not exist", path);
	if (fd < 0)
		return ks_fail_errno(err, errno, "cannot open '%s'", path);
	rc = map_fd(map, fd, path, err);
	close(fd);
	return rc;
}

void ks_map_close(struct ks_map *map)
{
	void *p;

	memcpy(&p, &map->bytes.p, sizeof(p));
	if (map->bytes.n)
		munmap(p, map->bytes.n);
	*map = (struct ks_map){ 0 };
}
