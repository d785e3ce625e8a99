/* SPDX-License-Identifier: Apache-2.0 */
/* What encoded text stands for, and where each byte of it came from. */
#ifndef KS_MATCH_DECODED_H
#define KS_MATCH_DECODED_H

#include "base/buf.h"
#include "match/encoded.h"
#include "match/utf16.h"

enum ks_encoding {
	KS_ENCODING_NONE,
	KS_ENCODING_BASE64,
	KS_ENCODING_HEX,
	KS_ENCODING_PERCENT,
	KS_ENCODING_ESCAPE,
	KS_ENCODING_ENTITY,
	KS_ENCODING_JOINED,
	KS_ENCODING_UTF16,
	KS_ENCODING_GZIP, /* in base64 */
	KS_ENCODING_COUNT
};

/*
 * From the decoded byte ${plain} on, ${raw} is where it came from:
 * ${raw_unit} bytes became ${plain_unit} of them, again and again.
 */
struct ks_decoded_part {
	size_t plain;
	size_t raw;
	uint8_t plain_unit;
	uint8_t raw_unit;
};

/* Zero-initialise ({0}); ks_decoded_release() frees. */
struct ks_decoded {
	struct ks_buf bytes;
	enum ks_encoding encoding;
	struct ks_decoded_part *parts; /* by plain; the first is at 0 */
	size_t part_count;
	size_t part_cap;
	size_t whole; /* so many bytes of text became all of it; or 0 */
};

/*
 * Decode ${run} of ${text} into ${out}, in place of what it held.
 * KS_E_NOTFOUND where it stands for no text, as most digits do; KS_E_LIMIT
 * where something compressed stands for too much of it; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_decoded_make(struct ks_decoded *out, struct ks_span text,
	const struct ks_encoded_run *run);

/* The same for text in UTF-16. */
KS_MUST_CHECK int ks_decoded_make_utf16(struct ks_decoded *out,
	struct ks_span text, const struct ks_utf16_run *run);

/*
 * Where in the text decoded byte ${plain} begins, and where it ends: the bytes
 * of the text that have anything of it.
 */
size_t ks_decoded_start(const struct ks_decoded *decoded, size_t plain);
size_t ks_decoded_end(const struct ks_decoded *decoded, size_t plain);

void ks_decoded_release(struct ks_decoded *decoded);

/* "base64", "utf-16", …; "" for none. Static. */
const char *ks_encoding_name(enum ks_encoding encoding);

#endif
