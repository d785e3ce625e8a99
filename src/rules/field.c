/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a rule file's fields, read from YAML events. */
#include "rules/field.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"

int ks_field_wrong(struct ks_field_reader *reader, const char *format, ...)
{
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (reader->draft && reader->draft->rule.id)
		return ks_fail(reader->err, KS_E_RULE, "%s:%u: rule '%s': %s",
			reader->file, reader->line, reader->draft->rule.id,
			what);
	return ks_fail(reader->err, KS_E_RULE, "%s:%u: %s", reader->file,
		reader->line, what);
}

static bool has_extras(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor || event->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor ||
		       event->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor ||
		       event->data.mapping_start.tag;
	default:
		return event->type == YAML_ALIAS_EVENT;
	}
}

int ks_field_next(struct ks_field_reader *reader)
{
	if (reader->has_event)
		yaml_event_delete(&reader->event);
	reader->has_event = false;
	if (!yaml_parser_parse(&reader->parser, &reader->event)) {
		const yaml_parser_t *parser = &reader->parser;

		if (parser->error == YAML_MEMORY_ERROR)
			return ks_fail_nomem(reader->err);
		reader->line = (unsigned)parser->problem_mark.line + 1;
		return ks_field_wrong(reader, "not valid YAML: %s",
			parser->problem ? parser->problem : "no reason known");
	}
	reader->has_event = true;
	reader->line = (unsigned)reader->event.start_mark.line + 1;
	if (has_extras(&reader->event))
		return ks_field_wrong(reader,
			"anchors, aliases and tags of YAML are not allowed");
	return (int)reader->event.type;
}

int ks_field_text(
	struct ks_field_reader *reader, const char **out, const char *name)
{
	const yaml_event_t *event = &reader->event;
	struct ks_span text;

	if (event->type != YAML_SCALAR_EVENT)
		return ks_field_wrong(
			reader, "field '%s': expected text", name);
	text = ks_span_of(event->data.scalar.value, event->data.scalar.length);
	if (text.n == 0)
		return ks_field_wrong(reader, "field '%s': is empty", name);
	if (text.n > KS_FIELD_MAX_TEXT)
		return ks_field_wrong(reader,
			"field '%s': longer than %d bytes", name,
			(int)KS_FIELD_MAX_TEXT);
	if (memchr(text.p, '\0', text.n))
		return ks_field_wrong(reader, "field '%s': holds a NUL", name);
	*out = ks_arena_copy(&reader->drafts->arena, text);
	return *out ? KS_OK : ks_fail_nomem(reader->err);
}

/*
 * Digits with at most one dot, as in every locale; strtod() goes by the
 * current one. False if ${text} is no such number.
 */
