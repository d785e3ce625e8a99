/* SPDX-License-Identifier: Apache-2.0 */
/* How repositories of organisations are to be scanned, from the settings. */
#ifndef KS_CLI_WISH_H
#define KS_CLI_WISH_H

#include "cli/settings.h"
#include "cli/watch.h"

/* What ${settings} say; ${scan} and ${watch}, told of it, are borrowed. */
struct ks_org_wish ks_wish_of(const struct ks_settings *settings,
	const struct ks_scan_options *scan, struct ks_watch *watch);

#endif
