/* SPDX-License-Identifier: Apache-2.0 */
/* Telling how far the scan of many repositories is. */
#ifndef KS_CLI_WATCH_H
#define KS_CLI_WATCH_H

#include "cli/progress.h"

#include <keysieve/org.h>

/* For struct ks_org_wish, and the scans that it lets run. */
struct ks_watch {
	struct ks_progress_bar *bar;
	uint64_t total; /* repositories; 0: not known */
	uint64_t left;
	bool as_json; /* a JSON object a line for each, on standard error */
	bool as_text; /* a line for each that was not as it was */
};

/* An event: tell of it as the watch ${payload} says. */
void ks_watch_event(const struct ks_org_event *event, void *payload);

/* How far one of them is: draws how far all are. */
void ks_watch_progress(const struct ks_progress *progress, void *payload);

/* What a scan did, as JSON if that is asked for. */
void ks_watch_end(const struct ks_watch *watch,
	const struct ks_org_tally *tally, size_t news);

#endif
