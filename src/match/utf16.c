/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16 text in a blob, with a byte order mark or without. */
#include "match/utf16.h"

#include "match/stride.h"

enum {
	/* A run that starts before is told from the bytes of one stride. */
	SURE = KS_STRIDE - 2 * (KS_UTF16_RUN_MIN - 1)
};

static bool is_text(uint8_t byte)
{
	return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\r' ||
	       byte == '\t';
}

/* Is there an ASCII unit at ${at}? */
static bool is_unit(struct ks_span raw, size_t at, bool is_big_endian)
{
	if (at + 1 >= raw.n)
		return false;
	return raw.p[at + !is_big_endian] == 0 &&
	       is_text(raw.p[at + is_big_endian]);
}

int8_t ks_utf16_mark(struct ks_span raw)
{
	if (raw.n < 2)
		return 0;
	if (raw.p[0] == 0xff && raw.p[1] == 0xfe)
		return -1;
	return raw.p[0] == 0xfe && raw.p[1] == 0xff;
}

/* Units never overlap: one that begins in another has its NUL for a letter. */
static size_t first_run(struct ks_span raw, size_t from, bool is_big_endian)
{
	uint8_t room[KS_STRIDE + 1];

	while (from < raw.n) {
		const uint8_t *p = raw.p + from;
		uint64_t runs;
		uint64_t units;

		if (raw.n - from <= KS_STRIDE) {
			memset(room, 0xff, sizeof(room));
			memcpy(room, p, raw.n - from);
			p = room;
		}
		units = ks_stride_units(p, is_big_endian);
		runs = units & units >> 2;
		runs &= runs >> 4;
		runs &= runs >> 8;
		if (runs)
			return from + (size_t)__builtin_ctzll(runs);
		from += units >> SURE ? SURE : KS_STRIDE;
	}
	return raw.n;
}

bool ks_utf16_next(struct ks_utf16_run *out,
	const struct ks_utf16_source *source, size_t from, bool is_big_endian)
{
	const struct ks_span raw = source->raw;
	size_t end;

	out->is_big_endian = is_big_endian;
	if (source->mark) {
		out->start = source->is_start ? 2 : 0;
		out->units = (raw.n - out->start) / 2;
		return from <= out->start &&
		       is_big_endian == (source->mark > 0) && out->units > 0;
	}
	out->start = first_run(raw, from, is_big_endian);
	for (end = out->start; is_unit(raw, end, is_big_endian); end += 2)
		;
	out->units = (end - out->start) / 2;
	return out->units > 0;
}

int ks_utf16_decode(
	struct ks_buf *out, struct ks_span raw, const struct ks_utf16_run *run)
{
	const bool big = run->is_big_endian;

	if (ks_buf_reserve(out, out->n + run->units + 1) < 0)
		return KS_E_NOMEM;
	for (size_t i = 0; i < run->units; i++) {
		const uint8_t *unit = raw.p + run->start + 2 * i;
		uint8_t high = unit[!big];
		uint8_t low = unit[big];

		out->p[out->n++] = high || low >= 0x80 ? 0xff : low;
	}
	return KS_OK;
}
