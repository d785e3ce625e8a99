/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of hooks for all repositories of a user. */
#ifndef KS_HOOK_PASSING_H
#define KS_HOOK_PASSING_H

#include "base/buf.h"

/*
 * The folder that the user's core.hooksPath names, to ${out}, a NUL behind
 * it; ${is_set}: it is. If not, and it is to be made: ~/.config/keysieve/hooks
 * or the like. KS_E_IO (no home), KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_passing_folder(
	struct ks_buf *out, bool *is_set, struct ks_err *err);

/*
 * Make the folder ${path} and put hooks into it that run those of each
 * repository, as core.hooksPath hides them; then set that. KS_E_IO,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_passing_make(const char *path, struct ks_err *err);

/*
 * Unset core.hooksPath and remove the folder ${path}, if nothing but what
 * ks_passing_make() put there is left in it. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_passing_remove(const char *path, struct ks_err *err);

#endif
