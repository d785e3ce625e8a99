/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libcurl. */
#include "net/curl.h"

#include "base/library.h"

#include <pthread.h>

/* The same interface twice: Debian's git brings the second one. */
static const char *const libraries[] = { "libcurl.so.4",
	"libcurl-gnutls.so.4" };

/* Written once, before anything reads it. */
static struct ks_curl functions;
static pthread_once_t is_loaded = PTHREAD_ONCE_INIT;
static const char *missing;

static void load(void)
{
#define X(name) { "curl_" #name, &functions.f_##name },
	static const struct ks_symbol list[] = { KS_CURL_FUNCTIONS(X) };
#undef X

	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++) {
		missing = ks_library_load(
			libraries[i], list, sizeof(list) / sizeof(*list));
		if (!missing)
			break;
	}
	if (!missing && functions.f_global_init(CURL_GLOBAL_DEFAULT) != 0)
		missing = "libcurl";
}

const struct ks_curl *ks_curl(struct ks_err *err)
{
	pthread_once(&is_loaded, load);
	if (!missing)
		return &functions;
	ks_fail(err, KS_E_UNSUPPORTED,
		"'%s' cannot be loaded: it has to be installed", missing);
	return NULL;
}
