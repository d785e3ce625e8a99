/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve report: what a scan found, told again in any format. */
#include "cli/command.h"
#include "cli/deliver.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/say.h"

#include <keysieve/report.h>

int ks_cmd_report(const struct ks_settings *settings)
{
	struct ks_result *result = NULL;
	struct ks_rules *rules = NULL;
	struct ks_err err = { 0 };
	int rc = ks_output_check(settings->output, &err);

	if (rc == KS_OK)
		rc = ks_rules_load(&rules, settings->rules.list,
			settings->rules.count, &err);
	if (rc == KS_OK)
		rc = ks_report_load(&result, settings->operands[0],
			settings->show_secrets, &err);
	if (rc == KS_OK)
		rc = ks_deliver_report(settings, result, rules, &err);
	ks_report_unload(result);
	ks_rules_free(rules);
	if (rc == KS_OK)
		return KS_EXIT_CLEAN;
	if (err.message[0])
		ks_say("%s", err.message);
	return KS_EXIT_FAILED;
}
