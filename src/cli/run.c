/* SPDX-License-Identifier: Apache-2.0 */
/* A scan from the settings to the exit status. */
#include "cli/run.h"

#include "cli/deliver.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/terminal.h"

#include <unistd.h>

/* What is built in, what --rules named, and what configurations add. */
static int load_rules(struct ks_rules **out, const struct ks_settings *settings,
	const struct ks_control *control, struct ks_err *err)
{
	struct ks_rules_options options = {
		.paths = settings->rules.list,
		.path_count = settings->rules.count,
	};

	ks_control_add_rules(control, &options);
	return ks_rules_load_with(out, &options, err);
}

static struct ks_scan_options scan_options(const struct ks_settings *settings,
	const struct ks_run *run, const struct ks_rules *rules,
	const struct ks_control *control, struct ks_progress_bar *bar)
{
	struct ks_scan_options options = {
		.rules = rules,
		.control = control,
		.list_suppressed =
			settings->show_suppressed || run->lists_suppressed,
		.engine = (enum ks_engine)settings->engine,
		.jobs = settings->jobs,
		.max_blob_size = settings->max_blob_size,
		.memory = settings->memory,
		.min_confidence = settings->min_confidence >= 0
					  ? settings->min_confidence
					  : KS_CONFIDENCE_DEFAULT,
		.only = settings->only.list,
		.only_count = settings->only.count,
		.skip = settings->skip.list,
		.skip_count = settings->skip.count,
		.connectivity = settings->connectivity,
		.show_secrets = settings->show_secrets,
		.progress = ks_progress_tell,
		.payload = bar,
		.cancel = ks_signals_cancel(),
	};

	ks_settings_unpack(settings, &options);
	return options;
}

static bool is_progress_shown(const struct ks_settings *settings)
{
	return !settings->quiet && !settings->no_progress &&
	       ks_terminal_is_able(STDERR_FILENO);
}

static int fail(const struct ks_err *err)
{
	ks_say("%s", err->message);
	return KS_EXIT_FAILED;
}

static enum ks_trust trust_of(
	const struct ks_settings *settings, const struct ks_run *run)
{
	if (settings->no_trust_repo_config)
		return KS_TRUST_NEVER;
	if (settings->trust_repo_config)
		return KS_TRUST_ALWAYS;
	return run->trusts_none ? KS_TRUST_NEVER : KS_TRUST_OWN;
}

static int load_control(struct ks_control **out,
	const struct ks_settings *settings, const struct ks_run *run,
	struct ks_err *err)
{
	struct ks_control_options options = {
		.trust = trust_of(settings, run),
		.config = settings->config,
		.baseline = run->has_no_baseline ? NULL : settings->baseline,
		.paths = run->paths,
		.path_count = run->path_count,
	};

	if (run->is_repository)
		options.repository = run->paths[0];
	return ks_control_load(out, &options, err);
}

static int work_with(const struct ks_settings *settings,
	const struct ks_run *run, const struct ks_rules *rules,
	const struct ks_control *control)
{
	struct ks_progress_bar bar;
	struct ks_scan_options options =
		scan_options(settings, run, rules, control, &bar);
	struct ks_err err = { 0 };
	int status;

	ks_progress_begin(&bar, is_progress_shown(settings) ? stderr : NULL,
		ks_terminal_width(STDERR_FILENO));
	status = run->work(settings, &options, run->payload, &err);
	ks_progress_end(&bar);
	return err.code ? fail(&err) : status;
}

static int scan_with(const struct ks_settings *settings,
	const struct ks_run *run, const struct ks_rules *rules,
	const struct ks_control *control)
{
	struct ks_progress_bar bar;
	struct ks_scan_options options =
		scan_options(settings, run, rules, control, &bar);
	struct ks_result *result = NULL;
	struct ks_err err = { 0 };
	int status;
	int rc;

	ks_progress_begin(&bar, is_progress_shown(settings) ? stderr : NULL,
		ks_terminal_width(STDERR_FILENO));
	rc = run->scan(&result, run->paths, run->path_count, &options, &err);
	ks_progress_end(&bar);
	if (*ks_signals_cancel())
		ks_fail(&err, KS_E_INTERRUPTED,
			"interrupted: nothing is reported");
	else if (rc == KS_OK)
		err.code = KS_OK;
	if (err.code)
		status = fail(&err);
	else if (run->deliver)
		status = run->deliver(settings, result, run->payload);
	else
		status = ks_deliver(settings, result, rules);
	ks_result_free(result);
	return status;
}

int ks_run_audit(struct ks_result **out, const char *const *paths, size_t count,
	const struct ks_scan_options *options, struct ks_err *err)
{
	(void)count;
	return ks_scan_repository(out, paths[0], options, err);
}

int ks_run(const struct ks_settings *settings, const struct ks_run *run)
{
	struct ks_control *control = NULL;
	struct ks_rules *rules = NULL;
	struct ks_err err = { 0 };
	int status;

	if (ks_output_check(settings->output, &err) < 0)
		return fail(&err);
	ks_signals_catch();
	if (load_control(&control, settings, run, &err) < 0 ||
		load_rules(&rules, settings, control, &err) < 0)
		status = fail(&err);
	else if (run->work)
		status = work_with(settings, run, rules, control);
	else
		status = scan_with(settings, run, rules, control);
	ks_rules_free(rules);
	ks_control_free(control);
	return status;
}
