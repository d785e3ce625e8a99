/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve audit: a repository, all of it. */
#include "cli/command.h"
#include "cli/run.h"

static int scan_repository(struct ks_result **out, const char *const *paths,
	size_t count, const struct ks_scan_options *options, struct ks_err *err)
{
	return ks_scan_repository(out, count ? paths[0] : ".", options, err);
}

int ks_cmd_audit(const struct ks_settings *settings)
{
	return ks_run(settings, scan_repository, settings->operands,
		settings->operand_count);
}
