/* SPDX-License-Identifier: Apache-2.0 */
/* Writing lines for people: colour, columns and safe text of others. */
#include "report/pen.h"

#include "report/sanitize.h"

#include <stdarg.h>

enum {
	ROOM_LEAST = 16
};

/* Code points in ${n} bytes of UTF-8. */
static size_t columns_of(const char *text, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += ((uint8_t)text[i] & 0xc0) != 0x80;
	return columns;
}

void ks_pen_put(struct ks_pen *pen, const char *text)
{
	fputs(text, pen->file);
	pen->column += columns_of(text, strlen(text));
}

void ks_pen_printf(struct ks_pen *pen, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ks_pen_put(pen, text);
}

void ks_pen_span(struct ks_pen *pen, struct ks_span text, size_t columns)
{
	size_t used = 0;

	ks_buf_reset(&pen->scratch);
	if (ks_sanitize_add(&pen->scratch, text, columns, &used))
		pen->has_failed = true;
	if (pen->scratch.n)
		fwrite(pen->scratch.p, 1, pen->scratch.n, pen->file);
	pen->column += used;
}

void ks_pen_str(struct ks_pen *pen, const char *text, size_t columns)
{
	ks_pen_span(pen, ks_span_str(text), columns);
}

void ks_pen_words(struct ks_pen *pen, const char *text, size_t indent)
{
	while (*text) {
		size_t n = strcspn(text, " ");
		size_t columns = columns_of(text, n);

		if (pen->width && pen->column > indent &&
			pen->column + columns > pen->width)
			ks_pen_break(pen, indent);
		fwrite(text, 1, n, pen->file);
		pen->column += columns;
		text += n;
		if (!*text)
			break;
		text++;
		/* A space is written only before a word that still fits. */
		columns = columns_of(text, strcspn(text, " "));
		if (pen->width && pen->column + 1 + columns > pen->width)
			ks_pen_break(pen, indent);
		else
			ks_pen_put(pen, " ");
	}
}

void ks_pen_set(struct ks_pen *pen, enum ks_pen_style style)
{
	static const char *const codes[] = {
		[KS_PEN_PLAIN] = "\x1b[0m",
		[KS_PEN_TITLE] = "\x1b[1m",
		[KS_PEN_LABEL] = "\x1b[2m",
		[KS_PEN_SECRET] = "\x1b[1;33m",
		[KS_PEN_URGENT] = "\x1b[1;31m",
		[KS_PEN_GOOD] = "\x1b[32m",
	};

	if (pen->has_colour)
		fputs(codes[style], pen->file);
}

void ks_pen_pad(struct ks_pen *pen, size_t column)
{
	do
		ks_pen_put(pen, " ");
	while (pen->column < column);
}

void ks_pen_break(struct ks_pen *pen, size_t indent)
{
	fputc('\n', pen->file);
	pen->column = 0;
	if (indent)
		ks_pen_pad(pen, indent);
}

size_t ks_pen_room(const struct ks_pen *pen, size_t most)
{
	size_t left;

	if (!pen->width)
		return most;
	left = pen->width > pen->column ? pen->width - pen->column : 0;
	if (left < ROOM_LEAST)
		left = ROOM_LEAST;
	return left < most ? left : most;
}

void ks_pen_release(struct ks_pen *pen)
{
	ks_buf_release(&pen->scratch);
}
