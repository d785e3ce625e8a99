/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libcurl. */
#ifndef KS_NET_CURL_H
#define KS_NET_CURL_H

#include "base/err.h"

/* Its macros check the types of calls by name; ours go by pointer. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/*
 * The functions of libcurl that are used, without their "curl_". It brings
 * TLS and a dozen libraries with it, which a hook has no time for: so it is
 * loaded when something is first to be asked of a server.
 */
#define KS_CURL_FUNCTIONS(X)                                                   \
	X(easy_cleanup)                                                        \
	X(easy_getinfo)                                                        \
	X(easy_init)                                                           \
	X(easy_perform)                                                        \
	X(easy_reset)                                                          \
	X(easy_setopt)                                                         \
	X(easy_strerror)                                                       \
	X(getdate)                                                             \
	X(global_init)                                                         \
	X(slist_append)                                                        \
	X(slist_free_all)

struct ks_curl {
#define X(name) __typeof__(curl_##name) *f_##name;
	KS_CURL_FUNCTIONS(X)
#undef X
};

/*
 * The functions, loaded at the first call; thread-safe. NULL where libcurl
 * cannot be loaded: KS_E_UNSUPPORTED in ${err}.
 */
const struct ks_curl *ks_curl(struct ks_err *err);

#endif
