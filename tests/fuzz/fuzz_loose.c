/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a hostile loose object; the first byte tells how to read it. */
#include "blobs/inflate.h"
#include "blobs/loose.h"
#include "input.h"

#include <zlib.h>

enum {
	LIMIT = 1 << 20
};

/* With sound zlib around it, the fuzzer need not find a checksum. */
static struct ks_buf deflated(struct ks_span content)
{
	uLongf n = compressBound((uLong)content.n);
	struct ks_buf out = { 0 };

	fuzz_require(ks_buf_reserve(&out, n) == KS_OK);
	fuzz_require(compress(out.p, &n, content.p, (uLong)content.n) == Z_OK);
	out.n = n;
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ks_span input = ks_span_of(data, n);
	unsigned flags = fuzz_byte(&input);
	struct ks_buf content = fuzz_take(&input, input.n);
	struct ks_buf file =
		flags & 1 ? deflated(ks_buf_span(&content)) : content;
	enum ks_object_type type;
	struct ks_buf out = { 0 };
	struct ks_err err;

	if (ks_loose_parse(&out, &type, ks_buf_span(&file), LIMIT, &err) ==
		KS_OK) {
		fuzz_require(out.n <= LIMIT);
		fuzz_require(type >= KS_OBJECT_COMMIT && type <= KS_OBJECT_TAG);
	}
	ks_buf_reset(&out);
	if (ks_inflate_some(&out, 1 + (flags >> 1), ks_buf_span(&file), &err) ==
		KS_OK)
		fuzz_require(out.n <= 1 + (flags >> 1));
	if (flags & 1)
		ks_buf_release(&file);
	ks_buf_release(&content);
	ks_buf_release(&out);
	return 0;
}
