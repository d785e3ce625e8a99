/* SPDX-License-Identifier: Apache-2.0 */
/* Loading libsodium. */
#ifndef KS_STORE_LIBSODIUM_H
#define KS_STORE_LIBSODIUM_H

#include "base/err.h"

#include <sodium.h>

/* What is used of it; it is loaded when secrets are to be kept. */
#define KS_LIBSODIUM_FUNCTIONS(X)                                              \
	X(sodium_init)                                                         \
	X(sodium_bin2hex)                                                      \
	X(sodium_hex2bin)                                                      \
	X(sodium_memzero)                                                      \
	X(crypto_box_keypair)                                                  \
	X(crypto_box_seal)                                                     \
	X(crypto_box_seal_open)                                                \
	X(crypto_scalarmult_base)

struct ks_libsodium {
#define X(name) __typeof__(name) *f_##name;
	KS_LIBSODIUM_FUNCTIONS(X)
#undef X
};

/*
 * The functions, loaded at the first call; thread-safe. NULL where libsodium
 * cannot be loaded: KS_E_UNSUPPORTED in ${err}.
 */
const struct ks_libsodium *ks_libsodium(struct ks_err *err);

#endif
