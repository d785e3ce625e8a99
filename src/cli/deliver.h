/* SPDX-License-Identifier: Apache-2.0 */
/* Telling the result: the report, then what standard error is to know. */
#ifndef KS_CLI_DELIVER_H
#define KS_CLI_DELIVER_H

#include "cli/settings.h"

#include <keysieve/finding.h>
#include <keysieve/rules.h>

/*
 * Write the report of ${result}, found with ${rules}, where ${settings} say.
 * What was left out is said on standard error besides, in every format and
 * with --quiet too: no script may take an incomplete scan for a clean one.
 * Returns the exit status.
 */
int ks_deliver(const struct ks_settings *settings,
	const struct ks_result *result, const struct ks_rules *rules);

/*
 * Write the report only. No message in ${err}, but an error: whoever was to
 * read it closed the pipe. KS_E_IO, KS_E_NOMEM, KS_E_INTERRUPTED.
 */
KS_MUST_CHECK int ks_deliver_report(const struct ks_settings *settings,
	const struct ks_result *result, const struct ks_rules *rules,
	struct ks_err *err);

#endif
