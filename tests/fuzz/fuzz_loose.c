/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a hostile loose object; the first byte tells how to read it. */
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
	struct ks_room room = { .spool = { .n = 0 } };
	struct ks_inflate inflate = { 0 };
	struct ks_loose_file loose;
	struct ks_span bytes;
	uint8_t some[128];
	size_t got;
	struct ks_err err;

	if (ks_loose_begin(&loose, ks_buf_span(&file), &err) == KS_OK &&
		loose.size <= LIMIT) {
		fuzz_require(loose.type >= KS_OBJECT_COMMIT &&
			     loose.type <= KS_OBJECT_TAG);
		if (flags & 2 && ks_loose_check(&loose, &err) == KS_OK) {
			fuzz_require(
				ks_loose_next(&loose, some, 1 + (flags >> 2),
					&got, &err) == KS_OK);
			fuzz_require(got <= 1 + (flags >> 2));
			fuzz_require(got <= loose.size);
		} else if (ks_loose_load(&room, &bytes, &inflate, &loose, LIMIT,
				   &err) == KS_OK) {
			fuzz_require(bytes.n == loose.size);
		}
	}
	ks_loose_close(&loose);
	ks_room_release(&room);
	ks_inflate_release(&inflate);
	if (flags & 1)
		ks_buf_release(&file);
	ks_buf_release(&content);
	return 0;
}
