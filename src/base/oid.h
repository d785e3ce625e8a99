/* SPDX-License-Identifier: Apache-2.0 */
/* Git object ids, SHA-1 or SHA-256. */
#ifndef KS_BASE_OID_H
#define KS_BASE_OID_H

#include "base/span.h"

enum {
	KS_OID_SHA1 = 20,   /* bytes */
	KS_OID_SHA256 = 32, /* bytes */
	KS_OID_MAX = 32,    /* bytes */
	KS_OID_HEX_MAX = 2 * KS_OID_MAX + 1
};

/* An object id; the bytes behind a SHA-1 are zero, so ids compare whole. */
struct ks_oid {
	uint8_t id[KS_OID_MAX];
};

static inline struct ks_oid ks_oid_of(const uint8_t *bytes, size_t len)
{
	struct ks_oid oid = { { 0 } };

	memcpy(oid.id, bytes, len);
	return oid;
}

static inline bool ks_oid_eq(const struct ks_oid *a, const struct ks_oid *b)
{
	return memcmp(a->id, b->id, KS_OID_MAX) == 0;
}

/* Write ${oid}, of ${len} bytes, as 2 * ${len} hex digits and a NUL. */
void ks_oid_hex(const struct ks_oid *oid, size_t len, char hex[KS_OID_HEX_MAX]);

/* Parse 2 * ${len} hex digits at ${hex}; false if one is not. */
bool ks_oid_parse(struct ks_oid *out, const char *hex, size_t len);

/*
 * Parse the 2 * ${len} hex digits that ${text} begins with; false if there
 * are fewer, or more: nothing or a blank must follow.
 */
bool ks_oid_parse_word(struct ks_oid *out, struct ks_span text, size_t len);

#endif
