/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libcurl. */
#include "net/curl.h"

#include "base/library.h"

/* Written once, before anything reads it. */
static struct ks_curl functions;

#define X(name) { "curl_" #name, &functions.f_##name },
static const struct ks_symbol list[] = { KS_CURL_FUNCTIONS(X) };
#undef X

static const char *start(void)
{
	return functions.f_global_init(CURL_GLOBAL_DEFAULT) != 0 ? "libcurl"
								 : NULL;
}

static struct ks_library library = {
	.name = "libcurl.so.4",
	/* Debian's git brings this one. */
	.other = "libcurl-gnutls.so.4",
	.list = list,
	.count = sizeof(list) / sizeof(*list),
	.start = start,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

const struct ks_curl *ks_curl(struct ks_err *err)
{
	return ks_library_need(&library, err) == KS_OK ? &functions : NULL;
}
