/* SPDX-License-Identifier: Apache-2.0 */
/* Which credentials open an account of a cloud: these are rotated first. */
#ifndef KS_REPORT_CLOUD_H
#define KS_REPORT_CLOUD_H

#include <stdbool.h>

/* Does the rule ${id} find what opens an account of a cloud? */
bool ks_cloud_has_rule(const char *id);

#endif
