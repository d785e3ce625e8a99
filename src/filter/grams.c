/* SPDX-License-Identifier: Apache-2.0 */
/* How much a text reads like a secret: by its pieces of two to four bytes. */
#include "filter/grams.h"

#include "filter/shape.h"

#include <math.h>

enum {
	LONGEST = 4, /* bytes of a piece */
	START = 1,   /* bytes that no text has */
	END = 2
};

static uint8_t fold(uint8_t byte)
{
	return ks_class_is_digit(byte) ? '0' : ks_class_fold(byte);
}

/* tests/quality/train.py hashes alike. */
static uint32_t slot_of(uint32_t hash)
{
	hash ^= hash >> 15;
	hash *= 0x85ebca6b;
	return (hash >> 16) % KS_GRAMS_COUNT;
}

int16_t ks_grams_score(const int8_t *weights, struct ks_span text)
{
	uint8_t bytes[KS_GRAMS_TEXT + 2];
	int32_t sum = 0;
	int32_t count = 0;
	size_t n = 0;
	float score;

	if (text.n == 0)
		return 0;
	bytes[n++] = START;
	for (size_t i = 0; i < text.n && i < KS_GRAMS_TEXT; i++)
		bytes[n++] = fold(text.p[i]);
	bytes[n++] = END;
	for (size_t i = 0; i + 1 < n; i++) {
		uint32_t hash = bytes[i];
		size_t end = i + LONGEST < n ? i + LONGEST : n;

		for (size_t j = i + 1; j < end; j++) {
			hash = hash * 0x9e3779b1 + bytes[j];
			sum += weights[slot_of(hash)];
			count++;
		}
	}
	score = (float)sum / sqrtf((float)count);
	if (score > KS_GRAMS_MOST)
		return KS_GRAMS_MOST;
	return score < -KS_GRAMS_MOST ? -KS_GRAMS_MOST : (int16_t)score;
}
