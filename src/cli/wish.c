/* SPDX-License-Identifier: Apache-2.0 */
/* How repositories of organisations are to be scanned, from the settings. */
#include "cli/wish.h"

#include <stdlib.h>

struct ks_org_wish ks_wish_of(const struct ks_settings *settings,
	const struct ks_scan_options *scan, struct ks_watch *watch)
{
	return (struct ks_org_wish){
		.scan = scan,
		.config = settings->config,
		.baseline = settings->baseline,
		.mirrors = settings->mirrors,
		.mirrors_max = settings->mirrors_max,
		.secrets_to = settings->secrets_to,
		.credentials = settings->credentials
				       ? settings->credentials
				       : getenv("KEYSIEVE_CREDENTIALS"),
		.new_rules = settings->new_rules,
		.event = ks_watch_event,
		.event_payload = watch,
	};
}
