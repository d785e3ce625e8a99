/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of Nosey Parker and Kingfisher: YAML, a list `rules`. Kingfisher has
 * the fields of the other and more, and may name the group of the secret
 * TOKEN.
 */
#include "base/yaml.h"
#include "import/formats.h"
#include "import/regex.h"

#include <stdlib.h>

static const double confidence = 0.7;

/* A rule on the way, and what it leaves behind. */
struct theirs {
	struct ks_model_draft draft;
	struct ks_model_texts ignored; /* words in what is no secret */
	struct ks_buf left_out;        /* names of fields */
};

static int take_source(struct ks_yaml *yaml, struct theirs *theirs)
{
	struct ks_yaml_texts texts = { NULL, 0 };
	int rc;

	if (yaml->event.type != YAML_SEQUENCE_START_EVENT)
		return ks_yaml_skip(yaml);
	rc = ks_yaml_list(yaml, &texts, "references", 0);
	if (rc == KS_OK && texts.count &&
		strncmp(texts.list[0], "http", 4) == 0)
		theirs->draft.source = texts.list[0];
	return rc;
}

static int take_confidence(struct ks_yaml *yaml, struct theirs *theirs)
{
	const char *text;
	int rc = ks_yaml_text(yaml, &text, "confidence");

	if (rc == KS_OK && strcmp(text, "low") == 0)
		theirs->draft.confidence = 0.4;
	else if (rc == KS_OK && strcmp(text, "high") == 0)
		theirs->draft.confidence = 0.85;
	return rc;
}

static int leave_out(
	struct ks_yaml *yaml, struct theirs *theirs, const char *name)
{
	if (ks_buf_printf(&theirs->left_out, "%s%.64s",
		    theirs->left_out.n ? ", " : "", name) < 0)
		return ks_fail_nomem(yaml->err);
	return ks_yaml_skip(yaml);
}

/* {ignore_if_contains: [...]}: the rest is not carried over. */
static int take_requirements(
	struct ks_model *model, struct ks_yaml *yaml, struct theirs *theirs)
{
	if (yaml->event.type != YAML_MAPPING_START_EVENT)
		return ks_yaml_skip(yaml);
	for (;;) {
		struct ks_yaml_texts words = { NULL, 0 };
		const char *name;
		int rc = ks_yaml_next(yaml);

		if (rc == YAML_MAPPING_END_EVENT)
			return KS_OK;
		if (rc >= 0)
			rc = ks_yaml_text(yaml, &name, "pattern_requirements");
		if (rc >= 0)
			rc = ks_yaml_next(yaml);
		if (rc < 0)
			return rc;
		if (strcmp(name, "ignore_if_contains") == 0)
			rc = ks_yaml_list(yaml, &words, name, 0);
		else
			rc = leave_out(yaml, theirs, name);
		for (uint32_t i = 0; rc == KS_OK && i < words.count; i++) {
			if (ks_model_add_text(
				    model, &theirs->ignored, words.list[i]) < 0)
				rc = ks_fail_nomem(yaml->err);
		}
		if (rc < 0)
			return rc;
	}
}

