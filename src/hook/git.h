/* SPDX-License-Identifier: Apache-2.0 */
/* Asking git itself: it knows best where its hooks are. */
#ifndef KS_HOOK_GIT_H
#define KS_HOOK_GIT_H

#include "base/buf.h"

/*
 * Run git with ${words}, which end with NULL; what it says on standard
 * output, without the newline at its end, goes to ${out} (emptied first, a
 * NUL behind it), its exit status to ${status}. What it says on standard
 * error is lost. KS_E_NOTFOUND, KS_E_IO: git cannot be run; KS_E_LIMIT,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_git_ask(struct ks_buf *out, const char *const *words,
	int *status, struct ks_err *err);

#endif
