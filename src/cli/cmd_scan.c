/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve scan: files, folders, standard input. */
#include "cli/command.h"
#include "cli/run.h"

int ks_cmd_scan(const struct ks_settings *settings)
{
	struct ks_run run = {
		.scan = ks_scan_paths,
		.paths = settings->operands,
		.path_count = settings->operand_count,
	};

	return ks_run(settings, &run);
}
