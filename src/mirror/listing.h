/* SPDX-License-Identifier: Apache-2.0 */
/* What a remote has, as git-ls-remote(1) tells it. */
#ifndef KS_MIRROR_LISTING_H
#define KS_MIRROR_LISTING_H

#include "base/buf.h"
#include "base/sha256.h"

enum {
	KS_LISTING_HEX = 2 * KS_SHA256_BYTES + 1
};

/* In storage of the caller; nothing to release. */
struct ks_listing {
	char digest[KS_LISTING_HEX]; /* of all that it says */
	bool is_empty;               /* no ref at all */
	bool is_sha256;
	struct ks_span head; /* the branch it points to; may be empty */
};

/*
 * Read ${text}, the output of git ls-remote --symref; it must outlive
 * ${out}, whose ${head} lies in it. KS_E_CORRUPT: it is no such text.
 */
KS_MUST_CHECK int ks_listing_parse(
	struct ks_listing *out, struct ks_span text, struct ks_err *err);

#endif
