/* SPDX-License-Identifier: Apache-2.0 */
/* One object by its id, wherever it lies. */
#ifndef KS_BLOBS_READER_H
#define KS_BLOBS_READER_H

#include "blobs/delta.h"
#include "blobs/inflate.h"
#include "blobs/store.h"

/*
 * Belongs to one thread. Keeps objects that it rebuilt, up to a budget:
 * trees read one after the other are mostly deltas against the same bases.
 */
struct ks_reader;

/*
 * A reader of ${store} (borrowed) that keeps at most ${cache} bytes.
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_reader_new(struct ks_reader **out,
	const struct ks_store *store, size_t cache, struct ks_err *err);

/*
 * Read the object ${oid}: ${bytes} are valid until the next call. An object
 * of more than ${limit} bytes is KS_E_LIMIT. KS_E_NOTFOUND, KS_E_CORRUPT,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_reader_read(struct ks_reader *reader,
	const struct ks_oid *oid, uint64_t limit, enum ks_object_type *type,
	struct ks_span *bytes, struct ks_err *err);

/* NULL is fine. */
void ks_reader_free(struct ks_reader *reader);

#endif
