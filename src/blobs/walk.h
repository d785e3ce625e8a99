/* SPDX-License-Identifier: Apache-2.0 */
/* Every object once, bytes in hand, by several workers. */
#ifndef KS_BLOBS_WALK_H
#define KS_BLOBS_WALK_H

#include "blobs/store.h"

struct ks_visitor {
	/*
	 * Visit ${object}, in the thread of ${worker} (0 to jobs - 1). An
	 * error ends the walk and is returned from it.
	 */
	int (*object)(void *payload, unsigned worker,
		const struct ks_object *object, struct ks_err *err);
	/*
	 * The object ${oid} could not be rebuilt from where it lies, ${why}:
	 * KS_E_LIMIT where it is too large, KS_E_IO where it or a base of
	 * its delta was not read as it was written, else KS_E_CORRUPT or
	 * KS_E_NOTFOUND. It is not visited.
	 */
	int (*declined)(void *payload, unsigned worker,
		const struct ks_oid *oid, const struct ks_err *why,
		struct ks_err *err);
	/*
	 * Called some ten times a second from the thread that called
	 * ks_walk(), while the workers work; may be NULL.
	 */
	void (*tick)(void *payload);
	void *payload;
	uint64_t *bytes_inflated; /* grows when all is done; may be NULL */
	uint64_t max_object;      /* bytes */
	/*
	 * Bytes that objects may take in each worker's memory, and from
	 * which size on one is not held there: it is in a file that is
	 * mapped, or is a stream. Of several that are built one upon the
	 * other each may have that size: ${large} is a fifth of ${memory}
	 * at most. 0: no limit.
	 */
	uint64_t memory;
	uint64_t large;
	/*
	 * Bytes of a copy that are looked at on either side of what is new.
	 * Of a blob that nothing is a delta against the others are not made
	 * before somebody asks: see rest in struct ks_object. 0: all are.
	 */
	size_t seam;
	const volatile int *cancel; /* may be NULL */
};

/*
 * Visit each distinct object of ${store} with ${jobs} workers (at least 1),
 * of which the calling thread is none. Packed objects come in the order
 * of delta trees: a base before its deltas, so that each entry is inflated
 * once; the order between trees is not defined. KS_E_INTERRUPTED,
 * KS_E_NOMEM, and what the visitor returned.
 */
KS_MUST_CHECK int ks_walk(const struct ks_store *store, unsigned jobs,
	const struct ks_visitor *visitor, struct ks_err *err);

#endif
