/* SPDX-License-Identifier: Apache-2.0 */
/* Words that tell a placeholder from a secret. */
#ifndef KS_FILTER_WORDS_H
#define KS_FILTER_WORDS_H

#include "base/span.h"

/* What a word beside a secret hints at; a set of these is a bit mask. */
enum ks_hint {
	KS_HINT_EXAMPLE = 1 << 0, /* an example, a mock, a fake */
	KS_HINT_TEST = 1 << 1,    /* a test or a demonstration */
	KS_HINT_HASH = 1 << 2,    /* a digest, a commit, a checksum */
	KS_HINT_PUBLIC = 1 << 3,  /* public or publishable */
	KS_HINT_SECRET = 1 << 4,  /* a password, a token, a key */
	KS_HINT_ID = 1 << 5,      /* an id, a UUID */
	KS_HINT_LOCAL = 1 << 6    /* this machine only */
};

/* All hints of the words of ${text}. */
unsigned ks_words_hints(struct ks_span text);

/* Is ${text} the name of no value or of a type: null, true, string? */
bool ks_words_are_none(struct ks_span text);

/*
 * Is ${text} made of nothing but what people write where a secret should be:
 * password, my-secret-key, test123, <your_token>? Digits count only as 1, 12,
 * 123, … or one digit repeated; 64 letters at most.
 */
bool ks_words_are_filler(struct ks_span text);

/*
 * Does ${text} hold, in one case throughout, a word that no random token and
 * no password has in it: example, dummy, redacted, changeme?
 */
bool ks_words_have_marker(struct ks_span text);

#endif
