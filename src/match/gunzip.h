/* SPDX-License-Identifier: Apache-2.0 */
/* What is compressed in a few bytes: gzip, RFC 1952. */
#ifndef KS_MATCH_GUNZIP_H
#define KS_MATCH_GUNZIP_H

#include "base/buf.h"

/* Does ${bytes} begin like it? */
bool ks_gunzip_is(struct ks_span bytes);

/*
 * Append what is in ${packed}, as far as it can be read. KS_E_LIMIT where that
 * is more than ${most} bytes; KS_E_NOTFOUND where it is nothing; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_gunzip(
	struct ks_buf *out, struct ks_span packed, size_t most);

#endif
