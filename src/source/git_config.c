/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a git configuration file: git-config(1), "Syntax". */
#include "source/git_config.h"

#include <ctype.h>

struct reading {
	const uint8_t *p;
	const uint8_t *end;
	size_t line; /* from 1 */
	struct ks_buf section;
	struct ks_buf subsection;
	struct ks_buf key;
	struct ks_buf value;
};

/* The next character, -1 at the end; CRLF reads as LF. */
static int next(struct reading *reading)
{
	int c;

	if (reading->p == reading->end)
		return -1;
	c = *reading->p++;
	if (c == '\r' && reading->p < reading->end && *reading->p == '\n')
		c = *reading->p++;
	reading->line += c == '\n';
	return c;
}

static int peek(const struct reading *reading)
{
	return reading->p < reading->end ? *reading->p : -1;
}

static void skip_line(struct reading *reading)
{
	int c;

	do
		c = next(reading);
	while (c >= 0 && c != '\n');
}

/* Letters, digits, '-' and, where ${has_dots}, '.', in lower case. */
static int read_name(struct reading *reading, struct ks_buf *out, bool has_dots)
{
	ks_buf_reset(out);
	for (;;) {
		int c = peek(reading);

		if (c < 0 ||
			(!isalnum(c) && c != '-' && !(has_dots && c == '.')))
			return out->n ? KS_OK : KS_E_CORRUPT;
		if (ks_buf_add_byte(out, (uint8_t)tolower(c)) < 0)
			return KS_E_NOMEM;
		reading->p++;
	}
}

static void skip_blanks(struct reading *reading)
{
	while (peek(reading) == ' ' || peek(reading) == '\t')
		reading->p++;
}

/* What stands between the quotes of [section "subsection"]. */
static int read_subsection(struct reading *reading)
{
	for (;;) {
		int c = next(reading);

		if (c == '"')
			return KS_OK;
		if (c == '\\')
			c = next(reading);
		if (c < 0 || c == '\n')
			return KS_E_CORRUPT;
		if (ks_buf_add_byte(&reading->subsection, (uint8_t)c) < 0)
			return KS_E_NOMEM;
	}
}

/* "[section]", "[section "subsection"]" or the old "[section.subsection]". */
static int read_section(struct reading *reading)
{
	const uint8_t *dot;
	size_t n;
	int rc;

	ks_buf_reset(&reading->subsection);
	rc = read_name(reading, &reading->section, true);
	if (rc < 0)
		return rc;
	dot = memchr(reading->section.p, '.', reading->section.n);
	if (dot) {
		n = (size_t)(dot - reading->section.p);
		if (ks_buf_add(&reading->subsection, dot + 1,
			    reading->section.n - n - 1) < 0)
			return KS_E_NOMEM;
		reading->section.n = n;
	}
	skip_blanks(reading);
	if (peek(reading) == '"') {
		reading->p++;
		rc = read_subsection(reading);
	}
	if (rc == KS_OK && next(reading) != ']')
		rc = KS_E_CORRUPT;
	return rc;
}

/* The character that a backslash in a value stands for; 0: nothing. */
static int unescape(int c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'b':
		return '\b';
	case '"':
	case '\\':
		return c;
	default:
		return 0;
	}
}

/* All up to the end of the line or a comment, outer blanks left out. */
static int read_value(struct reading *reading)
{
	bool is_quoted = false;
	size_t kept = 0;

	ks_buf_reset(&reading->value);
	skip_blanks(reading);
	for (;;) {
		int c = next(reading);
		bool is_plain = true;

		if (c < 0 || c == '\n') {
			reading->value.n = kept;
			return is_quoted ? KS_E_CORRUPT : KS_OK;
		}
		if (!is_quoted && (c == ';' || c == '#')) {
			skip_line(reading);
			reading->value.n = kept;
			return KS_OK;
		}
		if (c == '"') {
			is_quoted = !is_quoted;
			kept = reading->value.n;
			continue;
		}
		if (c == '\\') {
			c = next(reading);
			if (c == '\n')
				continue;
			c = unescape(c);
			if (!c)
				return KS_E_CORRUPT;
			is_plain = false;
		}
		if (ks_buf_add_byte(&reading->value, (uint8_t)c) < 0)
			return KS_E_NOMEM;
		if (is_quoted || !is_plain || !isspace(c))
			kept = reading->value.n;
	}
}

/* "key = value" or "key". */
static int read_item(struct reading *reading,
	int (*each)(void *payload, const struct ks_git_config_item *item),
	void *payload)
{
	struct ks_git_config_item item;
	int rc = read_name(reading, &reading->key, false);

	if (rc < 0)
		return rc;
	skip_blanks(reading);
	if (peek(reading) == '=') {
		reading->p++;
		rc = read_value(reading);
	} else {
		skip_line(reading);
		ks_buf_reset(&reading->value);
		rc = ks_buf_add_str(&reading->value, "true");
	}
	if (rc < 0)
		return rc;
	item = (struct ks_git_config_item){
		.section = ks_buf_str(&reading->section),
		.subsection = ks_buf_str(&reading->subsection),
		.key = ks_buf_str(&reading->key),
		.value = ks_buf_str(&reading->value),
	};
	if (!item.section || !item.subsection || !item.key || !item.value)
		return KS_E_NOMEM;
	return each(payload, &item);
}

static int read_all(struct reading *reading,
	int (*each)(void *payload, const struct ks_git_config_item *item),
	void *payload)
{
	int rc = KS_OK;

	while (rc == KS_OK && peek(reading) >= 0) {
		int c = peek(reading);

		if (isspace(c)) {
			next(reading);
		} else if (c == '#' || c == ';') {
			skip_line(reading);
		} else if (c == '[') {
			reading->p++;
			rc = read_section(reading);
		} else {
			rc = read_item(reading, each, payload);
		}
	}
	return rc;
}

int ks_git_config_read(struct ks_span text,
	int (*each)(void *payload, const struct ks_git_config_item *item),
	void *payload, struct ks_err *err)
{
	struct reading reading = { .p = text.p, .line = 1 };
	int rc = KS_OK;

	reading.end = text.n ? text.p + text.n : text.p;
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		reading.p += 3;
	rc = read_all(&reading, each, payload);
	if (rc == KS_E_NOMEM)
		ks_fail_nomem(err);
	else if (rc == KS_E_CORRUPT)
		ks_fail(err, rc, "line %zu is no configuration", reading.line);
	ks_buf_release(&reading.section);
	ks_buf_release(&reading.subsection);
	ks_buf_release(&reading.key);
	ks_buf_release(&reading.value);
	return rc;
}
