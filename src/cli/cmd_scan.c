/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve scan: files, folders, standard input. */
#include "cli/agent.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/run.h"
#include "cli/say.h"

#include <string.h>

int ks_cmd_scan(const struct ks_settings *settings)
{
	struct ks_run run = {
		.scan = ks_scan_paths,
		.paths = settings->operands,
		.path_count = settings->operand_count,
	};

	if (!settings->is_agent)
		return ks_run(settings, &run);
	if (run.path_count == 1 && strcmp(run.paths[0], "-") == 0)
		return ks_agent_run(settings);
	ks_say("--agent reads standard input: keysieve scan --agent -");
	return KS_EXIT_FAILED;
}
