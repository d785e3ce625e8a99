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

/* The value of each hex digit; of all else 0, so that 0 is told by itself. */
static const uint8_t values[256] = {
	['1'] = 1,
	['2'] = 2,
	['3'] = 3,
	['4'] = 4,
	['5'] = 5,
	['6'] = 6,
	['7'] = 7,
	['8'] = 8,
	['9'] = 9,
	['a'] = 10,
	['b'] = 11,
	['c'] = 12,
	['d'] = 13,
	['e'] = 14,
	['f'] = 15,
	['A'] = 10,
	['B'] = 11,
	['C'] = 12,
	['D'] = 13,
	['E'] = 14,
	['F'] = 15,
};

static bool is_digit(uint8_t c)
{
	return values[c] || c == '0';
}

bool ks_oid_parse(struct ks_oid *out, const char *hex, size_t len)
{
	const uint8_t *p = (const uint8_t *)hex;

	*out = (struct ks_oid){ { 0 } };
	for (size_t i = 0; i < len; i++, p += 2) {
		if (!is_digit(p[0]) || !is_digit(p[1]))
			return false;
		out->id[i] = (uint8_t)(values[p[0]] << 4 | values[p[1]]);
	}
	return true;
}

bool ks_oid_parse_word(struct ks_oid *out, struct ks_span text, size_t len)
{
	return text.n >= 2 * len &&
	       (text.n == 2 * len ||
		       memchr(" \t\r\n", text.p[2 * len], 4) != NULL) &&
	       ks_oid_parse(out, (const char *)text.p, len);
}
