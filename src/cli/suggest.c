/* SPDX-License-Identifier: Apache-2.0 */
/* Which known word did a mistyped one mean? */
#include "cli/suggest.h"

#include <string.h>

enum {
	LONGEST = 32, /* longer words are not compared */
	/* A beginning counts as nearer than any other likeness but equality. */
	PREFIX_MIN = 2
};

static size_t least(size_t a, size_t b, size_t c)
{
	size_t low = a < b ? a : b;

	return low < c ? low : c;
}

/*
 * Damerau-Levenshtein, optimal string alignment: insert, delete, replace a
 * character or swap two neighbours. Both have at most LONGEST characters.
 */
static size_t distance_of(const char *a, size_t an, const char *b, size_t bn)
{
	size_t rows[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= an; i++)
		rows[i][0] = i;
	for (size_t j = 0; j <= bn; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= an; i++) {
		for (size_t j = 1; j <= bn; j++) {
			size_t cost = a[i - 1] != b[j - 1];
			size_t best = least(rows[i - 1][j] + 1,
				rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);

			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				best = least(
					best, rows[i - 2][j - 2] + 1, best);
			rows[i][j] = best;
		}
	}
	return rows[an][bn];
}

void ks_suggest_offer(struct ks_suggest *suggest, const char *known)
{
	size_t typed = strlen(suggest->word);
	size_t n = strlen(known);
	size_t distance;

	if (typed > LONGEST || n > LONGEST)
		return;
	if (typed >= PREFIX_MIN && strncmp(suggest->word, known, typed) == 0)
		distance = 1;
	else
		distance = distance_of(suggest->word, typed, known, n);
	/* One slip in three characters is likely, more is another word. */
	if (distance > (typed < 3 ? 1 : (typed + 2) / 3))
		return;
	if (suggest->best && suggest->distance <= distance)
		return;
	suggest->best = known;
	suggest->distance = distance;
}
