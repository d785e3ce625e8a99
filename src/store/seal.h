/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that only who has a private key can read: libsodium's sealed boxes.
 */
#ifndef KS_STORE_SEAL_H
#define KS_STORE_SEAL_H

#include "base/buf.h"
#include "base/err.h"

enum {
	KS_SEAL_KEY =
		65, /* hex digits of a key (X25519, RFC 7748), and a NUL */
	KS_SEAL_MAX = 1 << 20 /* bytes of a secret */
};

/*
 * Make a pair of keys: ${public} encrypts, ${private} decrypts. Errors of all
 * here: KS_E_UNSUPPORTED: there is no libsodium; KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_seal_make_keys(char public[KS_SEAL_KEY],
	char private[KS_SEAL_KEY], struct ks_err *err);

/* Read a key from the file ${path}. KS_E_USAGE: it holds none; KS_E_IO. */
KS_MUST_CHECK int ks_seal_read_key(
	char key[KS_SEAL_KEY], const char *path, struct ks_err *err);

/*
 * Make ${out} ${secret}, encrypted for ${public}, in hex digits with a NUL
 * behind; "" for what is longer than KS_SEAL_MAX.
 */
KS_MUST_CHECK int ks_seal_put(struct ks_buf *out, const char *public,
	struct ks_span secret, struct ks_err *err);

/*
 * Make ${out} what ${sealed} holds, with a NUL behind. KS_E_USAGE: it is not
 * for ${private}, or was changed.
 */
KS_MUST_CHECK int ks_seal_open(struct ks_buf *out, const char *private,
	const char *sealed, struct ks_err *err);

#endif
