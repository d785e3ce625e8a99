/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a compiled set of rules: in the program, in the cache. */
#ifndef KS_RULES_IMAGE_H
#define KS_RULES_IMAGE_H

#include "base/buf.h"
#include "rules/draft.h"

/*
 * An image is native to the machine that wrote it (byte order, Hyperscan's
 * database) and made of sections, 8-byte aligned, in this order:
 *
 *   header    magic, version, digests, place and size of each section
 *   records   one a rule, all integers 32 bits wide
 *   lists     string offsets: the lists of all rules, one after the other
 *   strings   NUL-terminated
 *   follows   struct ks_follow, as rules and literals have them
 *   literals  one after the other
 *   database  as Hyperscan serialises it; empty if no rule has an anchor
 *   tokens    the same, of rules with a token_reach
 */

/* An image that was opened; borrows the bytes that it was opened from. */
struct ks_image {
	struct ks_rule *rules;      /* from the arena given */
	const char *const *anchors; /* one a rule, "": none; the same */
	uint32_t count;
	struct ks_span database;
	struct ks_span token_database;
	uint8_t digest[32];       /* of all that decides what is found */
	uint8_t image_digest[32]; /* of all bytes behind it */
};

/*
 * Append the image of ${drafts} (checked) and of the serialised databases
 * to ${out}, which is empty. KS_E_NOMEM, KS_E_LIMIT over 4 GiB.
 */
KS_MUST_CHECK int ks_image_write(struct ks_buf *out,
	const struct ks_drafts *drafts, struct ks_span database,
	struct ks_span token_database, struct ks_err *err);

/*
 * Open the image ${bytes}, which must outlive ${out}. Every offset is
 * checked; with ${verify} the digest of the bytes too, at about a
 * millisecond for 300 KB. KS_E_CORRUPT, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_image_open(struct ks_image *out, struct ks_arena *arena,
	struct ks_span bytes, bool verify, struct ks_err *err);

/*
 * Append the rules of ${image} to ${drafts}, which borrows its strings, as
 * checked drafts of ${file}. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_image_unpack(struct ks_drafts *drafts,
	const struct ks_image *image, const char *file, struct ks_err *err);

#endif
