/* SPDX-License-Identifier: Apache-2.0 */
/* Earlier answers of servers, kept as files. */
#ifndef KS_FORGE_KEPT_H
#define KS_FORGE_KEPT_H

#include "forge/forge.h"

/*
 * A cache in ${folder}, a string that outlives it; it is made, with those
 * above it, when something is put there. What cannot be read is as if it were
 * not there.
 */
struct ks_forge_cache ks_forge_kept(const char *folder);

#endif
