/* SPDX-License-Identifier: Apache-2.0 */
/* Letting a push or a commit pass, or not. */
#include "cli/gate.h"

#include "cli/exit.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Whoever is stopped for nothing turns the hook off: above this, of a hundred
 * findings all but two or fewer are secrets.
 */
static const double hook_confidence = 0.8;

/* Seconds after which even a clean scan says what took so long. */
static const double patience = 1;

enum {
	SKIPS_NAMED = 5
};

static const char *what_of(const struct ks_gate *gate)
{
	switch (gate->kind) {
	case KS_STOP_COMMIT:
		return "the commit";
	case KS_STOP_WRITE:
		return "what is to be written";
	default:
		return "the push";
	}
}

static const char *way_on(const struct ks_gate *gate)
{
	switch (gate->kind) {
	case KS_STOP_COMMIT:
		return "to commit all the same: git commit --no-verify";
	case KS_STOP_PUSH:
		return "to push all the same: git push --no-verify";
	case KS_STOP_WRITE:
		return "keysieve scan says more";
	default:
		return "ask whoever runs this server";
	}
}

/* Why the scan came to no end, in ${err}'s words or those of the time. */
static int fail(const struct ks_settings *settings, const struct ks_gate *gate,
	const char *message)
{
	if (settings->on_error == KS_ON_ERROR_PASS) {
		ks_say("%s passes unscanned (--on-error pass): %s",
			what_of(gate), message);
		return KS_EXIT_CLEAN;
	}
	ks_say("%s is stopped, it could not be scanned: %s", what_of(gate),
		message);
	ks_say("%s", way_on(gate));
	return KS_EXIT_FAILED;
}

int ks_gate_fail(const struct ks_settings *settings, const struct ks_gate *gate,
	const struct ks_err *err)
{
	char late[128];

	if (ks_signals_is_late()) {
		snprintf(late, sizeof(late),
			"it took longer than the %u s of --time-limit",
			settings->time_limit);
		return fail(settings, gate, late);
	}
	if (*ks_signals_cancel()) {
		ks_say("interrupted: %s is stopped", what_of(gate));
		return KS_EXIT_FAILED;
	}
	return fail(settings, gate, err->message);
}

static int tell_findings(const struct ks_settings *settings,
	const struct ks_gate *gate, const struct ks_result *result)
{
	struct ks_stop_options options = {
		.what = gate->kind,
		.remote = gate->remote,
		.updates = gate->updates,
		.update_count = gate->update_count,
		.distrusts = settings->no_trust_repo_config,
		.colour = ks_terminal_is_coloured(
			settings->colour, STDERR_FILENO),
		.width = ks_terminal_width(STDERR_FILENO),
	};
	struct ks_err err = { 0 };

	/* Whatever becomes of the words, it is stopped. */
	if (ks_report_stop(stderr, result, &options, &err) < 0)
		ks_say("%s", err.message);
	return KS_EXIT_FOUND;
}

static int tell_incomplete(const struct ks_settings *settings,
	const struct ks_gate *gate, const struct ks_result *result)
{
	bool passes = settings->on_error == KS_ON_ERROR_PASS;
	size_t named = 0;

	ks_say("%s %s: not all of it could be scanned", what_of(gate),
		passes ? "passes (--on-error pass)" : "is stopped");
	for (size_t i = 0; i < result->skip_count; i++) {
		const struct ks_skip *skip = &result->skips[i];

		if (ks_skip_is_incomplete(skip->reason) &&
			++named <= SKIPS_NAMED)
			ks_say("%s: %s%s%s", ks_skip_reason_name(skip->reason),
				skip->what, skip->detail[0] ? ": " : "",
				skip->detail);
	}
	if (named > SKIPS_NAMED)
		ks_say("and %zu more", named - SKIPS_NAMED);
	if (passes)
		return KS_EXIT_CLEAN;
	ks_say("%s", way_on(gate));
	return KS_EXIT_INCOMPLETE;
}

static int judge(const struct ks_settings *settings, const struct ks_gate *gate,
	const struct ks_result *result)
{
	const struct ks_coverage *coverage = &result->coverage;

	if (gate->tell && result->finding_count)
		return gate->tell(result);
	if (result->finding_count)
		return tell_findings(settings, gate, result);
	if (!result->is_complete)
		return tell_incomplete(settings, gate, result);
	if (coverage->seconds > patience && !settings->quiet)
		ks_say("no secrets in %" PRIu64 " commits and %" PRIu64
		       " blobs, %.1f s",
			coverage->commits, coverage->blobs, coverage->seconds);
	return KS_EXIT_CLEAN;
}

static struct ks_scan_options options_of(const struct ks_settings *settings,
	const struct ks_rules *rules, const struct ks_control *control)
{
	struct ks_scan_options options = {
		.rules = rules,
		.control = control,
		.jobs = settings->jobs,
		.max_blob_size = settings->max_blob_size,
		.min_confidence = settings->min_confidence >= 0
					  ? settings->min_confidence
					  : hook_confidence,
		.only = settings->only.list,
		.only_count = settings->only.count,
		.skip = settings->skip.list,
		.skip_count = settings->skip.count,
		.cancel = ks_signals_cancel(),
	};

	ks_settings_unpack(settings, &options);
	return options;
}

/*
 * What is pushed or committed is one's own: it may say what may stand. Git
 * calls these hooks at the top of the work tree.
 */
static int load_control(struct ks_control **out,
	const struct ks_settings *settings, const struct ks_gate *gate,
	struct ks_err *err)
{
	static const char *const here[] = { "." };
	struct ks_control_options options = {
		.trust = settings->no_trust_repo_config ? KS_TRUST_NEVER
							: KS_TRUST_ALWAYS,
		.config = settings->config,
		.baseline = settings->baseline,
		.paths = here,
		.path_count = gate->kind == KS_STOP_PUSH ||
			      gate->kind == KS_STOP_COMMIT,
	};

	return ks_control_load(out, &options, err);
}

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

void ks_gate_begin(const struct ks_settings *settings)
{
	ks_signals_catch();
	ks_signals_limit(settings->time_limit);
}

int ks_gate_run(const struct ks_settings *settings, const struct ks_gate *gate)
{
	struct ks_control *control = NULL;
	struct ks_rules *rules = NULL;
	struct ks_result *result = NULL;
	struct ks_scan_options options;
	struct ks_err err = { 0 };
	int status;
	int rc;

	rc = load_control(&control, settings, gate, &err);
	if (rc == KS_OK)
		rc = load_rules(&rules, settings, control, &err);
	options = options_of(settings, rules, control);
	if (rc == KS_OK)
		rc = gate->scan(gate->payload, &result, &options, &err);
	if (rc < 0 || *ks_signals_cancel())
		status = ks_gate_fail(settings, gate, &err);
	else
		status = judge(settings, gate, result);
	ks_result_free(result);
	ks_rules_free(rules);
	ks_control_free(control);
	return status;
}
