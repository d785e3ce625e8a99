/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gitleaks's configuration. Its allowlists are of the whole file or of a
 * rule; what one has is joined by OR unless it says AND. Its documentation:
 * https://github.com/gitleaks/gitleaks#configuration
 */
#include "import/formats.h"
#include "import/regex.h"
#include "import/toml.h"

#include <jansson.h>
#include <stdlib.h>
#include <strings.h>

/* Theirs has no number for it. */
static const double confidence = 0.7;
static const double generic_confidence = 0.4;

static const char *text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Append all texts of the list ${key}. KS_E_NOMEM. */
static int take_texts(struct ks_model *model, struct ks_model_texts *out,
	json_t *object, const char *key)
{
	json_t *list = json_object_get(object, key);
	int rc = KS_OK;

	for (size_t i = 0; rc == KS_OK && i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text && text[0])
			rc = ks_model_add_text(model, out, text);
	}
	return rc;
}

static bool has_texts(json_t *object, const char *key)
{
	return json_array_size(json_object_get(object, key)) > 0;
}

/* Is their regexTarget the secret, as it is if nothing is said? */
static bool is_on_secret(json_t *allowlist)
{
	const char *target = text_of(allowlist, "regexTarget");

	return !target[0] || strcmp(target, "secret") == 0;
}

/* A new entry for the rule ${rule}, or those that it is limited to. */
static struct ks_model_entry *begin_entry(
	struct ks_model *model, json_t *allowlist, const char *rule)
{
	struct ks_model_entry *entry = ks_model_add_entry(model);
	json_t *targets = json_object_get(allowlist, "targetRules");
	const char *reason = text_of(allowlist, "description");
	int rc = KS_OK;

	if (!entry)
		return NULL;
	if (rule)
		rc = ks_model_add_text(model, &entry->rules, rule);
	for (size_t i = 0; rc == KS_OK && i < json_array_size(targets); i++) {
		const char *target =
			json_string_value(json_array_get(targets, i));
		const char *id = target ? ks_model_id(model, target) : NULL;

		rc = id ? ks_model_add_text(model, &entry->rules, id)
			: KS_E_NOMEM;
	}
	if (rc == KS_OK && reason[0])
		entry->reason =
			ks_arena_copy(&model->arena, ks_span_str(reason));
	return rc == KS_OK && entry->reason ? entry : NULL;
}

static int take_patterns(
	struct ks_model *model, struct ks_model_entry *entry, json_t *allowlist)
{
	entry->on_line = !is_on_secret(allowlist);
	return take_texts(model, &entry->patterns, allowlist, "regexes");
}

/* All conditions in one entry. */
static int take_all(struct ks_model *model, json_t *allowlist, const char *rule)
{
	struct ks_model_entry *entry = begin_entry(model, allowlist, rule);
	int rc = entry ? take_patterns(model, entry, allowlist) : KS_E_NOMEM;

	if (rc == KS_OK)
		rc = take_texts(
			model, &entry->path_patterns, allowlist, "paths");
	if (rc == KS_OK)
		rc = take_texts(model, &entry->commits, allowlist, "commits");
	if (rc == KS_OK)
		rc = take_texts(
			model, &entry->stopwords, allowlist, "stopwords");
	return rc;
}

/* Each condition in an entry of its own. */
static int take_any(struct ks_model *model, json_t *allowlist, const char *rule)
{
	static const char *const keys[] = { "regexes", "paths", "commits",
		"stopwords" };
	int rc = KS_OK;

	for (int i = 0; rc == KS_OK && i < 4; i++) {
		struct ks_model_entry *entry;

		if (!has_texts(allowlist, keys[i]))
			continue;
		entry = begin_entry(model, allowlist, rule);
		if (!entry)
			return KS_E_NOMEM;
		if (i == 0)
			rc = take_patterns(model, entry, allowlist);
		else
			rc = take_texts(model,
				i == 1   ? &entry->path_patterns
				: i == 2 ? &entry->commits
					 : &entry->stopwords,
				allowlist, keys[i]);
	}
	return rc;
}

static int take_allowlist(
	struct ks_model *model, json_t *allowlist, const char *rule)
{
	const char *condition = text_of(allowlist, "condition");
	const char *target = text_of(allowlist, "regexTarget");

	if (strcmp(target, "match") == 0)
		ks_model_note(model, rule ? rule : "allowlist",
			"patterns for the match are held against the line");
	if (strcasecmp(condition, "AND") == 0 || strcmp(condition, "&&") == 0)
		return take_all(model, allowlist, rule);
	return take_any(model, allowlist, rule);
}

/* `allowlist` is one of them, `allowlists` several. */
static int take_allowlists(
	struct ks_model *model, json_t *object, const char *rule)
{
	json_t *one = json_object_get(object, "allowlist");
	json_t *list = json_object_get(object, "allowlists");
	int rc = one ? take_allowlist(model, one, rule) : KS_OK;

	for (size_t i = 0; rc == KS_OK && i < json_array_size(list); i++)
		rc = take_allowlist(model, json_array_get(list, i), rule);
	return rc;
}

