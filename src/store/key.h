/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a store, without which its fingerprints tell nothing. */
#ifndef KS_STORE_KEY_H
#define KS_STORE_KEY_H

#include "base/err.h"
#include "store/state.h"

/*
 * What a report calls a finding is a hash that anybody can make of a secret
 * that is guessed. In a store it is hashed again under a key that is kept
 * elsewhere, so that a copy of the store alone cannot be searched by guessing.
 */

/* Read a key, 64 hex digits. KS_E_USAGE: ${text} is none. */
KS_MUST_CHECK int ks_store_key_parse(
	struct ks_store_key *out, const char *text, struct ks_err *err);

/*
 * Read the key in the file ${path}; if there is none and ${may_make}, make one
 * of random bytes, readable by the user alone. Several may do so at once: all
 * get the same. KS_E_NOTFOUND, KS_E_USAGE: it holds no key; KS_E_IO,
 * KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_store_key_read(struct ks_store_key *out, const char *path,
	bool may_make, struct ks_err *err);

/* What ${fingerprint} is called in a store with that key. */
void ks_store_key_hash(const struct ks_store_key *key, const char *fingerprint,
	char out[KS_STATE_DIGEST]);

/* Has a key been used with the store? Errors as ks_db_run(). */
KS_MUST_CHECK int ks_store_has_key(
	struct ks_state *state, bool *has_key, struct ks_err *err);

/*
 * Use ${key} from now on; the first one is that of the store for ever, and
 * what was entered before is hashed with it. KS_E_USAGE: it is another one.
 */
KS_MUST_CHECK int ks_store_use_key(struct ks_state *state,
	const struct ks_store_key *key, struct ks_err *err);

#endif
