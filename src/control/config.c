/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration files: .keysieve.yaml. docs/control.md has the format. */
#include "control/config.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>

static int take_allows(struct ks_config *config, struct ks_yaml *yaml)
{
	if (yaml->event.type != YAML_SEQUENCE_START_EVENT)
		return ks_yaml_wrong(
			yaml, "field 'allow': expected a list of entries");
	for (;;) {
		int rc = ks_yaml_next(yaml);

		if (rc == YAML_SEQUENCE_END_EVENT)
			return KS_OK;
		if (rc >= 0)
			rc = ks_allow_read(&config->allows, yaml);
		if (rc < 0)
			return rc;
	}
}

static const char *place_of(struct ks_yaml *yaml)
{
	char line[16];
	size_t n = strlen(yaml->file);
	char *place;

	snprintf(line, sizeof(line), ":%u", yaml->line);
	place = ks_arena_alloc(yaml->arena, n + sizeof(line));
	if (!place)
		return NULL;
	memcpy(place, yaml->file, n);
	memcpy(place + n, line, sizeof(line));
	return place;
}

/* {RULE: X, ...} */
static int take_confidences(struct ks_config *config, struct ks_yaml *yaml)
{
	if (yaml->event.type != YAML_MAPPING_START_EVENT)
		return ks_yaml_wrong(yaml,
			"field 'confidence': expected 'RULE: X', X from 0 to "
			"1");
	for (;;) {
		struct ks_rules_confidence one = { .place = NULL };
		int rc = ks_yaml_next(yaml);

		if (rc == YAML_MAPPING_END_EVENT)
			return KS_OK;
		if (rc >= 0)
			rc = ks_yaml_text(yaml, &one.rule, "confidence");
		if (rc < 0)
			return rc;
		one.place = place_of(yaml);
		rc = ks_yaml_next(yaml);
		if (rc >= 0)
			rc = ks_yaml_number(yaml, &one.confidence, one.rule, 1);
		if (rc < 0)
			return rc;
		if (!one.place || ks_array_reserve(&config->confidences,
					  &config->confidence_cap,
					  config->confidence_count + 1,
					  sizeof(*config->confidences)) < 0)
			return ks_fail_nomem(yaml->err);
		config->confidences[config->confidence_count++] = one;
	}
}

/* Rules are for the stage of rules: it gets a copy of all of ${text}. */
static int keep_rules(
	struct ks_config *config, struct ks_yaml *yaml, struct ks_span text)
{
	struct ks_rules_text one = { .name = yaml->file, .length = text.n };

	one.bytes = ks_arena_copy(yaml->arena, text);
	if (!one.bytes ||
		ks_array_reserve(&config->texts, &config->text_cap,
			config->text_count + 1, sizeof(*config->texts)) < 0)
		return ks_fail_nomem(yaml->err);
	config->texts[config->text_count++] = one;
	return ks_yaml_skip(yaml);
}

static int take_field(
	struct ks_config *config, struct ks_yaml *yaml, struct ks_span text)
{
	const char *name;
	int rc = ks_yaml_text(yaml, &name, "name of a field");

	if (rc == KS_OK)
		rc = ks_yaml_next(yaml);
	if (rc < 0)
		return rc;
	if (strcmp(name, "allow") == 0)
		return take_allows(config, yaml);
	if (strcmp(name, "confidence") == 0)
		return take_confidences(config, yaml);
	if (strcmp(name, "rules") == 0)
		return keep_rules(config, yaml, text);
	return ks_yaml_wrong(yaml,
		"unknown field '%s': expected 'allow', 'confidence' or "
		"'rules'",
		name);
}

static int take_document(
	struct ks_config *config, struct ks_yaml *yaml, struct ks_span text)
{
	int rc = ks_yaml_root(yaml);

	if (rc < 0 || rc == YAML_STREAM_END_EVENT)
		return rc < 0 ? rc : KS_OK;
	if (rc != YAML_MAPPING_START_EVENT)
		return ks_yaml_wrong(
			yaml, "expected 'allow:', 'confidence:' or 'rules:'");
	for (;;) {
		rc = ks_yaml_next(yaml);
		if (rc == YAML_MAPPING_END_EVENT)
			return ks_yaml_finish(yaml);
		if (rc >= 0)
			rc = take_field(config, yaml, text);
		if (rc < 0)
			return rc;
	}
}

int ks_config_read(struct ks_config *config, struct ks_arena *arena,
	struct ks_span text, const char *file, struct ks_err *err)
{
	const char *name = ks_arena_copy(arena, ks_span_str(file));
	struct ks_yaml yaml;
	int rc;

	if (!name)
		return ks_fail_nomem(err);
	rc = ks_yaml_begin(&yaml, text, name, arena, err);
	if (rc == KS_OK)
		rc = take_document(config, &yaml, text);
	ks_yaml_end(&yaml);
	return rc;
}

void ks_config_release(struct ks_config *config)
{
	ks_allow_list_release(&config->allows);
	free(config->confidences);
	free(config->texts);
	*config = (struct ks_config){ 0 };
}
