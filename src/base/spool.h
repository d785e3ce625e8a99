/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that are too many for memory: a temporary file, mapped. */
#ifndef KS_BASE_SPOOL_H
#define KS_BASE_SPOOL_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

/*
 * The file has no name and is gone with the process. Its pages are not the
 * process's own memory: the kernel writes them out when it needs room. Zero-
 * initialise ({0}); ks_spool_close() frees.
 */
struct ks_spool {
	uint8_t *p;
	size_t n; /* bytes */
	int fd;   /* of use only where p is set */
};

/*
 * Make room for ${size} > 0 bytes, all zero, in a file in $TMPDIR, or else
 * /var/tmp or /tmp. All of it is taken from the disk at once, so that no
 * write into it can fail; at most half of what is free. KS_E_IO says what
 * is missing where.
 */
KS_MUST_CHECK int ks_spool_open(
	struct ks_spool *spool, uint64_t size, struct ks_err *err);

/*
 * Make room for ${size} bytes, more than it has; its content stays, its
 * place in memory may not. Errors as above; ${spool} is as before then.
 */
KS_MUST_CHECK int ks_spool_grow(
	struct ks_spool *spool, uint64_t size, struct ks_err *err);

/* ${spool} may be zeroed. */
void ks_spool_close(struct ks_spool *spool);

static inline struct ks_span ks_spool_span(const struct ks_spool *spool)
{
	return ks_span_of(spool->p, spool->n);
}

#endif
