/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve audit: a repository, all of it or a range of its history. */
#include "base/buf.h"
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/run.h"
#include "cli/say.h"

#include <string.h>

static int scan_repository(struct ks_result **out, const char *const *paths,
	size_t count, const struct ks_scan_options *options, struct ks_err *err)
{
	(void)count;
	return ks_scan_repository(out, paths[0], options, err);
}

/* Behind the path stand the ends of the range. */
static int scan_range(struct ks_result **out, const char *const *paths,
	size_t count, const struct ks_scan_options *options, struct ks_err *err)
{
	return ks_scan_range(
		out, paths[0], paths[count], paths[count + 1], options, err);
}

/* "A..B": either may be left out and is HEAD then, as in git. */
static int split_range(struct ks_arena *arena, const char *range,
	const char **from, const char **to, struct ks_err *err)
{
	const char *dots = strstr(range, "..");

	if (!dots || dots[2] == '.')
		return ks_fail(err, KS_E_USAGE,
			"'%s' is no range: it is A..B, what B has and A has "
			"not",
			range);
	*from = "HEAD";
	*to = dots[2] ? dots + 2 : "HEAD";
	if (dots > range)
		*from = ks_arena_copy(
			arena, ks_span_of(range, (size_t)(dots - range)));
	return *from ? KS_OK : ks_fail_nomem(err);
}

int ks_cmd_audit(const struct ks_settings *settings)
{
	const char *paths[] = { settings->operand_count ? settings->operands[0]
							: ".",
		settings->since, "HEAD" };
	struct ks_arena arena = { NULL };
	struct ks_run run = {
		.scan = settings->since || settings->range ? scan_range
							   : scan_repository,
		.paths = paths,
		.path_count = 1,
		.is_repository = true,
	};
	struct ks_err err = { 0 };
	int status = KS_EXIT_FAILED;
	int rc = KS_OK;

	if (settings->since && settings->range)
		rc = ks_fail(&err, KS_E_USAGE,
			"--since and --range cannot be used together");
	else if (settings->range)
		rc = split_range(
			&arena, settings->range, &paths[1], &paths[2], &err);
	if (rc < 0)
		ks_say("%s", err.message);
	else
		status = ks_run(settings, &run);
	ks_arena_release(&arena);
	return status;
}
