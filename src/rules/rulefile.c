/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files: YAML -> drafts. docs/rules.md describes the format. */
#include "rules/rulefile.h"

#include "rules/field.h"

#include <stdio.h>

#define X(name, text) text,
static const char *const kinds[] = { KS_RULE_KINDS(X) };
static const char *const checksums[] = { KS_CHECKSUMS(X) };
static const char *const decodes[] = { KS_DECODES(X) };
#undef X

#define AT(member) offsetof(struct ks_draft, member)
#define NAMES(list) list, (int)(sizeof(list) / sizeof((list)[0]))

static const struct ks_field fields[] = {
	{ "id", KS_FIELD_ID, true, AT(rule.id), 0, 0, 0, NULL, 0 },
	{ "name", KS_FIELD_TEXT, true, AT(rule.name), 0, 0, 0, NULL, 0 },
	{ "pattern", KS_FIELD_TEXT, false, AT(rule.pattern), 0, 0, 0, NULL, 0 },
	{ "token", KS_FIELD_TEXT, false, AT(token), 0, 0, 0, NULL, 0 },
	{ "assigned", KS_FIELD_ASSIGNED, false, AT(assigned), 0, 0, 0, NULL,
		0 },
	{ "confidence", KS_FIELD_REAL, true, AT(rule.confidence), 0, 1, 0, NULL,
		0 },
	{ "match", KS_FIELD_LIST, true, AT(rule.match), AT(rule.match_count), 0,
		2, NULL, 0 },
	{ "no_match", KS_FIELD_LIST, true, AT(rule.no_match),
		AT(rule.no_match_count), 0, 2, NULL, 0 },
	{ "kind", KS_FIELD_NAME, false, AT(rule.kind), 0, 0, 0, NAMES(kinds) },
	{ "entropy", KS_FIELD_REAL, false, AT(rule.entropy), 0, 8, 0, NULL, 0 },
	{ "min_length", KS_FIELD_COUNT, false, AT(rule.min_length), 0, 65535, 0,
		NULL, 0 },
	{ "checksum", KS_FIELD_NAME, false, AT(rule.checksum), 0, 0, 0,
		NAMES(checksums) },
	{ "decode", KS_FIELD_NAME, false, AT(rule.decode), 0, 0, 0,
		NAMES(decodes) },
	{ "near", KS_FIELD_LINK, false, AT(rule.near), AT(near_id), 10000, 0,
		NULL, 0 },
	{ "pairs_with", KS_FIELD_LINK, false, AT(rule.pairs_with), AT(pairs_id),
		10000, 0, NULL, 0 },
	{ "allow", KS_FIELD_LIST, false, AT(rule.allow), AT(rule.allow_count),
		0, 0, NULL, 0 },
	{ "public", KS_FIELD_FLAG, false, AT(rule.is_public), 0, 0, 0, NULL,
		0 },
	{ "generated", KS_FIELD_FLAG, false, AT(is_generated), 0, 0, 0, NULL,
		0 },
	{ "source", KS_FIELD_URL, false, AT(rule.source), 0, 0, 0, NULL, 0 },
	{ "checked", KS_FIELD_DATE, false, AT(rule.checked), 0, 0, 0, NULL, 0 },
	{ "rotate", KS_FIELD_URL, false, AT(rule.rotate), 0, 0, 0, NULL, 0 },
};

enum {
	FIELD_COUNT_ALL = sizeof(fields) / sizeof(fields[0])
};

static int find_field(struct ks_field_reader *reader, const char *name)
{
	for (int i = 0; i < FIELD_COUNT_ALL; i++) {
		if (strcmp(fields[i].name, name) == 0)
			return i;
	}
	return ks_yaml_wrong(&reader->yaml, "unknown field '%s'", name);
}

/* Messages name the rule once its id is known. */
static void set_within(struct ks_field_reader *reader, const char *id)
{
	snprintf(reader->within, sizeof(reader->within), "rule '%s': ", id);
	reader->yaml.within = reader->within;
}

/* What it looks for, in one of three ways. */
static bool is_pattern(const struct ks_field *field)
{
	return field->at == AT(rule.pattern) || field->at == AT(token) ||
	       field->at == AT(assigned);
}

static int take_field(
	struct ks_field_reader *reader, bool seen[FIELD_COUNT_ALL])
{
	const char *name;
	int which;
	int rc = ks_yaml_text(&reader->yaml, &name, "name of a field");

	if (rc < 0)
		return rc;
	which = find_field(reader, name);
	if (which < 0)
		return which;
	if (seen[which])
		return ks_yaml_wrong(
			&reader->yaml, "field '%s' is given twice", name);
	seen[which] = true;
	rc = ks_yaml_next(&reader->yaml);
	if (rc < 0)
		return rc;
	if (is_pattern(&fields[which]))
		reader->draft->pattern_place.line = reader->yaml.line;
	rc = ks_field_value(reader, &fields[which]);
	reader->draft->has_entropy |= fields[which].at == AT(rule.entropy);
	if (rc == KS_OK && fields[which].at == AT(rule.id))
		set_within(reader, reader->draft->rule.id);
	return rc;
}

/* The built-in rules have samples, and are tested with them. */
static bool is_required(const struct ks_field *field, bool is_user)
{
	bool is_sample =
		field->at == AT(rule.match) || field->at == AT(rule.no_match);

	return field->is_required && !(is_user && is_sample);
}

