/* SPDX-License-Identifier: Apache-2.0 */
/* Loading SQLite. */
#include "store/libsqlite3.h"

#include "base/library.h"

/* Written once, before anything reads it. */
static struct ks_libsqlite3 functions;

#define X(name) { "sqlite3_" #name, &functions.f_##name },
static const struct ks_symbol list[] = { KS_LIBSQLITE3_FUNCTIONS(X) };
#undef X

/* Its interface has been the same since version 3. */
static struct ks_library library = {
	.name = "libsqlite3.so.0",
	.list = list,
	.count = sizeof(list) / sizeof(*list),
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct ks_libsqlite3 *ks_libsqlite3(struct ks_err *err)
{
	return ks_library_need(&library, err) == KS_OK ? &functions : NULL;
}
