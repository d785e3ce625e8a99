/* SPDX-License-Identifier: Apache-2.0 */
/* Letting a push or a commit pass, or not. */
#ifndef KS_CLI_GATE_H
#define KS_CLI_GATE_H

#include "base/err.h"
#include "cli/settings.h"

#include <keysieve/report.h>
#include <keysieve/scan.h>

/* What is to pass. */
struct ks_gate {
	enum ks_stop kind;
	int (*scan)(void *payload, struct ks_result **out,
		const struct ks_scan_options *options, struct ks_err *err);
	void *payload;
	/* Say what was found, return the status; NULL: ks_report_stop(). */
	int (*tell)(const struct ks_result *result);
	const char *remote; /* PUSH; else NULL */
	/* PUSH, RECEIVE. */
	const struct ks_ref_update *updates;
	size_t update_count;
};

/* From now on --time-limit runs, and being told to stop is heeded. */
void ks_gate_begin(const struct ks_settings *settings);

/*
 * Scan, and say on standard error what stops it, if anything does. Returns
 * the exit status: with any but 0 git stops. Where it cannot be done, or not
 * in time, --on-error decides.
 */
int ks_gate_run(const struct ks_settings *settings, const struct ks_gate *gate);

/* The exit status of a gate that failed for ${err}, which is said. */
int ks_gate_fail(const struct ks_settings *settings, const struct ks_gate *gate,
	const struct ks_err *err);

#endif
