/* SPDX-License-Identifier: Apache-2.0 */
/* Putting hooks in their place, and taking them away. */
#ifndef KS_HOOK_INSTALL_H
#define KS_HOOK_INSTALL_H

#include "base/err.h"
#include "base/span.h"

/*
 * Write ${text} as the executable file ${path}, whole or not at all. KS_E_IO,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_install_file(
	const char *path, struct ks_span text, struct ks_err *err);

#endif
