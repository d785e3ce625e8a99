/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a repository may say what is not to be reported. */
#ifndef KS_CONTROL_TRUST_H
#define KS_CONTROL_TRUST_H

#include "source/repo.h"

#include <keysieve/control.h>

/*
 * Is ${trust} given to ${repo}? KS_TRUST_OWN asks for a work tree that is,
 * like the git folder, owned by the effective user.
 */
bool ks_trust_repository(enum ks_trust trust, const struct ks_repo *repo);

/* Likewise to all of the ${count} files and folders ${paths}. */
bool ks_trust_paths(
	enum ks_trust trust, const char *const *paths, size_t count);

#endif
