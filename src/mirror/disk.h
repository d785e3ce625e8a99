/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a disk the mirrors may take. */
#ifndef KS_MIRROR_DISK_H
#define KS_MIRROR_DISK_H

#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Shared by all updates of one process. */
struct ks_disk {
	const char *folder; /* of all mirrors */
	uint64_t max;       /* bytes it may hold; 0: no limit */
	uint64_t spare;     /* bytes to leave free on its file system */
	_Atomic uint64_t used;
	_Atomic int64_t counted; /* when last, by a clock that never jumps */
};

/* What one update adds. */
struct ks_disk_share {
	struct ks_disk *disk;
	const char *folder; /* what it writes to */
	uint64_t counted;   /* bytes of it that are in ${used} */
	bool is_too_large;  /* it was more than all may take */
};

/* Count what is there. */
void ks_disk_open(struct ks_disk *disk);

/* Begin to count ${folder}. */
void ks_disk_begin(
	struct ks_disk_share *share, struct ks_disk *disk, const char *folder);

/*
 * Count again, and remove mirrors that nobody uses if there are too many.
 * KS_E_LIMIT: there is no room for more. ${payload}: a share.
 */
int ks_disk_check(void *payload, struct ks_err *err);

/* KS_E_LIMIT: there is no room, also not for one alone if ${of_one}. */
int ks_disk_fail(const struct ks_disk *disk, bool of_one, struct ks_err *err);

#endif