static void fill_gaps(struct ks_draft *draft)
{
	struct ks_rule *rule = &draft->rule;

	if (!rule->source)
		rule->source = "";
	if (!rule->checked)
		rule->checked = "";
	if (!rule->rotate)
		rule->rotate = "";
}

static int check_one_pattern(struct ks_field_reader *reader)
{
	const struct ks_draft *draft = reader->draft;
	int count = !!draft->rule.pattern + !!draft->token + !!draft->assigned;

	if (count > 1)
		return ks_yaml_wrong(&reader->yaml,
			"only one of 'pattern', 'token' and 'assigned' may be "
			"given");
	if (count == 0)
		return ks_yaml_wrong(&reader->yaml,
			"field 'pattern', 'token' or 'assigned' is missing");
	return KS_OK;
}

/* One rule; the current event is the start of its mapping. */
static int take_rule(struct ks_field_reader *reader, bool is_user)
{
	bool seen[FIELD_COUNT_ALL] = { false };
	unsigned line = reader->yaml.line;
	int rc;

	if (reader->drafts->count == KS_DRAFTS_MAX)
		return ks_yaml_wrong(&reader->yaml, "more than %d rules",
			(int)KS_DRAFTS_MAX);
	reader->draft = ks_drafts_add(reader->drafts);
	if (!reader->draft)
		return ks_fail_nomem(reader->yaml.err);
	reader->draft->place.file = reader->yaml.file;
	reader->draft->place.line = line;
	reader->draft->pattern_place = reader->draft->place;
	reader->draft->rule.is_user = is_user;
	reader->draft->rule.kind = KS_RULE_TOKEN;
	for (;;) {
		rc = ks_yaml_next(&reader->yaml);
		if (rc < 0 || rc == YAML_MAPPING_END_EVENT)
			break;
		rc = take_field(reader, seen);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		return rc;
	reader->yaml.line = line;
	for (int i = 0; i < FIELD_COUNT_ALL; i++) {
		if (is_required(&fields[i], is_user) && !seen[i])
			return ks_yaml_wrong(&reader->yaml,
				"field '%s' is missing", fields[i].name);
	}
	rc = check_one_pattern(reader);
	if (rc < 0)
		return rc;
	fill_gaps(reader->draft);
	reader->draft = NULL;
	reader->yaml.within = "";
	return KS_OK;
}

/* A list of rules; the current event is its start, or what is there. */
static int take_rules(struct ks_field_reader *reader, bool is_user)
{
	int rc = (int)reader->yaml.event.type;

	if (rc != YAML_SEQUENCE_START_EVENT)
		return ks_yaml_wrong(&reader->yaml, "expected a list of rules");
	while (rc >= 0) {
		rc = ks_yaml_next(&reader->yaml);
		if (rc < 0 || rc == YAML_SEQUENCE_END_EVENT)
			break;
		if (rc != YAML_MAPPING_START_EVENT)
			return ks_yaml_wrong(
				&reader->yaml, "expected a rule: '- id: ...'");
		rc = take_rule(reader, is_user);
	}
	return rc < 0 ? rc : KS_OK;
}

/* {rules: [...]}, the rest of a configuration is passed over. */
static int take_configuration(
	struct ks_field_reader *reader, enum ks_rulefile_kind kind)
{
	for (;;) {
		const char *key;
		int rc = ks_yaml_next(&reader->yaml);

		if (rc == YAML_MAPPING_END_EVENT)
			return KS_OK;
		if (rc >= 0)
			rc = ks_yaml_text(&reader->yaml, &key, "rules");
		if (rc < 0)
			return rc;
		if (kind != KS_RULEFILE_CONFIG && strcmp(key, "rules") != 0)
			return ks_yaml_wrong(&reader->yaml,
				"expected a list of rules; a configuration, "
				"with its '%s', is for --config",
				key);
		rc = ks_yaml_next(&reader->yaml);
		if (rc >= 0)
			rc = strcmp(key, "rules") == 0
				     ? take_rules(reader, true)
				     : ks_yaml_skip(&reader->yaml);
		if (rc < 0)
			return rc;
	}
}

/* The whole stream: at most one document. */
static int take_stream(
	struct ks_field_reader *reader, enum ks_rulefile_kind kind)
{
	int rc = ks_yaml_root(&reader->yaml);

	if (rc < 0 || rc == YAML_STREAM_END_EVENT)
		return rc < 0 ? rc : KS_OK;
	if (rc == YAML_MAPPING_START_EVENT && kind != KS_RULEFILE_BUILTIN)
		rc = take_configuration(reader, kind);
	else
		rc = take_rules(reader, kind != KS_RULEFILE_BUILTIN);
	return rc < 0 ? rc : ks_yaml_finish(&reader->yaml);
}

int ks_rulefile_parse(struct ks_drafts *drafts, struct ks_span text,
	const char *file, enum ks_rulefile_kind kind, struct ks_err *err)
{
	struct ks_field_reader reader = { .drafts = drafts };
	const char *name = ks_arena_copy(&drafts->arena, ks_span_str(file));
	int rc;

	if (!name)
		return ks_fail_nomem(err);
	rc = ks_yaml_begin(&reader.yaml, text, name, &drafts->arena, err);
	if (rc == KS_OK && text.n > KS_RULEFILE_MAX_BYTES)
		rc = ks_yaml_wrong(&reader.yaml, "larger than %d bytes",
			(int)KS_RULEFILE_MAX_BYTES);
	if (rc == KS_OK)
		rc = take_stream(&reader, kind);
	ks_yaml_end(&reader.yaml);
	return rc;
}
