/* SPDX-License-Identifier: Apache-2.0 */
/* The line around a secret, as far as the verdict may look. */
#ifndef KS_FILTER_CONTEXT_H
#define KS_FILTER_CONTEXT_H

#include "base/span.h"

enum {
	KS_CONTEXT_REACH = 256, /* bytes looked at on each side */
	KS_CONTEXT_NEAR = 48    /* bytes in which the name of a value stands */
};

/* Borrowed from the subject. */
struct ks_context {
	struct ks_span secret;
	struct ks_span before; /* of its line, KS_CONTEXT_REACH at most */
	struct ks_span after;
	uint8_t quote;    /* ' " or ` on both sides; 0: none */
	bool is_assigned; /* "=" or ":" stands before it */
	bool is_argument; /* "(" or "," does */
};

/* Look around [${start}, ${end}) in ${subject}; the ends are in it. */
struct ks_context ks_context_of(
	struct ks_span subject, size_t start, size_t end);

/* What of ${subject} may be looked at: that, and KS_CONTEXT_REACH each way. */
struct ks_span ks_context_window(
	struct ks_span subject, size_t start, size_t end);

/* The end of the line before the secret: where its name is. */
struct ks_span ks_context_near(const struct ks_context *context);

#endif
