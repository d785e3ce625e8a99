/* SPDX-License-Identifier: Apache-2.0 */
/* Loading and starting libgit2. */
#ifndef KS_SOURCE_LIBGIT2_H
#define KS_SOURCE_LIBGIT2_H

#include "base/err.h"

#include <git2.h>

/*
 * The functions of libgit2 that are used, without their "git_". It brings
 * twelve libraries with it, for networks and cryptography, and loading them
 * takes longer than a hook may run that needs none. So it is not linked but
 * loaded when it is started: by the reference engine, and where an object is
 * damaged and its copies are to be told by their ids.
 */
#define KS_LIBGIT2_FUNCTIONS(X)                                                \
	X(error_last)                                                          \
	X(libgit2_init)                                                        \
	X(libgit2_opts)                                                        \
	X(libgit2_shutdown)                                                    \
	X(odb_add_disk_alternate)                                              \
	X(odb_foreach)                                                         \
	X(odb_free)                                                            \
	X(odb_hash)                                                            \
	X(odb_new)                                                             \
	X(odb_object_data)                                                     \
	X(odb_object_free)                                                     \
	X(odb_object_size)                                                     \
	X(odb_object_type)                                                     \
	X(odb_read)                                                            \
	X(odb_read_header)

struct ks_libgit2 {
#define X(name) __typeof__(git_##name) *name;
	KS_LIBGIT2_FUNCTIONS(X)
#undef X
};

/* The functions, once ks_libgit2_start() has succeeded. Static. */
const struct ks_libgit2 *ks_libgit2(void);

/* May be called again: each call needs a ks_libgit2_stop(). KS_E_UNSUPPORTED:
 * it is not there. KS_E_NOMEM. */
KS_MUST_CHECK int ks_libgit2_start(struct ks_err *err);

void ks_libgit2_stop(void);

#endif
