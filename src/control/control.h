/* SPDX-License-Identifier: Apache-2.0 */
/* All that says what may stand, in one place. */
#ifndef KS_CONTROL_CONTROL_H
#define KS_CONTROL_CONTROL_H

#include "base/arena.h"
#include "base/err.h"

#include <keysieve/control.h>

struct ks_control {
	struct ks_arena arena; /* holds all strings */
	bool heeds_markers;    /* those beside secrets */
};

#endif
