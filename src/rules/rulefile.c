/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files: YAML -> drafts. docs/rules.md describes the format. */
#include "rules/rulefile.h"

#include "rules/field.h"

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
	{ "pattern", KS_FIELD_TEXT, true, AT(rule.pattern), 0, 0, 0, NULL, 0 },
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
	return ks_field_wrong(reader, "unknown field '%s'", name);
}

static int take_field(
	struct ks_field_reader *reader, bool seen[FIELD_COUNT_ALL])
{
	const char *name;
	int which;
	int rc = ks_field_text(reader, &name, "name of a field");

	if (rc < 0)
		return rc;
	which = find_field(reader, name);
	if (which < 0)
		return which;
	if (seen[which])
		return ks_field_wrong(
			reader, "field '%s' is given twice", name);
	seen[which] = true;
	rc = ks_field_next(reader);
	if (rc < 0)
		return rc;
	if (fields[which].at == AT(rule.pattern))
		reader->draft->pattern_place.line = reader->line;
	return ks_field_value(reader, &fields[which]);
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

/* One rule; the current event is the start of its mapping. */
static int take_rule(struct ks_field_reader *reader, bool is_user)
{
	bool seen[FIELD_COUNT_ALL] = { false };
	unsigned line = reader->line;
	int rc;

	if (reader->drafts->count == KS_DRAFTS_MAX)
		return ks_field_wrong(
			reader, "more than %d rules", (int)KS_DRAFTS_MAX);
	reader->draft = ks_drafts_add(reader->drafts);
	if (!reader->draft)
		return ks_fail_nomem(reader->err);
	reader->draft->place.file = reader->file;
	reader->draft->place.line = line;
	reader->draft->pattern_place = reader->draft->place;
	reader->draft->rule.is_user = is_user;
	reader->draft->rule.kind = KS_RULE_TOKEN;
	for (;;) {
		rc = ks_field_next(reader);
		if (rc < 0 || rc == YAML_MAPPING_END_EVENT)
			break;
		rc = take_field(reader, seen);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		return rc;
	reader->line = line;
	for (int i = 0; i < FIELD_COUNT_ALL; i++) {
		if (fields[i].is_required && !seen[i])
			return ks_field_wrong(reader, "field '%s' is missing",
				fields[i].name);
	}
	fill_gaps(reader->draft);
	reader->draft = NULL;
	return KS_OK;
}

/* The whole stream: at most one document, a list of rules. */
static int take_stream(struct ks_field_reader *reader, bool is_user)
{
	int rc = ks_field_next(reader);

	if (rc == YAML_STREAM_START_EVENT)
		rc = ks_field_next(reader);
	if (rc == YAML_STREAM_END_EVENT)
		return KS_OK;
	if (rc == YAML_DOCUMENT_START_EVENT)
		rc = ks_field_next(reader);
	if (rc >= 0 && rc != YAML_SEQUENCE_START_EVENT)
		return ks_field_wrong(reader, "expected a list of rules");
	while (rc >= 0) {
		rc = ks_field_next(reader);
		if (rc < 0 || rc == YAML_SEQUENCE_END_EVENT)
			break;
		if (rc != YAML_MAPPING_START_EVENT)
			return ks_field_wrong(
				reader, "expected a rule: '- id: ...'");
		rc = take_rule(reader, is_user);
	}
	if (rc >= 0)
		rc = ks_field_next(reader);
	if (rc == YAML_DOCUMENT_END_EVENT)
		rc = ks_field_next(reader);
	if (rc >= 0 && rc != YAML_STREAM_END_EVENT)
		return ks_field_wrong(
			reader, "expected one document in a file");
	return rc < 0 ? rc : KS_OK;
}

int ks_rulefile_parse(struct ks_drafts *drafts, struct ks_span text,
	const char *file, bool is_user, struct ks_err *err)
{
	struct ks_field_reader reader = {
		.drafts = drafts, .err = err, .line = 1
	};
	int rc;

	reader.file = ks_arena_copy(&drafts->arena, ks_span_str(file));
	if (!reader.file || !yaml_parser_initialize(&reader.parser))
		return ks_fail_nomem(err);
	if (text.n > KS_RULEFILE_MAX_BYTES) {
		rc = ks_field_wrong(&reader, "larger than %d bytes",
			(int)KS_RULEFILE_MAX_BYTES);
	} else {
		yaml_parser_set_input_string(&reader.parser,
			text.n ? text.p : (const uint8_t *)"", text.n);
		rc = take_stream(&reader, is_user);
	}
	if (reader.has_event)
		yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	return rc;
}
