/* SPDX-License-Identifier: Apache-2.0 */
/* The way into an archive: "!/lib/a.zip!/config.yml". */
#ifndef KS_SCAN_WAY_H
#define KS_SCAN_WAY_H

#include "base/buf.h"

/*
 * Append "!/" and ${name} as a careful program would unpack it: at most 4096
 * bytes, without what leads out of the folder ("/", "..") and without ".".
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_way_enter(struct ks_buf *way, struct ks_span name);

/*
 * Append "!/" and what the file is called that is compressed in the last one
 * of ${path}: "log" in "old/log.gz". KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_way_peel(struct ks_buf *path);

#endif
