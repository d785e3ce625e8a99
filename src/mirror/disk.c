/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a disk the mirrors may take. */
#include "mirror/disk.h"

#include "mirror/folder.h"

#include <sys/statvfs.h>

enum {
	MIB = 1 << 20
};

void ks_disk_begin(
	struct ks_disk_share *share, struct ks_disk *disk, const char *folder)
{
	*share = (struct ks_disk_share){ .disk = disk, .folder = folder };
	if (disk->max)
		share->counted = ks_folder_size(folder);
}

static int check_max(struct ks_disk_share *share, struct ks_err *err)
{
	struct ks_disk *disk = share->disk;
	uint64_t now = ks_folder_size(share->folder);
	uint64_t used;

	/* Unsigned: what has become less is taken away. */
	used = atomic_fetch_add(&disk->used, now - share->counted) +
	       (now - share->counted);
	share->counted = now;
	if (used <= disk->max)
		return KS_OK;
	return ks_fail(err, KS_E_LIMIT,
		"the mirrors in '%s' may take no more than %llu MiB",
		disk->folder, (unsigned long long)(disk->max / MIB));
}

int ks_disk_check(void *payload, struct ks_err *err)
{
	struct ks_disk_share *share = payload;
	struct ks_disk *disk = share->disk;
	struct statvfs fs;

	if (disk->spare && statvfs(disk->folder, &fs) == 0 &&
		(uint64_t)fs.f_bavail * fs.f_frsize < disk->spare)
		return ks_fail(err, KS_E_LIMIT,
			"less than %llu MiB are free on the disk of '%s'",
			(unsigned long long)(disk->spare / MIB), disk->folder);
	return disk->max ? check_max(share, err) : KS_OK;
}
