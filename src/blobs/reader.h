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
 * A reader of ${store} (borrowed) that keeps at most ${cache} bytes. Objects
 * of more than ${large} bytes (0: none) are in a file that is mapped, not in
 * memory. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_reader_new(struct ks_reader **out,
	const struct ks_store *store, size_t cache, uint64_t large,
	struct ks_err *err);

/*
 * Read the object ${oid}: ${bytes} are valid until the next call. An object
 * of more than ${limit} bytes is KS_E_LIMIT. KS_E_NOTFOUND, KS_E_CORRUPT,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_reader_read(struct ks_reader *reader,
	const struct ks_oid *oid, uint64_t limit, enum ks_object_type *type,
	struct ks_span *bytes, struct ks_err *err);

/* How the object read last was made; valid until the next call. */
struct ks_reader_how {
	uint64_t place; /* in the store; KS_PLACE_NONE: a loose object */
	/* The delta that made it; NULL: none, or it was kept from before. */
	const struct ks_delta *delta;
	uint64_t base_place;
	struct ks_span base_bytes;
};

#define KS_PLACE_NONE UINT64_MAX

/* Tell how ks_reader_read() made what it returned last. */
struct ks_reader_how ks_reader_how(const struct ks_reader *reader);

/*
 * Where ${oid} lies, as a number: objects in its order are read fastest, as
 * bases mostly come before their deltas. KS_PLACE_NONE for loose objects.
 */
uint64_t ks_reader_place(
	const struct ks_store *store, const struct ks_oid *oid);

/*
 * The place of what the object at ${place} is a delta against; KS_PLACE_NONE
 * where it is none, or nothing says of what.
 */
uint64_t ks_reader_base_of(const struct ks_store *store, uint64_t place);

/* NULL is fine. */
void ks_reader_free(struct ks_reader *reader);

#endif
