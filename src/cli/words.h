/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of words from the command line. */
#ifndef KS_CLI_WORDS_H
#define KS_CLI_WORDS_H

#include "base/arena.h"
#include "base/err.h"

/* Zero-initialise ({0}); ks_words_release() frees. */
struct ks_words {
	const char **list; /* borrowed strings */
	size_t count;
	size_t cap;
};

/* Append ${word}, which outlives ${words}. KS_E_NOMEM. */
KS_MUST_CHECK int ks_words_add(struct ks_words *words, const char *word);

/*
 * Append what stands between the commas of ${text}, empty pieces left out;
 * copies come from ${arena}. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_words_split(
	struct ks_words *words, const char *text, struct ks_arena *arena);

/* Free the list, not the strings; ${words} is empty afterwards. */
void ks_words_release(struct ks_words *words);

#endif
