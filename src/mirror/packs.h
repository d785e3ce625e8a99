/* SPDX-License-Identifier: Apache-2.0 */
/* Are the packs of a repository whole? gitformat-pack(5). */
#ifndef KS_MIRROR_PACKS_H
#define KS_MIRROR_PACKS_H

#include "mirror/git.h"

/*
 * Look at both ends of each pack of ${repo} and its index, at the cost of a
 * few reads: is one cut off, missing, or another's? How many there are goes
 * to ${count}. KS_E_CORRUPT: one is, by name; KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_packs_look(
	const char *repo, bool is_sha256, size_t *count, struct ks_err *err);

/*
 * Have git read every byte of every pack of ${repo}, and then follow its refs
 * to all that they need. KS_E_CORRUPT: something is wrong or missing; errors
 * of ks_git_run().
 */
KS_MUST_CHECK int ks_packs_verify(const char *repo, bool is_sha256,
	const struct ks_git_limits *limits, struct ks_err *err);

#endif
