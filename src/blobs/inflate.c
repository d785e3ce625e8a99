/* SPDX-License-Identifier: Apache-2.0 */
/* Inflating zlib streams whose size is known. */
#include "blobs/inflate.h"

#include <libdeflate.h>

int ks_inflate_exact(struct ks_inflate *inflate, uint8_t *out, size_t n,
	struct ks_span packed, struct ks_err *err)
{
	enum libdeflate_result rc;

	if (!inflate->engine)
		inflate->engine = libdeflate_alloc_decompressor();
	if (!inflate->engine)
		return ks_fail_nomem(err);
	rc = libdeflate_zlib_decompress_ex(
		inflate->engine, packed.p, packed.n, out, n, NULL, NULL);
	if (rc == LIBDEFLATE_SUCCESS) {
		inflate->bytes += n;
		return KS_OK;
	}
	return ks_fail(err, KS_E_CORRUPT,
		rc == LIBDEFLATE_BAD_DATA
			? "compressed data is corrupt"
			: "compressed data has not the size it should have");
}

void ks_inflate_release(struct ks_inflate *inflate)
{
	if (inflate->engine)
		libdeflate_free_decompressor(inflate->engine);
	inflate->engine = NULL;
}
