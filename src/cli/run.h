/* SPDX-License-Identifier: Apache-2.0 */
/* A scan from the settings to the exit status. */
#ifndef KS_CLI_RUN_H
#define KS_CLI_RUN_H

#include "cli/settings.h"

#include <keysieve/scan.h>

/* ks_scan_paths(), or the like of it. */
typedef int ks_run_scan(struct ks_result **out, const char *const *paths,
	size_t count, const struct ks_scan_options *options,
	struct ks_err *err);

/* What to scan. */
struct ks_run {
	ks_run_scan *scan;
	const char *const *paths;
	size_t path_count;
	bool is_repository;   /* paths[0] is one */
	bool has_no_baseline; /* --baseline is for something else */
	bool lists_suppressed;
	/* Tells the result; returns the exit status. NULL: ks_deliver(). */
	int (*deliver)(const struct ks_settings *settings,
		const struct ks_result *result, void *payload);
	/* Instead of scan and deliver: does all. Returns the exit status. */
	int (*work)(const struct ks_settings *settings,
		const struct ks_scan_options *options, void *payload,
		struct ks_err *err);
	bool trusts_none; /* unless it is asked for */
	void *payload;
};

/* ks_scan_repository() as one. */
ks_run_scan ks_run_audit;

/*
 * Load the rules and what may stand, let run->scan scan, and report as
 * ${settings} say; all that can go wrong is said. Returns the exit status.
 */
int ks_run(const struct ks_settings *settings, const struct ks_run *run);

#endif
