/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libarchive. */
#include "unpack/libarchive.h"

#include "base/library.h"

/* Written once, before anything reads it. */
static struct ks_libarchive functions;

#define X(name) { "archive_" #name, &functions.f_##name },
static const struct ks_symbol list[] = { KS_LIBARCHIVE_FUNCTIONS(X) };
#undef X

/* Its interface has been the same since version 3. */
static struct ks_library library = {
	.name = "libarchive.so.13",
	.list = list,
	.count = sizeof(list) / sizeof(*list),
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct ks_libarchive *ks_libarchive(struct ks_err *err)
{
	return ks_library_need(&library, err) == KS_OK ? &functions : NULL;
}
