/* SPDX-License-Identifier: Apache-2.0 */
/* What is imported, between the file it was read from and our own. */
#include "import/model.h"

#include "base/array.h"
#include "import/regex.h"
#include "rules/draft.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>

enum {
	ID_MAX = 64 /* bytes */
};

void ks_model_note(
	struct ks_model *model, const char *about, const char *format, ...)
{
	char what[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	model->note(model->payload, about, what);
}

int ks_model_add_text(
	struct ks_model *model, struct ks_model_texts *texts, const char *text)
{
	const char *copy = ks_arena_copy(&model->arena, ks_span_str(text));

	if (!copy || ks_array_reserve(&texts->list, &texts->cap,
			     texts->count + 1, sizeof(*texts->list)) < 0)
		return KS_E_NOMEM;
	texts->list[texts->count++] = copy;
	return KS_OK;
}

struct ks_model_entry *ks_model_add_entry(struct ks_model *model)
{
	struct ks_model_entry *entry;

	if (ks_array_reserve(&model->entries, &model->entry_cap,
		    model->entry_count + 1, sizeof(*model->entries)) < 0)
		return NULL;
	entry = &model->entries[model->entry_count++];
	*entry = (struct ks_model_entry){ .reason = "" };
	return entry;
}

/* "np.aws.1" becomes "np-aws-1". */
static void clean_id(char out[ID_MAX + 1], const char *prefix, const char *from)
{
	size_t n = (size_t)snprintf(out, ID_MAX + 1, "%s", prefix);

	for (; *from && n < ID_MAX; from++) {
		unsigned char byte = (unsigned char)*from;

		if (isascii(byte) && isalnum(byte))
			out[n++] = (char)tolower(byte);
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	out[n] = '\0';
}

static const struct ks_model_rule *find(
	const struct ks_model *model, const char *id)
{
	for (size_t i = 0; i < model->count; i++) {
		if (strcmp(model->list[i].id, id) == 0)
			return &model->list[i];
	}
	return NULL;
}

const char *ks_model_id(struct ks_model *model, const char *from)
{
	char id[ID_MAX + 1];

	clean_id(id, "", from);
	if (!id[0] || ks_rule_find(model->rules, id) != KS_RULE_NONE)
		clean_id(id, "imported-", from);
	return ks_arena_copy(&model->arena, ks_span_str(id));
}

/* Would it be loaded? */
static int try_pattern(const char *pattern, struct ks_err *err)
{
	struct ks_drafts drafts = { 0 };
	struct ks_draft *draft = ks_drafts_add(&drafts);
	int rc = draft ? KS_OK : ks_fail_nomem(err);

	if (rc == KS_OK) {
		draft->rule.id = "it";
		draft->rule.pattern = pattern;
		draft->place.file = draft->pattern_place.file = "";
		rc = ks_drafts_check(&drafts, err);
	}
	ks_drafts_release(&drafts);
	return rc;
}

/* Behind "file:line: rule 'it': pattern: ". */
static const char *reason_in(const struct ks_err *err)
{
	static const char before[] = "pattern: ";
	const char *at = strstr(err->message, before);

	return at ? at + sizeof(before) - 1 : err->message;
}

/* A pattern of ours; NULL: it cannot be made one, which is noted. */
static int make_pattern(struct ks_model *model,
	const struct ks_model_draft *draft, const char **out,
	struct ks_err *err)
{
	struct ks_buf text = { 0 };
	struct ks_err why = { 0 };
	int rc = ks_regex_secret(
		&text, draft->pattern, draft->group, draft->group_name);

	*out = NULL;
	if (rc == KS_OK)
		rc = ks_buf_str(&text) ? try_pattern((const char *)text.p, &why)
				       : KS_E_NOMEM;
	if (rc == KS_E_RULE || rc == KS_E_NOTFOUND) {
		/* Its group may be in one of several alternatives. */
		rc = ks_regex_whole(&text, draft->pattern);
		if (rc == KS_OK)
			rc = ks_buf_str(&text)
				     ? try_pattern((const char *)text.p, &why)
				     : KS_E_NOMEM;
		if (rc == KS_OK)
			ks_model_note(model, draft->id,
				"the whole match is taken for the secret");
	}
	if (rc == KS_OK)
		*out = ks_arena_copy(&model->arena, ks_buf_span(&text));
	else if (rc != KS_E_NOMEM)
		ks_model_note(model, draft->id,
			"not carried over, the pattern cannot be used: %s",
			reason_in(&why));
	ks_buf_release(&text);
	if (rc == KS_E_NOMEM || (rc == KS_OK && !*out))
		return ks_fail_nomem(err);
	return KS_OK;
}

static bool is_generic(const char *id)
{
	return strstr(id, "generic") != NULL;
}

int ks_model_add_rule(struct ks_model *model,
	const struct ks_model_draft *draft, struct ks_model_rule **out,
	struct ks_err *err)
{
	struct ks_model_rule rule = { .entropy = draft->entropy,
		.confidence = draft->confidence };
	int rc = make_pattern(model, draft, &rule.pattern, err);

	*out = NULL;
	model->lost += rc == KS_OK && !rule.pattern;
	if (rc < 0 || !rule.pattern)
		return rc;
	rule.id = ks_model_id(model, draft->id);
	rule.from = ks_arena_copy(&model->arena, ks_span_str(draft->id));
	rule.name = ks_arena_copy(&model->arena, ks_span_str(draft->name));
	rule.source = ks_arena_copy(&model->arena, ks_span_str(draft->source));
	rule.kind = is_generic(draft->id) ? "generic" : "token";
	if (!rule.id || !rule.from || !rule.name || !rule.source ||
		ks_array_reserve(&model->list, &model->cap, model->count + 1,
			sizeof(*model->list)) < 0)
		return ks_fail_nomem(err);
	if (find(model, rule.id)) {
		ks_model_note(model, draft->id,
			"not carried over: another rule has this id");
		model->lost++;
		return KS_OK;
	}
	if (strcmp(rule.id, draft->id) != 0)
		ks_model_note(model, draft->id, "is called '%s' here", rule.id);
	*out = &model->list[model->count++];
	**out = rule;
	return KS_OK;
}

void ks_model_release(struct ks_model *model)
{
	for (size_t i = 0; i < model->count; i++)
		free(model->list[i].allow.list);
	for (size_t i = 0; i < model->entry_count; i++) {
		struct ks_model_entry *entry = &model->entries[i];

		free(entry->rules.list);
		free(entry->paths.list);
		free(entry->path_patterns.list);
		free(entry->patterns.list);
		free(entry->commits.list);
		free(entry->stopwords.list);
	}
	free(model->list);
	free(model->entries);
	ks_arena_release(&model->arena);
}
