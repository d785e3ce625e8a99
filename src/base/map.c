/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file, mapped for reading. */
#include "base/map.h"

#include "base/file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

int ks_map_open(struct ks_map *map, const char *path, struct ks_err *err)
{
	uint64_t size;
	void *p = NULL;
	int fd;
	int rc = ks_file_open(&fd, &size, path, err);

	*map = (struct ks_map){ 0 };
	if (rc < 0)
		return rc;
	if (size > SIZE_MAX)
		rc = ks_fail(err, KS_E_LIMIT, "'%s' is too large", path);
	else if (size)
		p = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		rc = ks_fail_errno(err, errno, "cannot map '%s'", path);
	else if (p)
		map->bytes = ks_span_of(p, (size_t)size);
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
