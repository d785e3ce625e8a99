/* SPDX-License-Identifier: Apache-2.0 */
/* The former values of refs: git-reflog(1). */
#ifndef KS_SOURCE_REFLOG_H
#define KS_SOURCE_REFLOG_H

#include "base/err.h"
#include "base/oid.h"

/*
 * Call ${each} for both ids of each line of all reflogs below ${common}/logs
 * and ${common}/worktrees/…/logs (${common} ends with a slash), but for
 * all-zero ones and those repeated from the line before. Logs that cannot be
 * read are passed over: they hold no objects. Returns what ${each} returned
 * if that was not 0.
 */
int ks_reflogs_read(const char *common, size_t hash_bytes,
	int (*each)(void *payload, const char *ref, const struct ks_oid *oid),
	void *payload);

#endif
