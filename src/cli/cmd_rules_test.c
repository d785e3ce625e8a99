/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve rules test: rules against their own samples. */
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/say.h"

#include <keysieve/check.h>
#include <stdio.h>

static void print_problem(void *payload, const char *rule, const char *what)
{
	(void)payload;
	printf("%s: %s\n", rule, what);
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
