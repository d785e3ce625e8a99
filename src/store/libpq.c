/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libpq. */
#include "store/libpq.h"

#include "base/library.h"

#include <pthread.h>

/* Its interface has been the same since version 8. */
static const char library[] = "libpq.so.5";

/* Written once, before anything reads it. */
static struct ks_libpq functions;
static pthread_once_t is_loaded = PTHREAD_ONCE_INIT;
static const char *missing;

static void load(void)
{
#define X(name) { "PQ" #name, &functions.f_##name },
	static const struct ks_symbol list[] = { KS_LIBPQ_FUNCTIONS(X) };
#undef X

	missing = ks_library_load(library, list, sizeof(list) / sizeof(*list));
}

const struct ks_libpq *ks_libpq(struct ks_err *err)
{
	pthread_once(&is_loaded, load);
	if (!missing)
		return &functions;
	ks_fail(err, KS_E_UNSUPPORTED,
		"'%s' cannot be loaded: it has to be installed", missing);
	return NULL;
}
