/* SPDX-License-Identifier: Apache-2.0 */
/* Room for an object: in memory or, where it is large, in a file. */
#include "blobs/room.h"

/* Small buffers grow by halves and are kept; of large ones each byte counts. */
static int make_in_memory(struct ks_room *room, size_t size)
{
	enum {
		SMALL = 1 << 20
	};

	if (size >= SMALL && size >= room->buf.cap)
		ks_buf_release(&room->buf);
	return ks_buf_reserve(&room->buf, size + 1);
}

/* A file of about the right size is used again: to make one takes time. */
static int make_in_file(struct ks_room *room, uint64_t size, struct ks_err *err)
{
	ks_buf_release(&room->buf);
	if (room->spool.p && size <= room->spool.n && size > room->spool.n / 4)
		return KS_OK;
	ks_spool_close(&room->spool);
	return ks_spool_open(&room->spool, size, err);
}

int ks_room_make(struct ks_room *room, uint64_t size, uint64_t large,
	uint8_t **out, struct ks_err *err)
{
	int rc = KS_OK;

	room->n = 0;
	if (size > large) {
		rc = make_in_file(room, size, err);
		*out = room->spool.p;
	} else {
		ks_spool_close(&room->spool);
		if (make_in_memory(room, (size_t)size) < 0)
			return ks_fail_nomem(err);
		*out = room->buf.p;
	}
	if (rc == KS_OK)
		room->n = (size_t)size;
	return rc;
}

void ks_room_release(struct ks_room *room)
{
	ks_buf_release(&room->buf);
	ks_spool_close(&room->spool);
	room->n = 0;
}
