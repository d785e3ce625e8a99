/* SPDX-License-Identifier: Apache-2.0 */
/* Refs and reflogs. */
#ifndef KS_SOURCE_REFS_H
#define KS_SOURCE_REFS_H

#include "source/layout.h"
#include "source/repo.h"

/* Zero-initialise ({0}); ks_refs_release() frees. */
struct ks_refs {
	struct ks_ref *list;
	size_t cap;
	const char **broken;
	size_t broken_cap;
	struct ks_ref_list out;
	bool is_read;
};

/* As ks_repo_refs(); strings come from ${arena}. */
KS_MUST_CHECK int ks_refs_read(struct ks_refs *refs,
	const struct ks_layout *layout, struct ks_arena *arena,
	struct ks_err *err);

void ks_refs_release(struct ks_refs *refs);

#endif
