/* SPDX-License-Identifier: Apache-2.0 */
/* One line on standard error. */
#include "cli/say.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

enum {
	LINE_MAX_BYTES = 4096
};

/* The second byte of U+0080 to U+009F, which terminals obey too. */
static bool is_c1(uint8_t first, uint8_t second)
{
	return first == 0xc2 && second >= 0x80 && second < 0xa0;
}

static int add_visible(struct ks_buf *line, const char *text)
{
	uint8_t before = 0;
	int rc = KS_OK;

	for (; rc == KS_OK && *text; text++) {
		uint8_t byte = (uint8_t)*text;

		if (byte < 0x20 || byte == 0x7f || is_c1(before, byte))
			rc = ks_buf_printf(line, "\\x%02X", byte);
		else
			rc = ks_buf_add_byte(line, byte);
		before = byte;
	}
	return rc;
}

void ks_say(const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	struct ks_buf line = { 0 };
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (ks_buf_add_str(&line, "keysieve: ") == KS_OK &&
		add_visible(&line, text) == KS_OK &&
		ks_buf_add_byte(&line, '\n') == KS_OK)
		fwrite(line.p, 1, line.n, stderr);
	else
		fputs("keysieve: out of memory\n", stderr);
	ks_buf_release(&line);
}
