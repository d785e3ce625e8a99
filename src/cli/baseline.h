/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands about baselines have in common. */
#ifndef KS_CLI_BASELINE_H
#define KS_CLI_BASELINE_H

#include "cli/settings.h"

#include <keysieve/baseline.h>
#include <keysieve/finding.h>

/* All findings of a run, reported or not, and the old list. */
struct ks_baseline_found {
	struct ks_baseline *old;        /* as read; NULL: none */
	struct ks_baseline *found;      /* a line for each finding */
	const struct ks_result *result; /* NULL: they are of --from */
};

/*
 * Read the baseline ${path} (NULL: none), find what there is in ${repo}
 * (NULL: '.') or in the report of --from, as ${settings} say, with what may
 * stand if ${with_suppressed}, and let ${then} go on. All that goes wrong is
 * said. Returns the exit status.
 */
int ks_baseline_with_found(const struct ks_settings *settings, const char *path,
	const char *repo, bool with_suppressed,
	int (*then)(const struct ks_settings *settings,
		struct ks_baseline_found *found));

/* Write ${baseline} to ${path}; what goes wrong is said, and negative. */
int ks_baseline_put(const char *path, struct ks_baseline *baseline);

#endif
