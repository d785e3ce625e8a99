/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve rules import: what other tools were told, as a configuration. */
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/say.h"

#include <keysieve/import.h>

static void say_note(void *payload, const char *about, const char *what)
{
	(void)payload;
	ks_say("%s: %s", about, what);
}

static int import_to(const struct ks_settings *settings,
	const struct ks_rules *rules, struct ks_import_counts *counts,
	struct ks_err *err)
{
	struct ks_output output;
	int rc = ks_output_open(&output, settings->output, err);

	if (rc < 0)
		return rc;
	rc = ks_import_file(output.file, settings->operands[0], rules, say_note,
		NULL, counts, err);
	if (rc < 0) {
		ks_output_abandon(&output);
		return rc;
	}
	return ks_output_finish(&output, err);
}

int ks_cmd_rules_import(const struct ks_settings *settings)
{
	struct ks_import_counts counts = { 0, 0, 0 };
	struct ks_rules *rules = NULL;
	struct ks_err err = { 0 };
	int rc = ks_rules_load(&rules, NULL, 0, &err);

	if (rc == KS_OK)
		rc = import_to(settings, rules, &counts, &err);
	ks_rules_free(rules);
	if (rc < 0) {
		ks_say("%s", err.message);
		return KS_EXIT_FAILED;
	}
	if (!settings->quiet)
		ks_say("%zu rules and %zu entries of what may stand; %zu not "
		       "carried over",
			counts.rules, counts.entries, counts.lost);
	return KS_EXIT_CLEAN;
}
