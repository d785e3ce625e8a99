/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of the characters of tokens that look generated. */
#include "match/token_run.h"

#include "match/block.h"
#include "match/stride.h"
#include "rules/rule.h"

/* Bit i is byte i of a stride. */
struct signs {
	uint64_t digits;
	uint64_t small;
	uint64_t capitals;
};

static void read_signs(struct signs *out, const uint8_t *p)
{
	*out = (struct signs){ .digits = 0 };
	for (unsigned i = 0; i < KS_STRIDE; i += KS_BLOCK) {
		ks_block c = ks_block_at(p + i);
		ks_block digits = ks_block_range(c, '0', '9');
		ks_block small = ks_block_range(c, 'a', 'z');
		ks_block capitals = ks_block_range(c, 'A', 'Z');

		out->digits |= (uint64_t)ks_block_mask(digits) << i;
		out->small |= (uint64_t)ks_block_mask(small) << i;
		out->capitals |= (uint64_t)ks_block_mask(capitals) << i;
	}
}

/* The places where KS_TOKEN_RUN_MIN bits and more are set in a row. */
static uint64_t long_runs(uint64_t bits)
{
	_Static_assert(KS_TOKEN_RUN_MIN == 16, "four doublings");
	bits &= bits >> 1;
	bits &= bits >> 2;
	bits &= bits >> 4;
	return bits & bits >> 8;
}

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_token(uint8_t c)
{
	return is_letter(c) || (uint8_t)(c - '0') < 10 || c == '-' || c == '_';
}

/* The bits [from, to) of a stride, of which there is one at least. */
static uint64_t bits_between(unsigned from, unsigned to)
{
	return (UINT64_MAX >> (KS_STRIDE - (to - from))) << from;
}

/* Is the run at the bits [from, to) of the stride at ${p} a token run? */
static bool is_generated(const uint8_t *p, unsigned from, unsigned to)
{
	uint64_t run = bits_between(from, to);
	struct signs signs;
	uint64_t cases;

	read_signs(&signs, p);
	if (signs.digits & run)
		return true;
	cases = (signs.small & signs.capitals >> 1) |
		(signs.capitals & signs.small >> 1);
	cases &= run & run >> 1;
	for (unsigned i = 1; cases && i < KS_TOKEN_RUN_CASES; i++)
		cases &= cases - 1;
	return cases != 0;
}

/* The same of a run that is longer than a stride. */
static bool is_generated_long(struct ks_span run)
{
	unsigned cases = 0;

	for (size_t i = 0; i < run.n; i++) {
		uint8_t c = run.p[i];
		uint8_t next = i + 1 < run.n ? run.p[i + 1] : 0;

		if ((uint8_t)(c - '0') < 10)
			return true;
		cases += is_letter(c) && is_letter(next) && ((c ^ next) & 0x20);
	}
	return cases >= KS_TOKEN_RUN_CASES;
}

/* All token characters from ${start}. True: they are a token run. */
static bool read_long(
	struct ks_token_run *out, struct ks_span bytes, size_t start)
{
	size_t end = start + KS_STRIDE;

	while (end < bytes.n && is_token(bytes.p[end]))
		end++;
	*out = (struct ks_token_run){ start, end };
	return is_generated_long(ks_span_cut(bytes, start, end));
}

bool ks_token_run_next(
	struct ks_token_run *out, struct ks_span bytes, size_t from)
{
	uint8_t room[KS_STRIDE];
	size_t at = from;

	while (at < bytes.n && bytes.n - at >= KS_TOKEN_RUN_MIN) {
		const uint8_t *p = bytes.p + at;
		uint64_t tokens;
		uint64_t runs;
		unsigned start;
		unsigned end;

		if (bytes.n - at < KS_STRIDE) {
			memset(room, 0, sizeof(room));
			memcpy(room, p, bytes.n - at);
			p = room;
		}
		tokens = ks_stride_tokens(p);
		runs = long_runs(tokens);
		if (!runs) {
			/* What may go on behind the stride is read again. */
			at += KS_STRIDE - (unsigned)__builtin_clzll(~tokens);
			continue;
		}
		start = (unsigned)__builtin_ctzll(runs);
		if (tokens >> start == UINT64_MAX >> start) {
			if (start > 0) {
				at += start;
				continue;
			}
			if (read_long(out, bytes, at))
				return true;
			at = out->end;
			continue;
		}
		end = start + (unsigned)__builtin_ctzll(~(tokens >> start));
		if (is_generated(p, start, end)) {
			*out = (struct ks_token_run){ at + start, at + end };
			return true;
		}
		at += end;
	}
	return false;
}
