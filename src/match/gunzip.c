/* SPDX-License-Identifier: Apache-2.0 */
/* What is compressed in a few bytes: gzip, RFC 1952. */
#include "match/gunzip.h"

#include <limits.h>
#include <zlib.h>

enum {
	STEP = 16 << 10,           /* bytes */
	ONLY_GZIP = 16 + MAX_WBITS /* inflateInit2() */
};

bool ks_gunzip_is(struct ks_span bytes)
{
	return bytes.n >= 4 && memcmp(bytes.p, "\x1f\x8b\x08", 3) == 0 &&
	       !(bytes.p[3] & 0xe0);
}

static int inflate_all(struct ks_buf *out, z_stream *stream, size_t most)
{
	int rc = Z_OK;

	while (rc == Z_OK) {
		if (out->n > most)
			return KS_E_LIMIT;
		if (ks_buf_reserve(out, out->n + STEP) < 0)
			return KS_E_NOMEM;
		stream->next_out = out->p + out->n;
		stream->avail_out = STEP;
		rc = inflate(stream, Z_NO_FLUSH);
		if (rc == Z_MEM_ERROR)
			return KS_E_NOMEM;
		out->n += STEP - stream->avail_out;
	}
	return out->n > most ? KS_E_LIMIT : KS_OK;
}

int ks_gunzip(struct ks_buf *out, struct ks_span packed, size_t most)
{
	z_stream stream = {
		.next_in = (Bytef *)(uintptr_t)packed.p,
		.avail_in = packed.n > UINT_MAX ? UINT_MAX : (uInt)packed.n,
	};
	size_t before = out->n;
	int rc;

	if (inflateInit2(&stream, ONLY_GZIP) != Z_OK)
		return KS_E_NOMEM;
	rc = inflate_all(out, &stream, before + most);
	inflateEnd(&stream);
	return rc == KS_OK && out->n == before ? KS_E_NOTFOUND : rc;
}
