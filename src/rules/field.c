/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a rule file's fields, read from YAML events. */
#include "rules/field.h"

static int take_count(struct ks_field_reader *reader, uint32_t *out,
	const char *name, double most)
{
	double number;
	int rc = ks_yaml_number(&reader->yaml, &number, name, most);

	if (rc < 0)
		return rc;
	*out = (uint32_t)number;
	if (*out != number)
		return ks_yaml_wrong(&reader->yaml,
			"field '%s': expected a whole number", name);
	return KS_OK;
}

static bool is_id(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		       strlen(text) &&
	       strlen(text) <= 64 && text[0] != '-';
}

/* A text that must have a form of its own. */
static int take_formed_text(struct ks_field_reader *reader,
	const struct ks_field *field, const char **out)
{
	int rc = ks_yaml_text(&reader->yaml, out, field->name);

	if (rc < 0)
		return rc;
	if (field->type == KS_FIELD_ID && !is_id(*out)) {
		return ks_yaml_wrong(&reader->yaml,
			"field '%s': only lower-case letters, digits and "
			"'-', 64 at most",
			field->name);
	}
	if (field->type == KS_FIELD_URL && strncmp(*out, "https://", 8) != 0 &&
		strncmp(*out, "http://", 7) != 0)
		return ks_yaml_wrong(&reader->yaml,
			"field '%s': expected an http(s) URL", field->name);
	if (field->type == KS_FIELD_DATE && !ks_yaml_is_date(*out))
		return ks_yaml_wrong(&reader->yaml,
			"field '%s': expected YYYY-MM-DD", field->name);
	return KS_OK;
}

static int take_name(
	struct ks_field_reader *reader, const struct ks_field *field, int *out)
{
	const char *text;
	int rc = ks_yaml_text(&reader->yaml, &text, field->name);

	if (rc < 0)
		return rc;
	for (int i = 0; i < field->name_count; i++) {
		if (strcmp(text, field->names[i]) == 0) {
			*out = i;
			return KS_OK;
		}
	}
	return ks_yaml_wrong(&reader->yaml, "field '%s': unknown %s '%s'",
		field->name, field->name, text);
}

/*
 * The next key of a mapping; its value is the current event then. Returns 1,
 * 0 at the mapping's end, or an error.
 */
static int next_key(struct ks_field_reader *reader,
	const struct ks_field *field, const char **key)
{
	int rc = ks_yaml_next(&reader->yaml);

	if (rc == YAML_MAPPING_END_EVENT)
		return 0;
	if (rc >= 0)
		rc = ks_yaml_text(&reader->yaml, key, field->name);
	if (rc >= 0)
		rc = ks_yaml_next(&reader->yaml);
	return rc < 0 ? rc : 1;
}

static int unexpected_key(struct ks_field_reader *reader,
	const struct ks_field *field, const char *key)
{
	return ks_yaml_wrong(
		&reader->yaml, "field '%s': unexpected '%s'", field->name, key);
}

/* {id: RULE, within_lines: N}, both required. */
static int take_link(struct ks_field_reader *reader,
	const struct ks_field *field, struct ks_rule_link *out, const char **id)
{
	bool has_lines = false;
	const char *key;
	int rc;

	*id = NULL;
	if (reader->yaml.event.type != YAML_MAPPING_START_EVENT)
		return ks_yaml_wrong(&reader->yaml,
			"field '%s': expected {id: RULE, within_lines: N}",
			field->name);
	for (;;) {
		rc = next_key(reader, field, &key);
		if (rc <= 0)
			break;
		if (strcmp(key, "id") == 0 && !*id) {
			rc = ks_yaml_text(&reader->yaml, id, field->name);
		} else if (strcmp(key, "within_lines") == 0 && !has_lines) {
			has_lines = true;
			rc = take_count(reader, &out->within_lines,
				"within_lines", field->most);
		} else {
			rc = unexpected_key(reader, field, key);
		}
		if (rc < 0)
			break;
	}
	if (rc < 0)
		return rc;
	if (!*id || !has_lines)
		return ks_yaml_wrong(&reader->yaml,
			"field '%s': needs both 'id' and 'within_lines'",
			field->name);
	return KS_OK;
}

static const struct {
	const char *key;
	size_t at; /* in struct ks_assigned */
} assigned_parts[] = {
	{ "name", offsetof(struct ks_assigned, name) },
	{ "words", offsetof(struct ks_assigned, words) },
	{ "variable", offsetof(struct ks_assigned, variable) },
	{ "host", offsetof(struct ks_assigned, host) },
	{ "value", offsetof(struct ks_assigned, value) },
};

static int take_assigned_part(struct ks_field_reader *reader,
	const struct ks_field *field, struct ks_assigned *out, const char *key)
{
	const size_t count = sizeof(assigned_parts) / sizeof(assigned_parts[0]);

	if (strcmp(key, "strict") == 0)
		return ks_yaml_flag(&reader->yaml, &out->is_strict, "strict");
	for (size_t i = 0; i < count; i++) {
		const char **part =
			(const char **)((char *)out + assigned_parts[i].at);

		if (strcmp(key, assigned_parts[i].key) == 0 && !*part)
			return ks_yaml_text(&reader->yaml, part, field->name);
	}
	return unexpected_key(reader, field, key);
}

/* {name: REGEX, value: REGEX}, and what else docs/rules.md names. */
static int take_assigned(struct ks_field_reader *reader,
	const struct ks_field *field, const struct ks_assigned **out)
{
	struct ks_assigned *assigned =
		ks_arena_alloc(&reader->drafts->arena, sizeof(*assigned));
	const char *key;
	int rc;

	if (!assigned)
		return ks_fail_nomem(reader->yaml.err);
	if (reader->yaml.event.type != YAML_MAPPING_START_EVENT)
		return ks_yaml_wrong(&reader->yaml,
			"field '%s': expected {name: REGEX, value: REGEX}",
			field->name);
	do {
		rc = next_key(reader, field, &key);
		if (rc > 0) {
			rc = take_assigned_part(reader, field, assigned, key);
			if (rc == KS_OK)
				rc = 1;
		}
	} while (rc > 0);
	*out = assigned;
	return rc;
}

int ks_field_value(struct ks_field_reader *reader, const struct ks_field *field)
{
	char *base = (char *)reader->draft;
	void *out = base + field->at;
	struct ks_yaml_texts texts = { NULL, 0 };
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
		rc = ks_yaml_list(
			&reader->yaml, &texts, field->name, field->least);
		memcpy(out, &texts.list, sizeof(texts.list));
		memcpy(base + field->at_count, &texts.count,
			sizeof(texts.count));
		return rc;
	case KS_FIELD_LINK:
		return take_link(
			reader, field, out, (void *)(base + field->at_count));
	case KS_FIELD_ASSIGNED:
		return take_assigned(reader, field, out);
	case KS_FIELD_FLAG:
		return ks_yaml_flag(&reader->yaml, out, field->name);
	case KS_FIELD_COUNT:
		return take_count(reader, out, field->name, field->most);
	case KS_FIELD_REAL:
		rc = ks_yaml_number(
			&reader->yaml, &number, field->name, field->most);
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
