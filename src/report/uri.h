/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and links as URIs: RFC 3986. */
#ifndef KS_REPORT_URI_H
#define KS_REPORT_URI_H

#include "base/buf.h"

/*
 * Append ${path} to ${out} as a URI reference: a relative path as a relative
 * reference, one that begins with '/' with the scheme file. Every byte that
 * is not unreserved or '/' is percent-encoded. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_uri_add_path(struct ks_buf *out, const char *path);

/* Is ${text} an http or https URI, in characters that one may have? */
bool ks_uri_is_link(const char *text);

#endif
