/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libsodium. */
#include "store/libsodium.h"

#include "base/library.h"

/* Written once, before anything reads it. */
static struct ks_libsodium functions;

#define X(name) { "" #name, &functions.f_##name },
static const struct ks_symbol list[] = { KS_LIBSODIUM_FUNCTIONS(X) };
#undef X

static const char *start(void)
{
	return functions.f_sodium_init() < 0 ? "random numbers for libsodium"
					     : NULL;
}

static struct ks_library library = {
	.name = "libsodium.so.23",
	.list = list,
	.count = sizeof(list) / sizeof(*list),
	.start = start,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct ks_libsodium *ks_libsodium(struct ks_err *err)
{
	return ks_library_need(&library, err) == KS_OK ? &functions : NULL;
}
