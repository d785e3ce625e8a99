/* SPDX-License-Identifier: Apache-2.0 */
/* What is in an archive, and in the archives in it. */
#ifndef KS_SCAN_INSIDE_H
#define KS_SCAN_INSIDE_H

#include "scan/search.h"
#include "unpack/kind.h"

/*
 * Find the secrets in the entries of the archive ${bytes}, which is ${where}.
 * What cannot be unpacked, or is over a limit, is noted as a skip. Errors as
 * ks_search_file().
 */
KS_MUST_CHECK int ks_inside_search(const struct ks_search *search,
	struct ks_span bytes, enum ks_archive_kind kind,
	const struct ks_where *where, struct ks_err *err);

/*
 * Of the hits from ${first} on, those before ${inside} are of an archive as it
 * is, the others of what is in it: drop of the former what is among these.
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_inside_drop_repeated(
	struct ks_hits *hits, size_t first, size_t inside);

#endif
