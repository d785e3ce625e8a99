/* SPDX-License-Identifier: Apache-2.0 */
/* The refs of a mirror whose objects its network's store has. */
#ifndef KS_MIRROR_REFS_H
#define KS_MIRROR_REFS_H

#include "mirror/git.h"
#include "mirror/place.h"

/*
 * Make those of ${place}'s repository what its store has below
 * refs/keysieve/NAME/. KS_E_LIMIT, KS_E_IO, KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_refs_copy(const struct ks_place *place,
	const struct ks_git_limits *limits, struct ks_err *err);

/* Remove the latter. Errors as above. */
KS_MUST_CHECK int ks_refs_forget(const struct ks_place *place,
	const struct ks_git_limits *limits, struct ks_err *err);

/* Let HEAD of ${repo} be ${branch}, if that is not empty. KS_E_IO. */
KS_MUST_CHECK int ks_refs_point(
	const char *repo, struct ks_span branch, struct ks_err *err);

#endif
