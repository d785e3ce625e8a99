/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve audit: a repository, all of it. */
#include "cli/command.h"
#include "cli/run.h"

int ks_cmd_audit(const struct ks_settings *settings)
{
	static const char *const here[] = { "." };
	struct ks_run run = {
		.scan = ks_run_audit,
		.paths = settings->operand_count ? settings->operands : here,
		.path_count = 1,
		.is_repository = true,
	};

	return ks_run(settings, &run);
}
