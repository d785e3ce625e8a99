/* SPDX-License-Identifier: Apache-2.0 */
/* What xz and lzip compressed, in bounded memory. */
#include "unpack/xz.h"

#include "base/library.h"

#include <lzma.h>
#include <stdlib.h>

enum {
	BLOCK = 64 << 10,      /* bytes */
	MEMORY_MAX = 128 << 20 /* bytes, of one decoder */
};

#define FUNCTIONS(X)                                                           \
	X(code)                                                                \
	X(end)                                                                 \
	X(lzip_decoder)                                                        \
	X(stream_decoder)

/* Written once, before anything reads it: loaded with the first such file. */
static struct {
#define X(name) __typeof__(lzma_##name) *name;
	FUNCTIONS(X)
#undef X
} functions;

#define X(name) { "lzma_" #name, &functions.name },
static const struct ks_symbol list[] = { FUNCTIONS(X) };
#undef X

static struct ks_library library = {
	.name = "liblzma.so.5",
	.list = list,
	.count = sizeof(list) / sizeof(*list),
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

struct ks_xz {
	lzma_stream stream;
	bool is_over;
	uint8_t block[BLOCK];
};

static lzma_ret begin(struct ks_xz *xz, bool is_lzip)
{
	return is_lzip ? functions.lzip_decoder(
				 &xz->stream, MEMORY_MAX, LZMA_CONCATENATED)
		       : functions.stream_decoder(
				 &xz->stream, MEMORY_MAX, LZMA_CONCATENATED);
}

int ks_xz_open(struct ks_xz **out, struct ks_span bytes, bool is_lzip,
	struct ks_err *err)
{
	struct ks_xz *xz;
	int rc = ks_library_need(&library, err);

	*out = NULL;
	if (rc < 0)
		return rc;
	xz = calloc(1, sizeof(*xz));
	if (!xz || begin(xz, is_lzip) != LZMA_OK) {
		ks_xz_free(xz);
		return ks_fail_nomem(err);
	}
	xz->stream.next_in = bytes.p;
	xz->stream.avail_in = bytes.n;
	*out = xz;
	return KS_OK;
}

static int fail(lzma_ret rc, struct ks_err *err)
{
	if (rc == LZMA_MEMLIMIT_ERROR || rc == LZMA_MEM_ERROR)
		return ks_fail(err, KS_E_LIMIT, "it needs too much memory");
	return ks_fail(err, KS_E_CORRUPT, "%s",
		rc == LZMA_BUF_ERROR ? "it is cut off" : "it is damaged");
}

int ks_xz_next(struct ks_xz *xz, struct ks_span *out, struct ks_err *err)
{
	lzma_ret rc = LZMA_OK;

	xz->stream.next_out = xz->block;
	xz->stream.avail_out = BLOCK;
	while (!xz->is_over && rc == LZMA_OK && xz->stream.avail_out)
		rc = functions.code(&xz->stream, LZMA_FINISH);
	*out = ks_span_of(xz->block, BLOCK - xz->stream.avail_out);
	xz->is_over |= rc == LZMA_STREAM_END;
	/* First what there is: the decoder says the same once more. */
	if (rc == LZMA_OK || rc == LZMA_STREAM_END || out->n)
		return KS_OK;
	return fail(rc, err);
}

void ks_xz_free(struct ks_xz *xz)
{
	if (xz)
		functions.end(&xz->stream);
	free(xz);
}
