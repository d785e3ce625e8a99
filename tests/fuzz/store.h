/* SPDX-License-Identifier: Apache-2.0 */
/* A hostile pack written down, then read by all that reads packs. */
#ifndef TESTS_FUZZ_STORE_H
#define TESTS_FUZZ_STORE_H

#include "lib/packs.h"

/*
 * Write ${pack} as the only one of an objects folder, walk it and read each
 * of its objects by its id. Every object has to be visited or declined, just
 * once; what both ways read has to be the same. ${pack} is released.
 */
void fuzz_store_check(struct test_pack *pack, int idx_version);

#endif
