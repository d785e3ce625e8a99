/* SPDX-License-Identifier: Apache-2.0 */
/* Inflating zlib streams whose size is known. */
#include "blobs/inflate.h"

#include <libdeflate.h>
#include <zlib.h>

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

static int run(
	z_stream *stream, struct ks_buf *out, size_t limit, struct ks_err *err)
{
	const size_t before = out->n;
	int rc = Z_OK;

	while (rc == Z_OK && out->n - before < limit) {
		size_t room = limit - (out->n - before);

		if (room > 65536)
			room = 65536;
		if (ks_buf_reserve(out, out->n + room) < 0)
			return ks_fail_nomem(err);
		stream->next_out = out->p + out->n;
		stream->avail_out = (uInt)room;
		rc = inflate(stream, Z_NO_FLUSH);
		out->n += room - stream->avail_out;
		if (rc == Z_BUF_ERROR && stream->avail_in == 0)
			break;
	}
	if (rc == Z_OK || rc == Z_STREAM_END)
		return KS_OK;
	return ks_fail(err, KS_E_CORRUPT, "compressed data is corrupt");
}

int ks_inflate_some(struct ks_buf *out, size_t limit, struct ks_span packed,
	struct ks_err *err)
{
	z_stream stream = { 0 };
	Bytef *in;
	int rc;

	memcpy(&in, &packed.p, sizeof(in)); /* zlib's input is not const */
	stream.next_in = in;
	stream.avail_in = packed.n > UINT32_MAX ? UINT32_MAX : (uInt)packed.n;
	if (inflateInit(&stream) != Z_OK)
		return ks_fail_nomem(err);
	rc = run(&stream, out, limit, err);
	inflateEnd(&stream);
	return rc;
}

void ks_inflate_release(struct ks_inflate *inflate)
{
	if (inflate->engine)
		libdeflate_free_decompressor(inflate->engine);
	inflate->engine = NULL;
}
