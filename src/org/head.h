/* SPDX-License-Identifier: Apache-2.0 */
/* What HEAD's tree has at a path. */
#ifndef KS_ORG_HEAD_H
#define KS_ORG_HEAD_H

#include "blobs/reader.h"
#include "source/layout.h"

/* Zero-initialise ({0}); ks_head_release() frees. */
struct ks_head {
	struct ks_store store;
	struct ks_reader *reader;
	size_t hash_bytes;
	struct ks_oid tree;
	bool is_unborn; /* it has no tree */
};

/*
 * Open HEAD of ${layout}, which outlives ${head}. KS_E_CORRUPT, KS_E_NOTFOUND,
 * KS_E_IO: it cannot be read; KS_E_NOMEM; ${head} is to be released then too.
 */
KS_MUST_CHECK int ks_head_open(struct ks_head *head,
	const struct ks_layout *layout, struct ks_err *err);

/*
 * The blob at ${path}, to ${out}; for a path into an archive ("a.zip!/b") the
 * archive. KS_E_NOTFOUND: there is none; errors as above.
 */
KS_MUST_CHECK int ks_head_find(struct ks_head *head, const char *path,
	struct ks_oid *out, struct ks_err *err);

/*
 * Its bytes, valid until the next call. KS_E_LIMIT: more than ${limit};
 * errors as above.
 */
KS_MUST_CHECK int ks_head_read(struct ks_head *head, const struct ks_oid *oid,
	uint64_t limit, struct ks_span *bytes, struct ks_err *err);

void ks_head_release(struct ks_head *head);

#endif
