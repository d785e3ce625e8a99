/* SPDX-License-Identifier: Apache-2.0 */
/* Starting libgit2, out of reach of the machine's and the user's settings. */
#ifndef KS_SOURCE_LIBGIT2_H
#define KS_SOURCE_LIBGIT2_H

#include "base/err.h"

/* May be called again: each call needs a ks_libgit2_stop(). KS_E_NOMEM. */
KS_MUST_CHECK int ks_libgit2_start(struct ks_err *err);

void ks_libgit2_stop(void);

#endif
