/* SPDX-License-Identifier: Apache-2.0 */
/* What a git that fetches may know of the world around it. */
#ifndef KS_MIRROR_ENVIRONMENT_H
#define KS_MIRROR_ENVIRONMENT_H

#include "base/arena.h"
#include "mirror/remote.h"

/*
 * Our own environment, but for what points git to a repository, an index or a
 * trace; with settings that stand above all files: no hooks, no submodules,
 * no gc, no helper that is a program of its own (ext::, fd::), no question.
 * The user's own settings are left: proxies, credential helpers, protocols.
 *
 * ${remote} is the remote "origin", fetched by ${refspec}; NULL: none. Its
 * credentials go by variables that only this git sees, to no helper of the
 * user's, who might keep them. The strings belong to the arena. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_environment_make(const char *const **out,
	const struct ks_remote *remote, const char *refspec,
	struct ks_arena *arena, struct ks_err *err);

#endif
