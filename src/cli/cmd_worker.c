/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve worker: do what scans of organisations want done. */
#include "cli/command.h"
#include "cli/exit.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/watch.h"
#include "cli/wish.h"

static int work(const struct ks_settings *settings,
	const struct ks_scan_options *options, void *payload,
	struct ks_err *err)
{
	struct ks_scan_options quiet = *options;
	struct ks_watch watch = { .as_json = settings->events,
		.as_text = !settings->quiet && !settings->events };
	struct ks_org_store store = { .place = settings->store,
		.key = settings->store_key };
	struct ks_org_wish wish = ks_wish_of(settings, &quiet, &watch);
	int patience = settings->wait   ? (int)settings->wait
		       : settings->once ? 0
					: -1;

	(void)payload;
	quiet.progress = NULL;
	if (ks_org_work(&store, patience, &wish, err) < 0)
		return KS_EXIT_FAILED;
	if (*ks_signals_cancel() && !settings->quiet)
		ks_say("stopped: what it was at is left to others");
	return KS_EXIT_CLEAN;
}

int ks_cmd_worker(const struct ks_settings *settings)
{
	struct ks_run run = { .work = work, .trusts_none = true };

	return ks_run(settings, &run);
}
