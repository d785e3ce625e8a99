/* SPDX-License-Identifier: Apache-2.0 */
/* What of a forge's repositories a source takes, as the store keeps it. */
#ifndef KS_ORG_SELECTION_H
#define KS_ORG_SELECTION_H

#include "base/arena.h"
#include "base/buf.h"
#include "forge/forge.h"

#include <keysieve/org.h>

/*
 * Append what ${source} says to ${out}, a line each, a NUL behind; nothing:
 * all is taken. KS_E_USAGE: a glob has a line feed in it; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_selection_write(struct ks_buf *out,
	const struct ks_org_source *source, struct ks_err *err);

/*
 * Read that into ${out}; lists come from ${arena}. What a newer version wrote
 * is KS_E_UNSUPPORTED: to pass over it might hide repositories. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_selection_read(struct ks_forge_options *out,
	const char *text, struct ks_arena *arena, struct ks_err *err);

#endif
