/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libpq. */
#ifndef KS_STORE_LIBPQ_H
#define KS_STORE_LIBPQ_H

#include "base/err.h"

#include <libpq-fe.h>

/*
 * The functions of libpq that are used, without their "PQ". It brings
 * TLS and Kerberos with it: it is loaded when a store on a server is opened.
 */
#define KS_LIBPQ_FUNCTIONS(X)                                                  \
	X(clear)                                                               \
	X(connectdbParams)                                                     \
	X(errorMessage)                                                        \
	X(execParams)                                                          \
	X(finish)                                                              \
	X(getvalue)                                                            \
	X(ntuples)                                                             \
	X(resultErrorField)                                                    \
	X(resultStatus)                                                        \
	X(serverVersion)                                                       \
	X(setNoticeReceiver)                                                   \
	X(status)

struct ks_libpq {
#define X(name) __typeof__(PQ##name) *f_##name;
	KS_LIBPQ_FUNCTIONS(X)
#undef X
};

/*
 * The functions, loaded at the first call; thread-safe. NULL where libpq
 * cannot be loaded: KS_E_UNSUPPORTED in ${err}.
 */
const struct ks_libpq *ks_libpq(struct ks_err *err);

#endif
