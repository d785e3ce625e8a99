/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of words from the command line. */
#include "cli/words.h"

#include "base/array.h"

#include <stdlib.h>

int ks_words_add(struct ks_words *words, const char *word)
{
	if (ks_array_reserve(&words->list, &words->cap, words->count + 1,
		    sizeof(*words->list)) < 0)
		return KS_E_NOMEM;
	words->list[words->count++] = word;
	return KS_OK;
}

int ks_words_split(
	struct ks_words *words, const char *text, struct ks_arena *arena)
{
	while (*text) {
		size_t n = strcspn(text, ",");

		if (n > 0) {
			char *word = ks_arena_copy(arena, ks_span_of(text, n));

			if (!word || ks_words_add(words, word) < 0)
				return KS_E_NOMEM;
		}
		text += n + (text[n] == ',');
	}
	return KS_OK;
}

void ks_words_release(struct ks_words *words)
{
	free(words->list);
	*words = (struct ks_words){ 0 };
}
