/* SPDX-License-Identifier: Apache-2.0 */
/* How much a text reads like a secret: by its pieces of two to four bytes. */
#ifndef KS_FILTER_GRAMS_H
#define KS_FILTER_GRAMS_H

#include "base/span.h"

enum {
	KS_GRAMS_COUNT = 8192, /* of weights: a piece has that of its hash */
	KS_GRAMS_TEXT = 64,    /* bytes looked at */
	KS_GRAMS_MOST = 1000   /* of a score, either way */
};

/* What tests/quality/train.py wrote, a piece a weight: weights.c. */
extern const int8_t ks_grams_value[KS_GRAMS_COUNT]; /* of values */

/*
 * The sum of the ${weights} of the pieces of ${text}, its first
 * KS_GRAMS_TEXT bytes, by the root of how many there are: up to
 * KS_GRAMS_MOST where they are those of secrets, negative where not. The case
 * of letters is no matter, nor which digit it is. 0 for an empty text.
 */
int16_t ks_grams_score(const int8_t *weights, struct ks_span text);

#endif
