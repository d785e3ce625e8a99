/* SPDX-License-Identifier: Apache-2.0 */
/* Reading YAML event by event, with messages that name file and line. */
#include "base/yaml.h"

#include "base/array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int ks_yaml_begin(struct ks_yaml *yaml, struct ks_span text, const char *file,
	struct ks_arena *arena, struct ks_err *err)
{
	*yaml = (struct ks_yaml){ .file = file,
		.line = 1,
		.arena = arena,
		.within = "",
		.err = err };
	if (!yaml_parser_initialize(&yaml->parser))
		return ks_fail_nomem(err);
	yaml_parser_set_input_string(
		&yaml->parser, text.n ? text.p : (const uint8_t *)"", text.n);
	return KS_OK;
}

void ks_yaml_end(struct ks_yaml *yaml)
{
	if (yaml->has_event)
		yaml_event_delete(&yaml->event);
	yaml_parser_delete(&yaml->parser);
	*yaml = (struct ks_yaml){ 0 };
}

int ks_yaml_wrong(struct ks_yaml *yaml, const char *format, ...)
{
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return ks_fail(yaml->err, KS_E_RULE, "%s:%u: %s%s", yaml->file,
		yaml->line, yaml->within, what);
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

int ks_yaml_next(struct ks_yaml *yaml)
{
	if (yaml->has_event)
		yaml_event_delete(&yaml->event);
	yaml->has_event = false;
	if (!yaml_parser_parse(&yaml->parser, &yaml->event)) {
		const yaml_parser_t *parser = &yaml->parser;

		if (parser->error == YAML_MEMORY_ERROR)
			return ks_fail_nomem(yaml->err);
		yaml->line = (unsigned)parser->problem_mark.line + 1;
		return ks_yaml_wrong(yaml, "not valid YAML: %s",
			parser->problem ? parser->problem : "no reason known");
	}
	yaml->has_event = true;
	yaml->line = (unsigned)yaml->event.start_mark.line + 1;
	if (has_extras(&yaml->event))
		return ks_yaml_wrong(yaml,
			"anchors, aliases and tags of YAML are not allowed");
	return (int)yaml->event.type;
}

int ks_yaml_root(struct ks_yaml *yaml)
{
	int rc = ks_yaml_next(yaml);

	if (rc == YAML_STREAM_START_EVENT)
		rc = ks_yaml_next(yaml);
	if (rc == YAML_DOCUMENT_START_EVENT)
		rc = ks_yaml_next(yaml);
	return rc;
}

int ks_yaml_finish(struct ks_yaml *yaml)
{
	int rc = ks_yaml_next(yaml);

	if (rc == YAML_DOCUMENT_END_EVENT)
		rc = ks_yaml_next(yaml);
	if (rc >= 0 && rc != YAML_STREAM_END_EVENT)
		return ks_yaml_wrong(yaml, "expected one document in a file");
	return rc < 0 ? rc : KS_OK;
}

int ks_yaml_skip(struct ks_yaml *yaml)
{
	size_t depth = 0;
	int rc = (int)yaml->event.type;

	for (;;) {
		if (rc == YAML_SEQUENCE_START_EVENT ||
			rc == YAML_MAPPING_START_EVENT)
			depth++;
		else if (rc == YAML_SEQUENCE_END_EVENT ||
			 rc == YAML_MAPPING_END_EVENT)
			depth--;
		if (depth == 0)
			return KS_OK;
		rc = ks_yaml_next(yaml);
		if (rc < 0)
			return rc;
	}
}

int ks_yaml_text(struct ks_yaml *yaml, const char **out, const char *name)
{
	const yaml_event_t *event = &yaml->event;
	struct ks_span text;

	if (event->type != YAML_SCALAR_EVENT)
		return ks_yaml_wrong(yaml, "field '%s': expected text", name);
	text = ks_span_of(event->data.scalar.value, event->data.scalar.length);
	if (text.n == 0)
		return ks_yaml_wrong(yaml, "field '%s': is empty", name);
	if (text.n > KS_YAML_MAX_TEXT)
		return ks_yaml_wrong(yaml, "field '%s': longer than %d bytes",
			name, (int)KS_YAML_MAX_TEXT);
	if (memchr(text.p, '\0', text.n))
		return ks_yaml_wrong(yaml, "field '%s': holds a NUL", name);
	*out = ks_arena_copy(yaml->arena, text);
	return *out ? KS_OK : ks_fail_nomem(yaml->err);
}

/* strtod() goes by the current locale. False if ${text} is no number. */
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

int ks_yaml_number(
	struct ks_yaml *yaml, double *out, const char *name, double most)
{
	const char *text;
	int rc = ks_yaml_text(yaml, &text, name);

	if (rc < 0)
		return rc;
	if (strlen(text) > 15 || !parse_decimal(out, text))
		return ks_yaml_wrong(
			yaml, "field '%s': expected a number", name);
	if (*out > most)
		return ks_yaml_wrong(
			yaml, "field '%s': must be from 0 to %g", name, most);
	return KS_OK;
}

int ks_yaml_flag(struct ks_yaml *yaml, bool *out, const char *name)
{
	const char *text;
	int rc = ks_yaml_text(yaml, &text, name);

	if (rc < 0)
		return rc;
	*out = strcmp(text, "true") == 0;
	if (!*out && strcmp(text, "false") != 0)
		return ks_yaml_wrong(
			yaml, "field '%s': expected true or false", name);
	return KS_OK;
}

/* Copy the ${n} ${items} to the arena, as ${out}. */
static int keep_items(struct ks_yaml *yaml, struct ks_yaml_texts *out,
	const char *const *items, size_t n)
{
	const char **kept = ks_arena_array(yaml->arena, n + 1, sizeof(*kept));

	if (!kept)
		return ks_fail_nomem(yaml->err);
	if (n)
		memcpy(kept, items, n * sizeof(*kept));
	out->list = kept;
	out->count = (uint32_t)n;
	return KS_OK;
}

int ks_yaml_list(struct ks_yaml *yaml, struct ks_yaml_texts *out,
	const char *name, uint32_t least)
{
	const char **items = NULL;
	size_t n = 0;
	size_t cap = 0;
	int rc = KS_OK;

	if (yaml->event.type != YAML_SEQUENCE_START_EVENT)
		return ks_yaml_wrong(
			yaml, "field '%s': expected a list of texts", name);
	while (rc == KS_OK) {
		rc = ks_yaml_next(yaml);
		if (rc < 0 || rc == YAML_SEQUENCE_END_EVENT)
			break;
		if (n == KS_YAML_MAX_ITEMS)
			rc = ks_yaml_wrong(yaml,
				"field '%s': more than %d items", name,
				(int)KS_YAML_MAX_ITEMS);
		else if (ks_array_reserve(&items, &cap, n + 1, sizeof(*items)) <
			 0)
			rc = ks_fail_nomem(yaml->err);
		else
			rc = ks_yaml_text(yaml, &items[n++], name);
	}
	if (rc >= 0 && n < least)
		rc = ks_yaml_wrong(yaml, "field '%s': at least %u are needed",
			name, least);
	if (rc >= 0)
		rc = keep_items(yaml, out, items, n);
	free(items);
	return rc;
}

bool ks_yaml_is_date(const char *text)
{
	for (size_t i = 0; i < 10; i++) {
		bool is_dash = i == 4 || i == 7;

		if (is_dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	}
	return text[10] == '\0';
}
