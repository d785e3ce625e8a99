/* SPDX-License-Identifier: Apache-2.0 */
/* Opening files of which nothing is known yet. */
#ifndef KS_BASE_FILE_H
#define KS_BASE_FILE_H

#include "base/err.h"

#include <stdint.h>

/*
 * Open the regular file ${path} for reading, symlinks followed; its bytes are
 * ${size}. What is not regular is not even opened: a FIFO would wait for a
 * writer, a device may do things. KS_E_NOTFOUND if it does not exist, KS_E_IO.
 */
KS_MUST_CHECK int ks_file_open(
	int *fd, uint64_t *size, const char *path, struct ks_err *err);

#endif
