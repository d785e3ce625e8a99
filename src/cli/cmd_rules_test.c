/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve rules test: rules against their own samples. */
#include "base/buf.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/explanation.h"
#include "cli/input.h"
#include "cli/say.h"

#include <keysieve/check.h>
#include <keysieve/rules.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)1 << 30)

static void print_problem(void *payload, const char *rule, const char *what)
{
	(void)payload;
	printf("%s: %s\n", rule, what);
}

/* Rules that are tried on a text. */
struct trial {
	const struct ks_rules *rules;
	bool *matches; /* of each of them */
	bool only_own; /* built-in ones are not asked for */
};

static void tell(void *payload, const struct ks_explanation *explanation)
{
	struct trial *trial = payload;

	for (size_t i = 0; i < ks_rules_count(trial->rules); i++) {
		struct ks_rule_info info;

		ks_rules_info(trial->rules, i, &info);
		if (strcmp(info.id, explanation->rule) != 0)
			continue;
		if (trial->only_own && !info.is_user)
			return;
		trial->matches[i] = true;
	}
	ks_explanation_put(stdout, explanation);
	puts(explanation->is_secret ? "  => a secret" : "  => no secret");
}

/* Of a few of one's own it is worth to know which do not. */
static void tell_others(const struct trial *trial)
{
	for (size_t i = 0; i < ks_rules_count(trial->rules); i++) {
		struct ks_rule_info info;

		ks_rules_info(trial->rules, i, &info);
		if (info.is_user && !trial->matches[i])
			printf("%s (%s): matches nothing in this text\n",
				info.id, info.name);
	}
}

static int read_text(struct ks_buf *text, const char *path, struct ks_err *err)
{
	if (strcmp(path, "-") == 0)
		return ks_input_read(text, STDIN_FILENO, TEXT_MAX, NULL, err);
	return ks_buf_read_file_max(text, path, TEXT_MAX, err);
}

static int try_on(const struct ks_settings *settings, struct ks_err *err)
{
	struct trial trial = { .only_own = settings->operand_count > 0 };
	struct ks_rules *rules = NULL;
	struct ks_buf text = { 0 };
	int rc = read_text(&text, settings->text, err);

	if (rc == KS_OK)
		rc = ks_rules_load(&rules, settings->operands,
			settings->operand_count, err);
	if (rc == KS_OK) {
		trial.rules = rules;
		trial.matches = calloc(
			ks_rules_count(rules) + 1, sizeof(*trial.matches));
		rc = trial.matches ? ks_explain_line(rules, text.p, text.n, 0,
					     tell, &trial, err)
				   : ks_fail_nomem(err);
	}
	if (rc == KS_OK)
		tell_others(&trial);
	free(trial.matches);
	ks_rules_free(rules);
	ks_buf_release(&text);
	return rc;
}

int ks_cmd_rules_test(const struct ks_settings *settings)
{
	struct ks_check_counts counts;
	struct ks_err err = { 0 };

	if (ks_rules_check(settings->operands, settings->operand_count,
		    print_problem, NULL, &counts, &err) < 0) {
		ks_say("%s", err.message);
		return KS_EXIT_FAILED;
	}
	printf("%zu rules, %zu samples, %zu problems\n", counts.rules,
		counts.samples, counts.problems);
	if (settings->text && try_on(settings, &err) < 0) {
		ks_say("%s", err.message);
		return KS_EXIT_FAILED;
	}
	if (counts.untested)
		printf("%zu of the rules have no text that must match: nothing "
		       "says that they find what they are for\n",
			counts.untested);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		ks_say("cannot write to standard output");
		return KS_EXIT_FAILED;
	}
	return counts.problems ? KS_EXIT_FOUND : KS_EXIT_CLEAN;
}
