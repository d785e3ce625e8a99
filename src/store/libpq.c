/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libpq. */
#include "store/libpq.h"

#include "base/library.h"

/* Written once, before anything reads it. */
static struct ks_libpq functions;

#define X(name) { "PQ" #name, &functions.f_##name },
static const struct ks_symbol list[] = { KS_LIBPQ_FUNCTIONS(X) };
#undef X

/* Its interface has been the same since version 8. */
static struct ks_library library = {
	.name = "libpq.so.5",
	.list = list,
	.count = sizeof(list) / sizeof(*list),
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct ks_libpq *ks_libpq(struct ks_err *err)
{
	return ks_library_need(&library, err) == KS_OK ? &functions : NULL;
}
