/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve audit: a repository, all of it. */
#include "cli/command.h"
#include "cli/run.h"

static int scan_repository(struct ks_result **out, const char *const *paths,
	size_t count, const struct ks_scan_options *options, struct ks_err *err)
{
	(void)count;
	return ks_scan_repository(out, paths[0], options, err);
}

int ks_cmd_audit(const struct ks_settings *settings)
{
	static const char *const here[] = { "." };
	struct ks_run run = {
		.scan = scan_repository,
		.paths = settings->operand_count ? settings->operands : here,
		.path_count = 1,
		.is_repository = true,
	};

	return ks_run(settings, &run);
}
