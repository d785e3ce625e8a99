/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 and hex digits to bytes: RFC 4648. */
#ifndef KS_BASE_BASE64_H
#define KS_BASE_BASE64_H

#include "base/buf.h"

enum ks_base64_form {
	/* Section 4: + and /, padded, unused bits zero, nothing else. */
	KS_BASE64_STRICT,
	/* Section 5: - and _, padding optional, unused bits zero. */
	KS_BASE64_URL,
	/*
	 * Either alphabet or both mixed, padding optional, unused bits
	 * whatever they are, white space skipped: what is found in the wild.
	 */
	KS_BASE64_LENIENT
};

/* Append the base64 (RFC 4648, section 4) of ${bytes} to ${out}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_base64_encode(struct ks_buf *out, struct ks_span bytes);

/*
 * Append the bytes that ${text} stands for to ${out}. KS_E_CORRUPT if it is
 * not of ${form}, KS_E_NOMEM; ${out} has its old length then.
 */
KS_MUST_CHECK int ks_base64_decode(
	struct ks_buf *out, struct ks_span text, enum ks_base64_form form);

/*
 * Decode the beginning of ${text}, in either alphabet, up to the first byte
 * that is in neither, or until ${cap} bytes are at ${out}. Returns how many
 * bytes there are.
 */
size_t ks_base64_head(uint8_t *out, size_t cap, struct ks_span text);

/* Is ${byte} a digit of base64, in either alphabet? '=' is none. */
bool ks_base64_is_digit(uint8_t byte);

/*
 * Append the bytes whose hex digits, of either case, ${text} is to ${out}.
 * KS_E_CORRUPT if it is anything else or has an odd length, KS_E_NOMEM;
 * ${out} has its old length then.
 */
KS_MUST_CHECK int ks_base64_decode_hex(struct ks_buf *out, struct ks_span text);

#endif
