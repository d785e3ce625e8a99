/* SPDX-License-Identifier: Apache-2.0 */
/* Room for an object: in memory or, where it is large, in a file. */
#ifndef KS_BLOBS_ROOM_H
#define KS_BLOBS_ROOM_H

#include "base/buf.h"
#include "base/spool.h"

/* Zero-initialise ({0}); ks_room_release() frees. */
struct ks_room {
	struct ks_buf buf;
	struct ks_spool spool; /* open: the bytes are here */
	size_t n;              /* bytes in use */
};

/*
 * Room for ${size} bytes, of unknown content: in memory if they are not more
 * than ${large}. What ${room} held is lost. ${out} is where they go.
 * KS_E_NOMEM; KS_E_IO where a file has no room for them.
 */
KS_MUST_CHECK int ks_room_make(struct ks_room *room, uint64_t size,
	uint64_t large, uint8_t **out, struct ks_err *err);

/* The bytes last made room for. */
static inline struct ks_span ks_room_span(const struct ks_room *room)
{
	return ks_span_of(room->spool.p ? room->spool.p : room->buf.p, room->n);
}

/* What it takes of memory, bytes. */
static inline size_t ks_room_memory(const struct ks_room *room)
{
	return room->buf.cap;
}

/* ${room} is empty and usable afterwards. */
void ks_room_release(struct ks_room *room);

#endif
