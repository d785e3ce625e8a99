/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve scan: files, folders, standard input. */
#include "cli/command.h"
#include "cli/run.h"

int ks_cmd_scan(const struct ks_settings *settings)
{
	return ks_run(settings, ks_scan_paths, settings->operands,
		settings->operand_count);
}
