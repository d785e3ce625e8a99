/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve rules: what is looked for. */
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/print.h"
#include "cli/say.h"
#include "cli/suggest.h"

#include <keysieve/rules.h>
#include <stdlib.h>

/* For ks_print(): the rules, and which of them to show. */
struct subject {
	const struct ks_rules *rules;
	size_t *indexes; /* of those to show */
	size_t count;
};

static int load(struct ks_rules **out, const struct ks_settings *settings)
{
	struct ks_err err = { 0 };
	int rc = ks_rules_load(
		out, settings->rules.list, settings->rules.count, &err);

	if (rc < 0)
		ks_say("%s", err.message);
	return rc;
}

static void write_list(FILE *file, const void *payload)
{
	const struct ks_rules *rules = payload;
	size_t count = ks_rules_count(rules);
	struct ks_rule_info info;
	int width = 0;

	for (size_t i = 0; i < count; i++) {
		ks_rules_info(rules, i, &info);
		if ((int)strlen(info.id) > width)
			width = (int)strlen(info.id);
	}
	for (size_t i = 0; i < count; i++) {
		ks_rules_info(rules, i, &info);
		fprintf(file, "%-*s  %-8s  %.2f  %s%s\n", width, info.id,
			info.kind, info.confidence, info.name,
			info.is_user ? " (added)" : "");
	}
}

int ks_cmd_rules_list(const struct ks_settings *settings)
{
	struct ks_rules *rules = NULL;
	int status;

	if (load(&rules, settings) < 0)
		return KS_EXIT_FAILED;
	status = ks_print(write_list, rules);
	ks_rules_free(rules);
	return status;
}

static void write_field(FILE *file, const char *name, const char *value)
{
	if (!value[0])
		return;
	fprintf(file, "%-11s ", name);
	ks_print_line(file, value);
}

static void write_link(
	FILE *file, const char *name, const char *id, unsigned lines)
{
	if (id[0])
		fprintf(file, "%-11s %s, within %u lines\n", name, id, lines);
}

static void write_list_of(
	FILE *file, const char *name, const char *const *values, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		write_field(file, i ? "" : name, values[i]);
}

static void write_rule(FILE *file, const struct ks_rule_info *info)
{
	write_field(file, "id", info->id);
	write_field(file, "name", info->name);
	write_field(file, "kind", info->kind);
	write_field(file, "assigned", info->assigned);
	write_field(file, "pattern", info->pattern);
	fprintf(file, "%-11s %.2f\n", "confidence", info->confidence);
	if (info->entropy > 0)
		fprintf(file, "%-11s at least %.1f bits a character\n",
			"entropy", info->entropy);
	if (info->min_length)
		fprintf(file, "%-11s at least %u bytes\n", "length",
			info->min_length);
	if (strcmp(info->checksum, "none") != 0)
		write_field(file, "checksum", info->checksum);
	if (strcmp(info->decode, "none") != 0)
		write_field(file, "decode", info->decode);
	write_list_of(file, "allow", info->allow, info->allow_count);
	write_link(file, "near", info->near, info->near_lines);
	write_link(file, "pairs with", info->pair, info->pair_lines);
	if (info->is_public)
		write_field(file, "public", "yes: of little harm");
	write_list_of(file, "match", info->match, info->match_count);
	write_list_of(file, "no match", info->no_match, info->no_match_count);
	write_field(file, "source", info->source);
	write_field(file, "checked", info->checked);
	write_field(file, "rotate", info->rotate);
	write_field(file, "origin", info->is_user ? "added" : "built in");
}

static void write_rules(FILE *file, const void *payload)
{
	const struct subject *subject = payload;
	struct ks_rule_info info;

	for (size_t i = 0; i < subject->count; i++) {
		if (i > 0)
			fputc('\n', file);
		ks_rules_info(subject->rules, subject->indexes[i], &info);
		write_rule(file, &info);
	}
}

/* The index of the rule called ${id}; false after saying there is none. */
static bool find(size_t *out, const struct ks_rules *rules, const char *id)
{
	struct ks_suggest suggest = { .word = id };
	struct ks_rule_info info;

	for (size_t i = 0; i < ks_rules_count(rules); i++) {
		ks_rules_info(rules, i, &info);
		*out = i;
		if (strcmp(info.id, id) == 0)
			return true;
		ks_suggest_offer(&suggest, info.id);
	}
	if (suggest.best)
		ks_say("there is no rule '%s'; did you mean '%s'?", id,
			suggest.best);
	else
		ks_say("there is no rule '%s'; 'keysieve rules list' names "
		       "them",
			id);
	return false;
}

int ks_cmd_rules_show(const struct ks_settings *settings)
{
	struct ks_rules *rules = NULL;
	struct subject subject = { 0 };
	int status = KS_EXIT_CLEAN;

	if (load(&rules, settings) < 0)
		return KS_EXIT_FAILED;
	subject.rules = rules;
	subject.indexes =
		calloc(settings->operand_count, sizeof(*subject.indexes));
	if (!subject.indexes) {
		ks_say("out of memory");
		status = KS_EXIT_FAILED;
	}
	while (status == KS_EXIT_CLEAN &&
		subject.count < settings->operand_count) {
		if (!find(&subject.indexes[subject.count], rules,
			    settings->operands[subject.count]))
			status = KS_EXIT_FAILED;
		subject.count++;
	}
	if (status == KS_EXIT_CLEAN)
		status = ks_print(write_rules, &subject);
	free(subject.indexes);
	ks_rules_free(rules);
	return status;
}
