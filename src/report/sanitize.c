/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others made safe for a terminal. */
#include "report/sanitize.h"

#include "report/utf8.h"

#include <stdio.h>

enum {
	PIECE_MAX = 16 /* bytes of the longest escape, NUL included */
};

struct range {
	uint32_t first;
	uint32_t last;
};

/*
 * Characters beyond ASCII that are not seen, or that change how others are:
 * Unicode's general categories Cc, Cf, Zl and Zp, the fillers that show as
 * nothing, and private use as well, which some fonts draw as they like.
 */
static const struct range hidden[] = {
	{ 0x80, 0x9f },
	{ 0xad, 0xad },
	{ 0x600, 0x605 },
	{ 0x61c, 0x61c },
	{ 0x6dd, 0x6dd },
	{ 0x70f, 0x70f },
	{ 0x115f, 0x1160 },
	{ 0x180b, 0x180f },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0x3164, 0x3164 },
	{ 0xe000, 0xf8ff },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
	{ 0xf0000, 0x10ffff },
};

static bool is_hidden(uint32_t point)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (point >= hidden[i].first && point <= hidden[i].last)
			return true;
	}
	return false;
}

/*
 * Write the escape of what begins at ${text} to ${piece}, "" if it may stand
 * as it is. Returns the bytes of ${text} that it is for.
 */
static size_t escape(char piece[PIECE_MAX], struct ks_span text)
{
	uint32_t point = 0;
	size_t n = ks_utf8_decode(text, &point);

	piece[0] = '\0';
	if (n == 0) {
		snprintf(piece, PIECE_MAX, "\\x%02X", (unsigned)text.p[0]);
		return 1;
	}
	if (point == '\n' || point == '\t' || point == '\r')
		snprintf(piece, PIECE_MAX, "\\%c",
			point == '\n'   ? 'n'
			: point == '\t' ? 't'
					: 'r');
	else if (point < 0x20 || point == 0x7f)
		snprintf(piece, PIECE_MAX, "\\x%02X", (unsigned)point);
	else if (is_hidden(point))
		snprintf(piece, PIECE_MAX, "\\u{%04X}", (unsigned)point);
	return n;
}

int ks_sanitize_add(
	struct ks_buf *out, struct ks_span text, size_t columns, size_t *used)
{
	size_t at = 0;       /* columns taken */
	size_t cut = out->n; /* where an ellipsis would still fit */
	size_t cut_at = 0;

	while (text.n > 0) {
		char piece[PIECE_MAX];
		size_t n = escape(piece, text);
		size_t width = piece[0] ? strlen(piece) : 1;
		int rc;

		if (columns && at + width > columns) {
			out->n = cut;
			at = cut_at + 1;
			rc = ks_buf_add_str(out, "\xe2\x80\xa6");
			if (used)
				*used = at;
			return rc;
		}
		rc = piece[0] ? ks_buf_add_str(out, piece)
			      : ks_buf_add(out, text.p, n);
		if (rc)
			return rc;
		at += width;
		if (at < columns) {
			cut = out->n;
			cut_at = at;
		}
		text = ks_span_cut(text, n, text.n);
	}
	if (used)
		*used = at;
	return 0;
}
