/* SPDX-License-Identifier: Apache-2.0 */
/* Is a block of text a private key, or only looks like one? */
#ifndef KS_FILTER_PEM_H
#define KS_FILTER_PEM_H

#include "base/span.h"

enum ks_pem {
	KS_PEM_NONE,     /* a header alone, "...", a sample cut short */
	KS_PEM_KEY,      /* a key that whoever has it can use */
	KS_PEM_ENCRYPTED /* a key under a passphrase */
};

/*
 * What is in the block ${text}: PEM (RFC 7468) with a key in PKCS #1, SEC 1
 * or PKCS #8 (RFC 8017, 5915, 5958), encrypted or not, OpenSSH's own form
 * (PROTOCOL.key), SSH.com's, OpenPGP's armour (RFC 9580), PuTTY's files. It
 * may be indented, quoted, joined by '+', on one line, with its line ends as
 * \n, with %-escapes, or end too early: half of the key is enough. Costs one
 * pass over ${text}; no allocation.
 */
enum ks_pem ks_pem_kind(struct ks_span text);

#endif
