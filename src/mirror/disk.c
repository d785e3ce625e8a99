/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a disk the mirrors may take. */
#include "mirror/disk.h"

#include "mirror/evict.h"
#include "mirror/folder.h"

#include <sys/statvfs.h>
#include <time.h>

enum {
	MIB = 1 << 20,
	COUNT_PAUSE = 60, /* seconds: all is much to count */
	HEADROOM = 16     /* one part of so many is made free at a time */
};

static int64_t now_seconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec;
}

/* Other processes add and remove, too. */
static uint64_t count(struct ks_disk *disk)
{
	uint64_t used = ks_folder_size(disk->folder);

	atomic_store(&disk->used, used);
	atomic_store(&disk->counted, now_seconds());
	return used;
}

void ks_disk_open(struct ks_disk *disk)
{
	if (disk->max)
		count(disk);
}

void ks_disk_begin(
	struct ks_disk_share *share, struct ks_disk *disk, const char *folder)
{
	*share = (struct ks_disk_share){ .disk = disk, .folder = folder };
	if (!disk->max)
		return;
	if (now_seconds() - atomic_load(&disk->counted) > COUNT_PAUSE)
		count(disk);
	share->counted = ks_folder_size(folder);
}

int ks_disk_fail(const struct ks_disk *disk, bool of_one, struct ks_err *err)
{
	double mib = (double)disk->max / MIB;

	if (of_one)
		return ks_fail(err, KS_E_LIMIT,
			"it takes more than the %.1f MiB that all mirrors may",
			mib);
	return ks_fail(err, KS_E_LIMIT,
		"the mirrors in '%s' may take no more than %.1f MiB, and those "
		"that are there are in use",
		disk->folder, mib);
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
	/* The others' would be removed in vain. */
	share->is_too_large |= now > disk->max;
	if (share->is_too_large)
		return ks_disk_fail(disk, true, err);
	used = count(disk);
	if (used > disk->max)
		used -= ks_evict(
			disk->folder, used - disk->max + disk->max / HEADROOM);
	atomic_store(&disk->used, used);
	return used <= disk->max ? KS_OK : ks_disk_fail(disk, false, err);
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
