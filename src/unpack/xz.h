/* SPDX-License-Identifier: Apache-2.0 */
/* What xz and lzip compressed, in bounded memory. */
#ifndef KS_UNPACK_XZ_H
#define KS_UNPACK_XZ_H

#include "base/err.h"
#include "base/span.h"

/*
 * libarchive lets a file say how large its dictionary is, up to 4 GiB. Here
 * more than 128 MiB for a decoder is an error; `xz -9` takes half of that.
 */
struct ks_xz;

/*
 * To decode ${bytes} (borrowed), of lzip or else of xz, with what was appended
 * to it. KS_E_UNSUPPORTED: liblzma cannot be loaded; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_xz_open(struct ks_xz **out, struct ks_span bytes,
	bool is_lzip, struct ks_err *err);

/*
 * The next bytes, valid until the next call, go to ${out}; none: that was all.
 * KS_E_CORRUPT, KS_E_LIMIT (it needs too much memory).
 */
KS_MUST_CHECK int ks_xz_next(
	struct ks_xz *xz, struct ks_span *out, struct ks_err *err);

/* NULL is fine. */
void ks_xz_free(struct ks_xz *xz);

#endif
