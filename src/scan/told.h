/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a place and a secret: path, commit, fingerprint. */
#ifndef KS_SCAN_TOLD_H
#define KS_SCAN_TOLD_H

#include "base/sha256.h"
#include "scan/origins.h"

enum {
	KS_TOLD_FINGERPRINT = 2 * KS_SHA256_BYTES + 1 /* bytes, with the NUL */
};

/*
 * The keyed hash of the rule's id and the secret, as hex digits; see struct
 * ks_finding. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_told_fingerprint(char out[KS_TOLD_FINGERPRINT],
	const struct ks_rule *rule, struct ks_span secret);

/*
 * The path of place ${where} as in struct ks_occurrence, but not redacted,
 * into ${out} (emptied first). ${path} is that of ${origin} (may be NULL):
 * where it came with its commit, or where it stands in HEAD. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_told_path(struct ks_buf *out,
	const struct ks_gather *gather, const struct ks_where *where,
	const struct ks_origin *origin, const char *path);

/*
 * Append to ${path}, of an archive, where in there something is: as in struct
 * ks_where. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_told_inside(struct ks_buf *path, const char *inside);

/* The commit that brought it in, or NULL. */
const struct ks_oid *ks_told_commit(const struct ks_gather *gather,
	const struct ks_where *where, const struct ks_origin *origin);

/* Does it stand at HEAD under another name than it came with? */
bool ks_told_has_moved(const struct ks_origin *origin);

#endif
