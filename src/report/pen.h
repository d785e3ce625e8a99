/* SPDX-License-Identifier: Apache-2.0 */
/* Writing lines for people: colour, columns and safe text of others. */
#ifndef KS_REPORT_PEN_H
#define KS_REPORT_PEN_H

#include "base/buf.h"

#include <stdio.h>

enum ks_pen_style {
	KS_PEN_PLAIN,
	KS_PEN_TITLE,  /* where something is */
	KS_PEN_LABEL,  /* what a line is about */
	KS_PEN_SECRET, /* the secret in its line */
	KS_PEN_URGENT, /* stands in HEAD; not all was scanned */
	KS_PEN_GOOD    /* nothing was found */
};

/*
 * Initialise file, width and has_colour, the rest with zero;
 * ks_pen_release() frees. A failed allocation is remembered in has_failed;
 * failed writes are the file's to remember.
 */
struct ks_pen {
	FILE *file;
	size_t width; /* columns; 0: no limit */
	bool has_colour;
	bool has_failed;
	size_t column; /* of the next character, from 0 */
	struct ks_buf scratch;
};

/* Write ${text}, which is ours, as it is. */
void ks_pen_put(struct ks_pen *pen, const char *text);

/* ks_pen_put() of printf-style text; of others only what is a number. */
void ks_pen_printf(struct ks_pen *pen, const char *format, ...) KS_PRINTF(2, 3);

/*
 * Write ${text}, which is from a repository, made safe (sanitize.h) and cut
 * to ${columns}; 0 is no limit.
 */
void ks_pen_span(struct ks_pen *pen, struct ks_span text, size_t columns);
void ks_pen_str(struct ks_pen *pen, const char *text, size_t columns);

/*
 * Write the words of ${text}, which is ours, on as many lines as they need;
 * each new line begins in column ${indent}.
 */
void ks_pen_words(struct ks_pen *pen, const char *text, size_t indent);

/* Set the style of what follows; KS_PEN_PLAIN ends any other. */
void ks_pen_set(struct ks_pen *pen, enum ks_pen_style style);

/* Write spaces up to column ${column}, at least one. */
void ks_pen_pad(struct ks_pen *pen, size_t column);

/* End the line and begin the next in column ${indent}. */
void ks_pen_break(struct ks_pen *pen, size_t indent);

/*
 * The columns left for the rest of a line, but not over ${most} and never
 * under 16: very narrow terminals wrap.
 */
size_t ks_pen_room(const struct ks_pen *pen, size_t most);

void ks_pen_release(struct ks_pen *pen);

#endif
