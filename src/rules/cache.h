/* SPDX-License-Identifier: Apache-2.0 */
/* Files that may be lost at any time: $XDG_CACHE_HOME/keysieve. */
#ifndef KS_RULES_CACHE_H
#define KS_RULES_CACHE_H

#include "base/buf.h"
#include "base/sha256.h"

/*
 * Append the file of ${key} to ${out}. False if there is none, or none that
 * only we can have written: the folder and the file must be ours and writable
 * by nobody else. What it holds is for the caller to verify.
 */
bool ks_cache_read(struct ks_buf *out, const uint8_t key[KS_SHA256_BYTES]);

/*
 * Keep ${bytes} as the file of ${key}, whole or not at all, and drop files
 * that are older than a month. False if that cannot be done; nothing depends
 * on it.
 */
bool ks_cache_write(const uint8_t key[KS_SHA256_BYTES], struct ks_span bytes);

#endif
