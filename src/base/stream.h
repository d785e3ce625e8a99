/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that come one after the other, from wherever. */
#ifndef KS_BASE_STREAM_H
#define KS_BASE_STREAM_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct ks_stream {
	/*
	 * Put the next ${n} > 0 bytes at ${to}; how many there were goes to
	 * ${got}, fewer only at the end. Errors are the stream's own.
	 */
	int (*read)(void *payload, uint8_t *to, size_t n, size_t *got,
		struct ks_err *err);
	void *payload;
};

static inline KS_MUST_CHECK int ks_stream_read(struct ks_stream *stream,
	uint8_t *to, size_t n, size_t *got, struct ks_err *err)
{
	return stream->read(stream->payload, to, n, got, err);
}

#endif
