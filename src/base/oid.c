/* SPDX-License-Identifier: Apache-2.0 */
/* Git object ids, SHA-1 or SHA-256. */
#include "base/oid.h"

void ks_oid_hex(const struct ks_oid *oid, size_t len, char hex[KS_OID_HEX_MAX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[oid->id[i] >> 4];
		hex[2 * i + 1] = digits[oid->id[i] & 15];
	}
	hex[2 * len] = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool ks_oid_parse(struct ks_oid *out, const char *hex, size_t len)
{
	*out = (struct ks_oid){ { 0 } };
	for (size_t i = 0; i < len; i++) {
		int high = digit(hex[2 * i]);
		int low = high < 0 ? -1 : digit(hex[2 * i + 1]);

		if (low < 0)
			return false;
		out->id[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}
