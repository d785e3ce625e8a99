/* SPDX-License-Identifier: Apache-2.0 */
/* All that says what may stand, in one place. */
#ifndef KS_CONTROL_CONTROL_H
#define KS_CONTROL_CONTROL_H

#include "control/baseline.h"
#include "control/config.h"

#include <keysieve/control.h>

enum {
	KS_CONTROL_MAX_BYTES = 8 << 20 /* of a configuration */
};

struct ks_control {
	struct ks_arena arena; /* holds all strings */
	struct ks_config config;
	bool needs_lines;   /* an entry is about lines */
	bool needs_commits; /* or about commits */
	bool heeds_markers; /* those beside secrets */
	/* The configuration that is not heeded, as told; "": none. */
	const char *config_ignored;
	const char *folder; /* paths of files are told from here; or "" */
	struct ks_baseline *baseline; /* sorted; NULL: none */
	const char *baseline_path;
	char today[11]; /* YYYY-MM-DD */
};

#endif