/* A rule for some paths only: elsewhere what it finds may stand. */
static int limit_to_path(
	struct ks_model *model, const char *rule, const char *path)
{
	struct ks_model_entry *entry = ks_model_add_entry(model);
	struct ks_buf text = { 0 };
	int rc = entry ? ks_buf_printf(&text, "(?s)\\A(?!.*(?:%s))", path)
		       : KS_E_NOMEM;

	if (rc == KS_OK)
		rc = ks_buf_str(&text)
			     ? ks_model_add_text(model, &entry->path_patterns,
				       (const char *)text.p)
			     : KS_E_NOMEM;
	if (rc == KS_OK)
		rc = ks_model_add_text(model, &entry->rules, rule);
	if (rc == KS_OK)
		entry->reason = "the rule is for other paths";
	ks_buf_release(&text);
	return rc;
}

/* Theirs are a filter of files, of which ours need none. */
static void check_keywords(
	struct ks_model *model, json_t *theirs, const char *pattern)
{
	json_t *list = json_object_get(theirs, "keywords");

	if (json_array_size(list) == 0)
		return;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));

		if (!word || ks_regex_has_word(pattern, word))
			return;
	}
	ks_model_note(model, text_of(theirs, "id"),
		"its keywords are not in its pattern: it is tried without "
		"them, and may find more");
}

static double real_of(json_t *object, const char *key)
{
	double value = json_number_value(json_object_get(object, key));

	return value > 0 ? (value < 8 ? value : 8) : 0;
}

static void note_fields(struct ks_model *model, json_t *theirs)
{
	static const char *const known[] = { "id", "description", "regex",
		"path", "secretGroup", "entropy", "keywords", "allowlist",
		"allowlists", "tags", "title" };
	const char *key;
	json_t *value;

	json_object_foreach(theirs, key, value)
	{
		bool is_known = false;

		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			is_known |= strcmp(key, known[i]) == 0;
		if (!is_known)
			ks_model_note(model, text_of(theirs, "id"),
				"'%.64s' is not carried over", key);
	}
}

static int take_rule(struct ks_model *model, json_t *theirs, struct ks_err *err)
{
	const char *id = text_of(theirs, "id");
	const char *name = text_of(theirs, "description");
	json_t *group = json_object_get(theirs, "secretGroup");
	struct ks_model_draft draft = {
		.id = id,
		.name = name[0] ? name : id,
		.pattern = text_of(theirs, "regex"),
		.source = "",
		.group = (unsigned)json_integer_value(group),
		.entropy = real_of(theirs, "entropy"),
		.confidence =
			strstr(id, "generic") ? generic_confidence : confidence,
	};
	struct ks_model_rule *rule;
	int rc;

	if (!id[0] || !draft.pattern[0]) {
		ks_model_note(model, id[0] ? id : "a rule without an id",
			"not carried over: %s",
			id[0] ? "a rule for paths alone, without a pattern"
			      : "it has no name");
		model->lost++;
		return KS_OK;
	}
	rc = ks_model_add_rule(model, &draft, &rule, err);
	if (rc < 0 || !rule)
		return rc;
	check_keywords(model, theirs, draft.pattern);
	note_fields(model, theirs);
	rc = take_allowlists(model, theirs, rule->id);
	if (rc == KS_OK && text_of(theirs, "path")[0])
		rc = limit_to_path(model, rule->id, text_of(theirs, "path"));
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}

static void note_extension(struct ks_model *model, json_t *whole)
{
	json_t *extend = json_object_get(whole, "extend");

	if (!extend)
		return;
	if (json_is_true(json_object_get(extend, "useDefault")))
		ks_model_note(model, "extend.useDefault",
			"keysieve's own rules stand for the default ones");
	if (text_of(extend, "path")[0])
		ks_model_note(model, "extend.path",
			"'%.200s' is to be imported by itself",
			text_of(extend, "path"));
	if (has_texts(extend, "disabledRules"))
		ks_model_note(model, "extend.disabledRules",
			"rules have other ids here: use --skip");
}

static int take_all_rules(
	struct ks_model *model, json_t *whole, struct ks_err *err)
{
	json_t *rules = json_object_get(whole, "rules");
	int rc = KS_OK;

	note_extension(model, whole);
	for (size_t i = 0; rc == KS_OK && i < json_array_size(rules); i++)
		rc = take_rule(model, json_array_get(rules, i), err);
	if (rc == KS_OK && take_allowlists(model, whole, NULL) < 0)
		rc = ks_fail_nomem(err);
	return rc;
}

int ks_formats_gitleaks(struct ks_model *model, struct ks_span text,
	const char *path, struct ks_err *err)
{
	char reason[256] = "";
	char *json = NULL;
	unsigned line = 0;
	json_t *whole;
	int rc;

	switch (ks_toml_to_json(&json, (const char *)text.p, text.n, &line,
		reason, sizeof(reason))) {
	case KS_TOML_WRONG:
		return ks_fail(err, KS_E_CORRUPT, "%s:%u: not valid TOML: %s",
			path, line, reason);
	case KS_TOML_NOMEM:
		return ks_fail_nomem(err);
	case KS_TOML_OK:
		break;
	}
	whole = json_loads(json, JSON_ALLOW_NUL, NULL);
	free(json);
	if (!whole)
		return ks_fail(err, KS_E_CORRUPT,
			"%s: holds what has no place in a configuration", path);
	rc = take_all_rules(model, whole, err);
	json_decref(whole);
	return rc;
}
