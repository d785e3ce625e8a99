/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of a raw tree object. */
#include "blobs/tree.h"

#include <endian.h>

#include <keysieve/error.h>

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

enum {
	MODE_DIGITS_MAX = 10, /* 6 are usual; 30 bits fit */
	PLAIN_MODE = 0100644, /* most entries have it */
	PLAIN_MODE_BYTES = 7  /* of "100644 " */
};

/*
 * The first NUL of [p, end), or NULL. Names are short: words beat the call
 * of a search that pays for long texts, and a loop over the last bytes,
 * whose length no processor can guess.
 */
static inline const uint8_t *find_nul(const uint8_t *p, const uint8_t *end)
{
	for (; end - p >= (ptrdiff_t)sizeof(uint64_t); p += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, p, sizeof(word));
		word = le64toh(word);
		/* The lowest bit that is left is that of the first NUL. */
		word = (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80);
		if (word)
			return p + __builtin_ctzll(word) / 8;
	}
	while (p < end && *p)
		p++;
	return p < end ? p : NULL;
}

/* Parse "<octal> " at ${p}; returns what follows, or NULL. */
static const uint8_t *parse_mode(
	uint32_t *mode, const uint8_t *p, const uint8_t *end)
{
	uint32_t value = 0;
	size_t digits = 0;

	for (; p < end && *p >= '0' && *p <= '7'; p++) {
		if (++digits > MODE_DIGITS_MAX)
			return NULL;
		value = value << 3 | (uint32_t)(*p - '0');
	}
	if (!digits || p == end || *p != ' ')
		return NULL;
	*mode = value;
	return p + 1;
}

int ks_tree_next(struct ks_tree_iter *iter, struct ks_tree_entry *out)
{
	const uint8_t *p = iter->p;
	const uint8_t *end = iter->end;
	const uint8_t *nul;

	if (p == end)
		return 0;
	/* Two comparisons of a power of two are instructions, not calls. */
	if (end - p > PLAIN_MODE_BYTES && memcmp(p, "1006", 4) == 0 &&
		memcmp(p + 3, "644 ", 4) == 0) {
		out->mode = PLAIN_MODE;
		p += PLAIN_MODE_BYTES;
	} else {
		p = parse_mode(&out->mode, p, end);
	}
	nul = p ? find_nul(p, end) : NULL;
	if (!nul || (size_t)(end - nul - 1) < iter->hash_bytes)
		return KS_E_CORRUPT;
	out->name = ks_span_of(p, (size_t)(nul - p));
	out->id = nul + 1;
	iter->p = nul + 1 + iter->hash_bytes;
	return 1;
}
