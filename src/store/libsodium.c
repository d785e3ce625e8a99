/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libsodium. */
#include "store/libsodium.h"

#include "base/library.h"

#include <pthread.h>

static const char library[] = "libsodium.so.23";

/* Written once, before anything reads it. */
static struct ks_libsodium functions;
static pthread_once_t is_loaded = PTHREAD_ONCE_INIT;
static const char *missing;

static void load(void)
{
#define X(name) { #name, &functions.f_##name },
	static const struct ks_symbol list[] = { KS_LIBSODIUM_FUNCTIONS(X) };
#undef X

	missing = ks_library_load(library, list, sizeof(list) / sizeof(*list));
	if (!missing && functions.f_sodium_init() < 0)
		missing = "random numbers for libsodium";
}

const struct ks_libsodium *ks_libsodium(struct ks_err *err)
{
	pthread_once(&is_loaded, load);
	if (!missing)
		return &functions;
	ks_fail(err, KS_E_UNSUPPORTED,
		"'%s' cannot be loaded: it has to be installed", missing);
	return NULL;
}
