/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that somebody else owns, passed by value. */
#ifndef KS_BASE_SPAN_H
#define KS_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ${n} borrowed bytes at ${p}; not NUL-terminated, may hold NULs. */
struct ks_span {
	const uint8_t *p;
	size_t n;
};

static inline struct ks_span ks_span_of(const void *p, size_t n)
{
	return (struct ks_span){ .p = p, .n = n };
}

static inline struct ks_span ks_span_str(const char *text)
{
	return ks_span_of(text, strlen(text));
}

/* The bytes [${from}, ${to}) of ${span}; the caller has checked the ends. */
static inline struct ks_span ks_span_cut(
	struct ks_span span, size_t from, size_t to)
{
	/* Adding 0 to NULL is undefined in C11. */
	return ks_span_of(from ? span.p + from : span.p, to - from);
}

static inline bool ks_span_eq(struct ks_span a, struct ks_span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Copy up to ${n} bytes from the front of ${span} and drop them there. */
static inline size_t ks_span_take(struct ks_span *span, uint8_t *to, size_t n)
{
	if (n > span->n)
		n = span->n;
	if (n)
		memcpy(to, span->p, n);
	*span = ks_span_cut(*span, n, span->n);
	return n;
}

/* Take the first line, without its LF, from ${rest}; false at its end. */
static inline bool ks_span_next_line(struct ks_span *rest, struct ks_span *line)
{
	const uint8_t *lf;
	size_t n;

	if (rest->n == 0)
		return false;
	lf = (const uint8_t *)memchr(rest->p, '\n', rest->n);
	n = lf ? (size_t)(lf - rest->p) : rest->n;
	*line = (struct ks_span){ rest->p, n };
	n += lf != NULL;
	rest->p += n;
	rest->n -= n;
	return true;
}

/* Does ${span} begin with the string ${prefix}? */
static inline bool ks_span_starts(struct ks_span span, const char *prefix)
{
	size_t n = strlen(prefix);

	return span.n >= n && memcmp(span.p, prefix, n) == 0;
}

#endif
