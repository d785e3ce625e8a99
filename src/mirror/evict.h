/* SPDX-License-Identifier: Apache-2.0 */
/* Which mirrors are in use, and removing those that are not. */
#ifndef KS_MIRROR_EVICT_H
#define KS_MIRROR_EVICT_H

#include "base/err.h"

#include <stdint.h>

/*
 * Say that ${store}, a mirror or a network's store, is used from now until
 * ${fd} is closed, however many do so. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_evict_hold(int *fd, const char *store, struct ks_err *err);

/*
 * Remove mirrors and networks' stores below ${folder} that nobody uses or
 * updates, the one used longest ago first, until ${wanted} bytes are free.
 * What cannot be removed is passed over. Returns how many bytes are.
 */
uint64_t ks_evict(const char *folder, uint64_t wanted);

#endif
