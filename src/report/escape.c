/* SPDX-License-Identifier: Apache-2.0 */
/* Text of others in markup that a machine reads: CSV, XML, Markdown, … */
#include "report/escape.h"

#include "report/sanitize.h"

#include <ctype.h>
#include <string.h>

/* Do spreadsheets take a field for a formula that begins so? */
static bool is_formula(const char *text)
{
	/* = + - @ in full width: some take these, too. */
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b",
		"\xef\xbc\x8d", "\xef\xbc\xa0" };

	text += strspn(text, " ");
	if (*text && strchr("=+-@", *text))
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		if (strncmp(text, wide[i], 3) == 0)
			return true;
	}
	return false;
}

static void write_csv(FILE *file, const char *text)
{
	fputs(is_formula(text) ? "\"'" : "\"", file);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

static void write_xml(FILE *file, const char *text)
{
	for (; *text; text++) {
		/* U+FFFE and U+FFFF are no characters of XML. */
		if (strncmp(text, "\xef\xbf\xbe", 3) == 0 ||
			strncmp(text, "\xef\xbf\xbf", 3) == 0) {
			fputs("\xef\xbf\xbd", file);
			text += 2;
		} else if (strchr("<>&\"'", *text))
			fprintf(file, "&#%d;", *text);
		else
			fputc(*text, file);
	}
}

static void write_encoded(FILE *file, const char *text, const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			fprintf(file, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, file);
	}
}

static void write_markdown(FILE *file, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x80 && !isalnum(byte) && byte != ' ' && byte != '/')
			fprintf(file, "&#%d;", byte);
		else
			fputc(byte, file);
	}
}

void ks_escape_span(
	struct ks_escape *escape, enum ks_escape_form form, struct ks_span text)
{
	const char *safe = NULL;

	ks_buf_reset(&escape->scratch);
	if (ks_sanitize_add(&escape->scratch, text, 0, NULL) == 0)
		safe = ks_buf_str(&escape->scratch);
	if (!safe) {
		escape->has_failed = true;
		return;
	}
	switch (form) {
	case KS_ESCAPE_CSV:
		write_csv(escape->file, safe);
		break;
	case KS_ESCAPE_XML:
		write_xml(escape->file, safe);
		break;
	case KS_ESCAPE_GITHUB:
		write_encoded(escape->file, safe, "%");
		break;
	case KS_ESCAPE_GITHUB_PROPERTY:
		write_encoded(escape->file, safe, "%:,");
		break;
	case KS_ESCAPE_MARKDOWN:
		write_markdown(escape->file, safe);
		break;
	}
}

void ks_escape_str(
	struct ks_escape *escape, enum ks_escape_form form, const char *text)
{
	ks_escape_span(escape, form, ks_span_str(text));
}

void ks_escape_release(struct ks_escape *escape)
{
	ks_buf_release(&escape->scratch);
}
