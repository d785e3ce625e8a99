/* SPDX-License-Identifier: Apache-2.0 */
/* A growable byte buffer that owns its bytes. */
#ifndef KS_BASE_BUF_H
#define KS_BASE_BUF_H

#include "base/err.h"
#include "base/span.h"

/* Zero-initialise ({0}); ks_buf_release() frees. */
struct ks_buf {
	uint8_t *p;
	size_t n;   /* bytes in use */
	size_t cap; /* bytes allocated */
};

/* Make room for at least ${cap} bytes in all. KS_E_NOMEM. */
KS_MUST_CHECK int ks_buf_reserve(struct ks_buf *buf, size_t cap);

/* Append ${n} bytes at ${p}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_buf_add(struct ks_buf *buf, const void *p, size_t n);

KS_MUST_CHECK int ks_buf_add_str(struct ks_buf *buf, const char *text);
KS_MUST_CHECK int ks_buf_add_byte(struct ks_buf *buf, uint8_t byte);

/* Append printf-style text, without the terminating NUL. KS_E_NOMEM. */
KS_MUST_CHECK int ks_buf_printf(struct ks_buf *buf, const char *format, ...)
	KS_PRINTF(2, 3);

/*
 * The content as a string: a NUL is put behind it (not counted in n). Valid
 * until the next change; NULL when memory ran out.
 */
const char *ks_buf_str(struct ks_buf *buf);

/*
 * Read the whole regular file ${path} into ${buf}, appended. KS_E_IO, also
 * where it is a pipe or a device; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_buf_read_file(
	struct ks_buf *buf, const char *path, struct ks_err *err);

/* The same, but a file of more than ${max} bytes is KS_E_LIMIT. */
KS_MUST_CHECK int ks_buf_read_file_max(
	struct ks_buf *buf, const char *path, size_t max, struct ks_err *err);

/*
 * Read the open ${fd}, called ${name} in errors, to its end into ${buf},
 * appended. More than ${max} bytes are KS_E_LIMIT; KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_buf_read_fd(struct ks_buf *buf, int fd, const char *name,
	size_t max, struct ks_err *err);

static inline struct ks_span ks_buf_span(const struct ks_buf *buf)
{
	return ks_span_of(buf->p, buf->n);
}

/* Empty it, keep the capacity. */
static inline void ks_buf_reset(struct ks_buf *buf)
{
	buf->n = 0;
}

/* Free the bytes; ${buf} is empty and usable afterwards. */
void ks_buf_release(struct ks_buf *buf);

#endif
