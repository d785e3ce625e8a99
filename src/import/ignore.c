/* SPDX-License-Identifier: Apache-2.0 */
/* .gitleaksignore: commit:file:rule:line, or file:rule:line. */
#include "import/formats.h"

/* The last ':' of ${line} becomes its end; what is behind it, or NULL. */
static char *cut_last(char *line)
{
	char *colon = strrchr(line, ':');

	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

static bool is_commit(const char *text, size_t n)
{
	return n == 40 && strspn(text, "0123456789abcdef") >= n;
}

/* Their ids are rarely ours; then it is for whatever is found there. */
static int add_rule(
	struct ks_model *model, struct ks_model_entry *entry, const char *rule)
{
	if (ks_rule_find(model->rules, rule) == KS_RULE_NONE)
		return KS_OK;
	return ks_model_add_text(model, &entry->rules, rule);
}

static int take_entry(struct ks_model *model, char *line)
{
	struct ks_model_entry *entry;
	char *path = line;
	char *colon;
	char *number = cut_last(line);
	char *rule = number ? cut_last(line) : NULL;
	int rc = KS_OK;

	if (!rule || !line[0]) {
		ks_model_note(model, line,
			"not carried over: it is no "
			"commit:file:rule:line");
		model->lost++;
		return KS_OK;
	}
	entry = ks_model_add_entry(model);
	if (!entry)
		return KS_E_NOMEM;
	entry->reason = "from .gitleaksignore";
	colon = strchr(line, ':');
	if (colon && is_commit(line, (size_t)(colon - line))) {
		*colon = '\0';
		path = colon + 1;
		rc = ks_model_add_text(model, &entry->commits, line);
	}
	if (rc == KS_OK)
		rc = ks_model_add_text(model, &entry->paths, path);
	return rc == KS_OK ? add_rule(model, entry, rule) : rc;
}

int ks_formats_ignore(struct ks_model *model, struct ks_span text,
	const char *path, struct ks_err *err)
{
	char *copy = ks_arena_copy(&model->arena, text);
	char *end;
	int rc = copy ? KS_OK : KS_E_NOMEM;

	for (char *line = copy; rc == KS_OK && *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		line[strcspn(line, "\r")] = '\0';
		line += strspn(line, " \t");
		if (line[0] && line[0] != '#')
			rc = take_entry(model, line);
	}
	if (rc == KS_OK && model->entry_count)
		ks_model_note(model, path,
			"lines have no meaning here, and rules only where they "
			"have the same id: an entry is for its commit and "
			"file");
	return rc < 0 ? ks_fail_nomem(err) : KS_OK;
}
