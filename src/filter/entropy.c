/* SPDX-License-Identifier: Apache-2.0 */
/* Shannon entropy of a few bytes, without a logarithm for most. */
#include "filter/filter.h"

#include <math.h>

enum {
	TABLE_SIZE = 16 /* counts above are rare in a secret */
};

/* n log2 n */
static const double weights[TABLE_SIZE] = {
	0,
	0,
	2,
	4.754887502163469,
	8,
	11.60964047443681,
	15.509775004326936,
	19.651484454403228,
	24,
	28.52932501298081,
	33.21928094887362,
	38.05374780501027,
	43.01955000865387,
	48.10571634783436,
	53.302968908806456,
	58.60335893412778,
};

static double weight(uint32_t count)
{
	return count < TABLE_SIZE ? weights[count] : count * log2(count);
}

float ks_entropy(struct ks_span span)
{
	uint32_t counts[256] = { 0 };
	uint8_t seen[256];
	size_t distinct = 0;
	double sum = 0;
	/* Beyond 4 GiB a count could wrap; so much is no secret. */
	size_t n = span.n < UINT32_MAX ? span.n : UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		if (counts[span.p[i]]++ == 0)
			seen[distinct++] = span.p[i];
	}
	if (distinct < 2)
		return 0;
	for (size_t i = 0; i < distinct; i++)
		sum += weight(counts[seen[i]]);
	return (float)(log2((double)n) - sum / (double)n);
}
