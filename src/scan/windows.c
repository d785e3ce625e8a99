/* SPDX-License-Identifier: Apache-2.0 */
/* A large object, cut into windows that overlap. */
#include "scan/windows.h"

#include "base/base64.h"
#include "match/utf16.h"

enum {
	FOUR = 4
};

struct ks_window ks_window_whole(struct ks_span bytes)
{
	return (struct ks_window){
		.bytes = bytes,
		.own_end = SIZE_MAX,
		.is_first = true,
		.is_last = true,
		.utf16_mark = ks_utf16_mark(bytes),
	};
}

/* How many digits of base64 or hex stand right before byte ${to}. */
static size_t digits_before(struct ks_span bytes, size_t to)
{
	size_t at = to;

	while (at > 0 && ks_base64_is_digit(bytes.p[at - 1]))
		at--;
	return to - at;
}

/*
 * The next window starts at ${to} of ${bytes}, where the one before started.
 * A run of digits there began with this one, or further back.
 */
static void count_digits(
	struct ks_windows *windows, struct ks_span bytes, size_t to)
{
	size_t n = digits_before(bytes, to);

	windows->digits = n < to ? n : windows->digits + n;
}

/*
 * Such digits are decoded by fours. Of a run that the window cuts off so many
 * are left out that the rest begins, and ends, with a whole four. In UTF-16
 * with a mark there are no runs, but units, which two bytes are.
 */
static struct ks_span whole_fours(
	const struct ks_windows *windows, struct ks_span bytes, bool ends)
{
	size_t skip = (size_t)-windows->digits % FOUR;
	size_t tail;

	if (windows->size.margin < FOUR || windows->utf16_mark ||
		bytes.n < FOUR)
		return bytes;
	if (!ks_base64_is_digit(bytes.p[0]))
		skip = 0;
	bytes = ks_span_cut(bytes, skip, bytes.n);
	tail = ends ? 0 : digits_before(bytes, bytes.n) % FOUR;
	return ks_span_cut(bytes, 0, bytes.n - tail);
}

/* The window of ${held}, which starts at ${from}; ${ends}: as the object. */
static struct ks_window cut(const struct ks_windows *windows,
	struct ks_span held, uint64_t from, bool ends)
{
	uint64_t own = windows->number * windows->size.own;
	struct ks_span bytes = whole_fours(windows, held, ends);
	size_t skip = held.n ? (size_t)(bytes.p - held.p) : 0;
	size_t start = (size_t)(own - from) - skip;
	size_t end = start + windows->size.own;

	return (struct ks_window){
		.bytes = bytes,
		.from = from + skip,
		.own_start = start,
		.own_end = end < bytes.n ? end : SIZE_MAX,
		.is_first = from == 0,
		.is_last = ends,
	};
}

/* Where the window at hand starts, and how much it may hold. */
static uint64_t start_of(const struct ks_windows *windows, size_t *most)
{
	uint64_t own = windows->number * windows->size.own;
	size_t before =
		own > windows->size.margin ? windows->size.margin : (size_t)own;

	*most = before + windows->size.own + windows->size.margin;
	return own - before;
}

static bool next_of_whole(struct ks_windows *windows, struct ks_window *out)
{
	size_t most;
	uint64_t from = start_of(windows, &most);
	struct ks_span whole = windows->whole;
	size_t end;

	if (windows->number && windows->number * windows->size.own >= whole.n)
		return false;
	count_digits(windows,
		ks_span_cut(whole, (size_t)windows->last_from, (size_t)from),
		(size_t)(from - windows->last_from));
	windows->last_from = from;
	end = whole.n - from > most ? (size_t)from + most : whole.n;
	*out = cut(windows, ks_span_cut(whole, (size_t)from, end), from,
		end == whole.n);
	return true;
}

/* Drop what lies before ${from} and read on until there are ${most} bytes. */
static int fill(struct ks_windows *windows, uint64_t from, size_t most,
	struct ks_err *err)
{
	struct ks_buf *buf = windows->buf;
	size_t gone = (size_t)(from - windows->last_from);
	size_t got = 0;
	int rc = KS_OK;

	if (gone > buf->n)
		gone = buf->n;
	count_digits(windows, ks_buf_span(buf), gone);
	if (gone)
		memmove(buf->p, buf->p + gone, buf->n - gone);
	buf->n -= gone;
	windows->last_from = from;
	if (ks_buf_reserve(buf, windows->size.own + 2 * windows->size.margin) <
		0)
		return ks_fail_nomem(err);
	if (windows->is_over || buf->n >= most)
		return KS_OK;
	rc = ks_stream_read(
		windows->stream, buf->p + buf->n, most - buf->n, &got, err);
	windows->is_over = got < most - buf->n;
	buf->n += got;
	return rc;
}

static int next_of_stream(
	struct ks_windows *windows, struct ks_window *out, struct ks_err *err)
{
	uint64_t own = windows->number * windows->size.own;
	size_t most;
	uint64_t from = start_of(windows, &most);
	int rc;

	if (windows->number == 0)
		ks_buf_reset(windows->buf);
	rc = fill(windows, from, most, err);
	if (rc < 0)
		return rc;
	if (windows->number && own - from >= windows->buf->n)
		return 0;
	*out = cut(windows, ks_buf_span(windows->buf), from, windows->is_over);
	return 1;
}

int ks_windows_next(
	struct ks_windows *windows, struct ks_window *out, struct ks_err *err)
{
	int rc = windows->stream ? next_of_stream(windows, out, err)
				 : next_of_whole(windows, out);

	if (rc <= 0)
		return rc;
	if (windows->number++ == 0)
		windows->utf16_mark = ks_utf16_mark(out->bytes);
	out->utf16_mark = windows->utf16_mark;
	return 1;
}
