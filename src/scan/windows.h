/* SPDX-License-Identifier: Apache-2.0 */
/* A large object, cut into windows that overlap. */
#ifndef KS_SCAN_WINDOWS_H
#define KS_SCAN_WINDOWS_H

#include "base/buf.h"
#include "base/stream.h"

/*
 * A part of an object that is looked at by itself. What is found in it counts
 * if it starts in the window's own part; the rest is there to be looked at
 * around that, and is another window's own.
 *
 *     object  |-----------------------------------------------|
 *     window        |=======|---------- own ----------|=======|
 *                    margin                            margin
 */
struct ks_window {
	struct ks_span bytes;
	uint64_t from; /* of the first byte in the object */
	size_t own_start;
	size_t own_end;
	bool is_first;     /* the object starts here */
	bool is_last;      /* the object ends here */
	int8_t utf16_mark; /* of the object: as ks_utf16_mark() */
};

/* How large they are, bytes; both even. own 0: objects are not cut. */
struct ks_window_size {
	size_t own;
	size_t margin;
};

/* The windows of one object. Zero-initialise what is not named. */
struct ks_windows {
	struct ks_window_size size;
	struct ks_stream *stream; /* the object; or NULL: */
	struct ks_span whole;     /* it is in hand */
	struct ks_buf *buf;       /* for what comes from the stream */
	uint64_t number;          /* of the next window */
	bool is_over;             /* nothing more comes from the stream */
	uint64_t last_from;       /* where the last one started */
	uint64_t digits; /* of base64, in the run that it began within */
	int8_t utf16_mark;
};

/*
 * The next window goes to ${out}; its bytes are valid until the next call.
 * 1; 0 where there is none; or what the stream returned, KS_E_NOMEM. An
 * empty object has one window.
 */
KS_MUST_CHECK int ks_windows_next(
	struct ks_windows *windows, struct ks_window *out, struct ks_err *err);

/* All of ${bytes} as one window. */
struct ks_window ks_window_whole(struct ks_span bytes);

#endif