static bool parse_decimal(double *out, const char *text)
{
	double scale = 0;

	*out = 0;
	for (size_t i = 0; text[i]; i++) {
		if (text[i] == '.' && scale == 0 && i > 0) {
			scale = 1;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (text[i] - '0');
		scale *= 10;
	}
	if (scale != 0)
		*out /= scale;
	return scale != 1;
}

static int take_number(struct ks_field_reader *reader, double *out,
	const char *name, double most)
{
	const char *text;
	int rc = ks_field_text(reader, &text, name);

	if (rc < 0)
		return rc;
	if (strlen(text) > 15 || !parse_decimal(out, text))
		return ks_field_wrong(
			reader, "field '%s': expected a number", name);
	if (*out > most)
		return ks_field_wrong(
			reader, "field '%s': must be from 0 to %g", name, most);
	return KS_OK;
}

static int take_count(struct ks_field_reader *reader, uint32_t *out,
	const char *name, double most)
{
	double number;
	int rc = take_number(reader, &number, name, most);

	if (rc < 0)
		return rc;
	*out = (uint32_t)number;
	if (*out != number)
		return ks_field_wrong(
			reader, "field '%s': expected a whole number", name);
	return KS_OK;
}

static bool is_id(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		       strlen(text) &&
	       strlen(text) <= 64 && text[0] != '-';
}

static bool is_date(const char *text)
{
	for (size_t i = 0; i < 10; i++) {
		bool is_dash = i == 4 || i == 7;

		if (is_dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	}
	return text[10] == '\0';
}

/* A text that must have a form of its own. */
static int take_formed_text(struct ks_field_reader *reader,
	const struct ks_field *field, const char **out)
{
	int rc = ks_field_text(reader, out, field->name);

	if (rc < 0)
		return rc;
	if (field->type == KS_FIELD_ID && !is_id(*out)) {
		return ks_field_wrong(reader,
			"field '%s': only lower-case letters, digits and "
			"'-', 64 at most",
			field->name);
	}
	if (field->type == KS_FIELD_URL && strncmp(*out, "https://", 8) != 0 &&
		strncmp(*out, "http://", 7) != 0)
		return ks_field_wrong(reader,
			"field '%s': expected an http(s) URL", field->name);
	if (field->type == KS_FIELD_DATE && !is_date(*out))
		return ks_field_wrong(
			reader, "field '%s': expected YYYY-MM-DD", field->name);
	return KS_OK;
}

static int take_name(
	struct ks_field_reader *reader, const struct ks_field *field, int *out)
{
	const char *text;
	int rc = ks_field_text(reader, &text, field->name);

	if (rc < 0)
		return rc;
	for (int i = 0; i < field->name_count; i++) {
		if (strcmp(text, field->names[i]) == 0) {
			*out = i;
			return KS_OK;
		}
	}
	return ks_field_wrong(reader, "field '%s': unknown %s '%s'",
		field->name, field->name, text);
}

static int take_flag(
	struct ks_field_reader *reader, const struct ks_field *field, bool *out)
{
	const char *text;
	int rc = ks_field_text(reader, &text, field->name);

	if (rc < 0)
		return rc;
	*out = strcmp(text, "true") == 0;
	if (!*out && strcmp(text, "false") != 0)
		return ks_field_wrong(reader,
			"field '%s': expected true or false", field->name);
	return KS_OK;
}

static int take_list(struct ks_field_reader *reader,
	const struct ks_field *field, const char *const **out, uint32_t *count)
{
	const char **items = NULL;
	size_t n = 0;
	size_t cap = 0;
	int rc = KS_OK;

	if (reader->event.type != YAML_SEQUENCE_START_EVENT)
		return ks_field_wrong(reader,
			"field '%s': expected a list of texts", field->name);
	while (rc == KS_OK) {
		rc = ks_field_next(reader);
		if (rc < 0 || rc == YAML_SEQUENCE_END_EVENT)
			break;
		rc = KS_OK;
		if (n == KS_FIELD_MAX_ITEMS)
			rc = ks_field_wrong(reader,
				"field '%s': more than %d items", field->name,
				(int)KS_FIELD_MAX_ITEMS);
		else if (ks_array_reserve(&items, &cap, n + 1, sizeof(*items)) <
			 0)
			rc = ks_fail_nomem(reader->err);
		else
			rc = ks_field_text(reader, &items[n++], field->name);
	}
	if (rc >= 0 && n < field->least)
		rc = ks_field_wrong(reader,
			"field '%s': at least %u are needed", field->name,
			field->least);
	if (rc >= 0) {
		const char **kept = ks_arena_array(
			&reader->drafts->arena, n + 1, sizeof(*kept));

		rc = kept ? KS_OK : ks_fail_nomem(reader->err);
		if (kept && n)
			memcpy(kept, items, n * sizeof(*kept));
		*out = kept;
		*count = (uint32_t)n;
	}
	free(items);
	return rc;
}

/* {id: RULE, within_lines: N}, both required. */
static int take_link(struct ks_field_reader *reader,
	const struct ks_field *field, struct ks_rule_link *out, const char **id)
{
	bool has_lines = false;

	*id = NULL;
	if (reader->event.type != YAML_MAPPING_START_EVENT)
		return ks_field_wrong(reader,
			"field '%s': expected {id: RULE, within_lines: N}",
			field->name);
	for (;;) {
		const char *key;
		int rc = ks_field_next(reader);

		if (rc == YAML_MAPPING_END_EVENT)
			break;
		if (rc >= 0)
			rc = ks_field_text(reader, &key, field->name);
		if (rc < 0)
			return rc;
		rc = ks_field_next(reader);
		if (rc < 0)
			return rc;
		if (strcmp(key, "id") == 0 && !*id) {
			rc = ks_field_text(reader, id, field->name);
		} else if (strcmp(key, "within_lines") == 0 && !has_lines) {
			has_lines = true;
			rc = take_count(reader, &out->within_lines,
				"within_lines", field->most);
		} else {
			rc = ks_field_wrong(reader,
				"field '%s': unexpected '%s'", field->name,
				key);
		}
		if (rc < 0)
			return rc;
	}
	if (!*id || !has_lines)
		return ks_field_wrong(reader,
			"field '%s': needs both 'id' and 'within_lines'",
			field->name);
	return KS_OK;
}

int ks_field_value(struct ks_field_reader *reader, const struct ks_field *field)
{
	char *base = (char *)reader->draft;
	void *out = base + field->at;
	double number = 0;
	int name = 0;
	int rc;

	switch (field->type) {
	case KS_FIELD_ID:
	case KS_FIELD_TEXT:
	case KS_FIELD_URL:
	case KS_FIELD_DATE:
		return take_formed_text(reader, field, out);
	case KS_FIELD_LIST:
		return take_list(
			reader, field, out, (void *)(base + field->at_count));
	case KS_FIELD_LINK:
		return take_link(
			reader, field, out, (void *)(base + field->at_count));
	case KS_FIELD_FLAG:
		return take_flag(reader, field, out);
	case KS_FIELD_COUNT:
		return take_count(reader, out, field->name, field->most);
	case KS_FIELD_REAL:
		rc = take_number(reader, &number, field->name, field->most);
		*(float *)out = (float)number;
		return rc;
	case KS_FIELD_NAME:
		rc = take_name(reader, field, &name);
		/* All the enums that a name can mean are of this size. */
		memcpy(out, &name, sizeof(name));
		return rc;
	}
	return KS_OK;
}

_Static_assert(sizeof(enum ks_rule_kind) == sizeof(int) &&
		       sizeof(enum ks_checksum) == sizeof(int) &&
		       sizeof(enum ks_decode) == sizeof(int),
	"ks_field_value() stores names as int");
