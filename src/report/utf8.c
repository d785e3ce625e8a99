/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8, strictly: RFC 3629, section 4. */
#include "report/utf8.h"

/* How many bytes a code point takes that begins with ${lead}; 0: none does. */
static size_t length_of(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return 3;
	if (lead >= 0xf0 && lead < 0xf5)
		return 4;
	return 0;
}

size_t ks_utf8_decode(struct ks_span text, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = length_of(text.p[0]);
	uint32_t value;

	if (n == 0 || n > text.n)
		return 0;
	value = n == 1 ? text.p[0] : text.p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((text.p[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (text.p[i] & 0x3f);
	}
	if (value < least[n] || value > 0x10ffff)
		return 0;
	if (value >= 0xd800 && value <= 0xdfff)
		return 0;
	*point = value;
	return n;
}

bool ks_utf8_is_text(struct ks_span text)
{
	uint32_t point;

	while (text.n > 0) {
		size_t n = ks_utf8_decode(text, &point);

		if (n == 0 || point == 0)
			return false;
		text = ks_span_cut(text, n, text.n);
	}
	return true;
}

int ks_utf8_repair(struct ks_buf *out, struct ks_span text)
{
	while (text.n > 0) {
		uint32_t point = 0;
		size_t n = ks_utf8_decode(text, &point);
		int rc;

		if (n == 0 || point == 0) {
			n = 1;
			rc = ks_buf_add_str(out, "\xef\xbf\xbd");
		} else {
			rc = ks_buf_add(out, text.p, n);
		}
		if (rc)
			return rc;
		text = ks_span_cut(text, n, text.n);
	}
	return 0;
}
