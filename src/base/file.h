/* SPDX-License-Identifier: Apache-2.0 */
/* Opening files of which nothing is known yet, and making them. */
#ifndef KS_BASE_FILE_H
#define KS_BASE_FILE_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

/*
 * Open the regular file ${path} for reading, symlinks followed; its bytes are
 * ${size}. What is not regular is not even opened: a FIFO would wait for a
 * writer, a device may do things. KS_E_NOTFOUND if it does not exist, KS_E_IO.
 */
KS_MUST_CHECK int ks_file_open(
	int *fd, uint64_t *size, const char *path, struct ks_err *err);

/*
 * Make ${bytes} what the file ${path} holds, with the permissions ${mode}:
 * all of it or, after an error or a crash, nothing of it. Who reads ${path}
 * meanwhile sees the old file or the new one. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_file_replace(const char *path, struct ks_span bytes,
	unsigned mode, struct ks_err *err);

/*
 * Make the file ${path}, with the permissions ${mode} but what umask takes, of
 * ${bytes}: all of it or, after an error, nothing. KS_E_IO: also if there is
 * one.
 */
KS_MUST_CHECK int ks_file_make(const char *path, struct ks_span bytes,
	unsigned mode, struct ks_err *err);

/*
 * Make ${path} and the folders above it; those that are there stay. Modes
 * are for us alone. KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_file_make_folders(const char *path, struct ks_err *err);

#endif
