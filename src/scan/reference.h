/* SPDX-License-Identifier: Apache-2.0 */
/* Every object by libgit2: what the pack stream is measured against. */
#ifndef KS_SCAN_REFERENCE_H
#define KS_SCAN_REFERENCE_H

#include "blobs/walk.h"

struct ks_repo;

/*
 * Visit each object of ${repo} as libgit2 lists and reads it, in the calling
 * thread, as worker 0. Errors as ks_walk(), and KS_E_REPO.
 */
KS_MUST_CHECK int ks_reference_walk(struct ks_repo *repo,
	const struct ks_visitor *visitor, struct ks_err *err);

#endif
