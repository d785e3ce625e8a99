/* SPDX-License-Identifier: Apache-2.0 */
/* The file of many refs, a line each: git-pack-refs(1). */
#ifndef KS_SOURCE_PACKED_REFS_H
#define KS_SOURCE_PACKED_REFS_H

#include "source/ref_files.h"

/*
 * Tell ${visitor} of the refs in ${common}packed-refs whose names begin with
 * ${prefix}. As ks_ref_files_visit(); there need not be such a file.
 */
KS_MUST_CHECK int ks_packed_refs_visit(const char *common, const char *prefix,
	size_t hash_bytes, const struct ks_ref_visitor *visitor,
	struct ks_err *err);

#endif