static bool is_one_of(const char *name, const char *const *list)
{
	while (*list && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

static int take_field(
	struct ks_model *model, struct ks_yaml *yaml, struct theirs *theirs)
{
	/* Said to people, or of no use without what makes use of it. */
	static const char *const silent[] = { "examples", "negative_examples",
		"description", "categories", "prevalidated", "visible",
		"tls_mode", NULL };
	const char *name;
	int rc = ks_yaml_text(yaml, &name, "name of a field");

	if (rc == KS_OK)
		rc = ks_yaml_next(yaml);
	if (rc < 0)
		return rc;
	if (strcmp(name, "id") == 0)
		return ks_yaml_text(yaml, &theirs->draft.id, name);
	if (strcmp(name, "name") == 0)
		return ks_yaml_text(yaml, &theirs->draft.name, name);
	if (strcmp(name, "pattern") == 0)
		return ks_yaml_text(yaml, &theirs->draft.pattern, name);
	if (strcmp(name, "min_entropy") == 0)
		return ks_yaml_number(yaml, &theirs->draft.entropy, name, 8);
	if (strcmp(name, "confidence") == 0)
		return take_confidence(yaml, theirs);
	if (strcmp(name, "references") == 0)
		return take_source(yaml, theirs);
	if (strcmp(name, "pattern_requirements") == 0)
		return take_requirements(model, yaml, theirs);
	return is_one_of(name, silent) ? ks_yaml_skip(yaml)
				       : leave_out(yaml, theirs, name);
}

/* Whatever is ignored becomes one pattern of the rule's allowlist. */
static int add_ignored(struct ks_model *model, struct ks_model_rule *rule,
	const struct ks_model_texts *words)
{
	struct ks_buf text = { 0 };
	int rc = KS_OK;

	if (words->count == 0)
		return KS_OK;
	for (size_t i = 0; rc == KS_OK && i < words->count; i++) {
		rc = ks_buf_add_str(&text, i ? "|" : "(?i)(?:");
		if (rc == KS_OK)
			rc = ks_regex_quote(&text, words->list[i]);
	}
	if (rc == KS_OK)
		rc = ks_buf_add_str(&text, ")");
	if (rc == KS_OK)
		rc = ks_buf_str(&text) ? ks_model_add_text(model, &rule->allow,
						 (const char *)text.p)
				       : KS_E_NOMEM;
	ks_buf_release(&text);
	return rc;
}

static int add(
	struct ks_model *model, struct theirs *theirs, struct ks_err *err)
{
	struct ks_model_rule *rule;
	const char *id = theirs->draft.id;
	int rc;

	if (!id[0] || !theirs->draft.pattern[0]) {
		ks_model_note(model, id[0] ? id : "a rule without an id",
			"not carried over: it has no %s",
			id[0] ? "pattern" : "id");
		model->lost++;
		return KS_OK;
	}
	if (!theirs->draft.name[0])
		theirs->draft.name = id;
	rc = ks_model_add_rule(model, &theirs->draft, &rule, err);
	if (rc < 0 || !rule)
		return rc;
	if (theirs->left_out.n && ks_buf_str(&theirs->left_out))
		ks_model_note(model, id, "not carried over: %s",
			(const char *)theirs->left_out.p);
	return add_ignored(model, rule, &theirs->ignored) < 0
		       ? ks_fail_nomem(err)
		       : KS_OK;
}

static int take_rule(struct ks_model *model, struct ks_yaml *yaml)
{
	struct theirs theirs = { .draft = { .id = "",
					 .name = "",
					 .pattern = "",
					 .source = "",
					 .group_name = "TOKEN",
					 .confidence = confidence } };
	int rc;

	for (;;) {
		rc = ks_yaml_next(yaml);
		if (rc < 0 || rc == YAML_MAPPING_END_EVENT)
			break;
		rc = take_field(model, yaml, &theirs);
		if (rc < 0)
			break;
	}
	if (rc >= 0)
		rc = add(model, &theirs, yaml->err);
	ks_buf_release(&theirs.left_out);
	free(theirs.ignored.list);
	return rc;
}

static int take_rules(struct ks_model *model, struct ks_yaml *yaml)
{
	if (yaml->event.type != YAML_SEQUENCE_START_EVENT)
		return ks_yaml_wrong(yaml, "expected a list of rules");
	for (;;) {
		int rc = ks_yaml_next(yaml);

		if (rc == YAML_SEQUENCE_END_EVENT)
			return KS_OK;
		if (rc >= 0 && rc != YAML_MAPPING_START_EVENT)
			return ks_yaml_wrong(yaml, "expected a rule");
		if (rc >= 0)
			rc = take_rule(model, yaml);
		if (rc < 0)
			return rc;
	}
}

static int take_document(struct ks_model *model, struct ks_yaml *yaml)
{
	int rc = ks_yaml_root(yaml);

	if (rc >= 0 && rc != YAML_MAPPING_START_EVENT)
		return ks_yaml_wrong(yaml, "expected 'rules:'");
	for (;;) {
		const char *name;

		rc = ks_yaml_next(yaml);
		if (rc == YAML_MAPPING_END_EVENT)
			return ks_yaml_finish(yaml);
		if (rc >= 0)
			rc = ks_yaml_text(yaml, &name, "name of a field");
		if (rc >= 0)
			rc = ks_yaml_next(yaml);
		if (rc >= 0)
			rc = strcmp(name, "rules") == 0
				     ? take_rules(model, yaml)
				     : ks_yaml_skip(yaml);
		if (rc < 0)
			return rc;
	}
}

int ks_formats_noseyparker(struct ks_model *model, struct ks_span text,
	const char *path, struct ks_err *err)
{
	struct ks_yaml yaml;
	int rc = ks_yaml_begin(&yaml, text, path, &model->arena, err);

	if (rc == KS_OK)
		rc = take_document(model, &yaml);
	ks_yaml_end(&yaml);
	return rc;
}
