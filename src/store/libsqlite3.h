/* SPDX-License-Identifier: Apache-2.0 */
/* Loading SQLite. */
#ifndef KS_STORE_LIBSQLITE3_H
#define KS_STORE_LIBSQLITE3_H

#include "base/err.h"

#include <sqlite3.h>

/*
 * The functions of SQLite that are used, without their "sqlite3_". Only
 * commands with a store need it: it is loaded when the first one is opened.
 */
#define KS_LIBSQLITE3_FUNCTIONS(X)                                             \
	X(bind_double)                                                         \
	X(bind_int64)                                                          \
	X(bind_text)                                                           \
	X(busy_timeout)                                                        \
	X(close)                                                               \
	X(column_double)                                                       \
	X(column_int64)                                                        \
	X(column_text)                                                         \
	X(errmsg)                                                              \
	X(finalize)                                                            \
	X(open_v2)                                                             \
	X(prepare_v2)                                                          \
	X(step)

struct ks_libsqlite3 {
#define X(name) __typeof__(sqlite3_##name) *f_##name;
	KS_LIBSQLITE3_FUNCTIONS(X)
#undef X
};

/*
 * The functions, loaded at the first call; thread-safe. NULL where SQLite
 * cannot be loaded: KS_E_UNSUPPORTED in ${err}.
 */
const struct ks_libsqlite3 *ks_libsqlite3(struct ks_err *err);

#endif
