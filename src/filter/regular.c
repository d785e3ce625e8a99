/* SPDX-License-Identifier: Apache-2.0 */
/* Repetitions and runs: what hands type and no generator draws. */
#include "filter/regular.h"

enum {
	/* One byte so often in a row is no chance in any alphabet. */
	RUN_SURE = 8,
	/* The same where it is no hex digit: numbers have few others. */
	RUN_SURE_UNLESS_HEX = 6,
	/* Longer texts, serialised data, may hold a run of padding. */
	RUN_TEXT_MAX = 128,
	PERIOD_MAX = 16,
	PERIODIC_MIN = 8, /* bytes that repeat */
	SEQUENCE_MIN = 3, /* characters of a run that counts */
	KEYBOARD_MIN = 4, /* words have runs too: were, pop */
	SEQUENCE_SURE = 8 /* characters of a run that is enough */
};

/*
 * Neighbours have successive numbers; gaps between groups. Hex digits go on
 * from 9 to a.
 */
/* clang-format off */
static const uint8_t alphabet[256] = {
	['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	['a'] = 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
	24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
	['A'] = 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
	24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
};

static const uint8_t keyboard[256] = {
	['q'] = 1, ['w'] = 2, ['e'] = 3, ['r'] = 4, ['t'] = 5, ['y'] = 6,
	['u'] = 7, ['i'] = 8, ['o'] = 9, ['p'] = 10,
	['a'] = 20, ['s'] = 21, ['d'] = 22, ['f'] = 23, ['g'] = 24,
	['h'] = 25, ['j'] = 26, ['k'] = 27, ['l'] = 28,
	['z'] = 40, ['x'] = 41, ['c'] = 42, ['v'] = 43, ['b'] = 44,
	['n'] = 45, ['m'] = 46,
};
/* clang-format on */

/* How many bytes at the end of ${text} have the period ${period}. */
static size_t periodic_tail(struct ks_span text, size_t period)
{
	size_t n = period;

	while (n < text.n &&
		text.p[text.n - n - 1] == text.p[text.n - n - 1 + period])
		n++;
	return n;
}

static bool is_hex_digit(uint8_t byte)
{
	return ks_class_is_digit(byte) ||
	       (uint8_t)(ks_class_fold(byte) - 'a') < 6;
}

bool ks_regular_is_repeated(struct ks_span text, const struct ks_shape *shape)
{
	size_t n = text.n;

	if (n < 2)
		return false;
	if (shape->run * 2 > n && shape->run > 3)
		return true;
	if (shape->run == n || (n >= 6 && shape->distinct <= 2))
		return true;
	if ((n >= 10 && shape->distinct <= 3) ||
		(n >= 20 && shape->distinct <= 4))
		return true;
	/* In base 64 zeros are A: some tokens begin with them. */
	if (n <= RUN_TEXT_MAX && shape->run_of != '-' && shape->run_of != 'A' &&
		(shape->run >= RUN_SURE ||
			(shape->run >= RUN_SURE_UNLESS_HEX &&
				!is_hex_digit(shape->run_of))))
		return true;
	for (size_t period = 2; period <= PERIOD_MAX && period * 2 <= n;
		period++) {
		size_t tail = periodic_tail(text, period);

		if (tail >= PERIODIC_MIN && tail >= period * 2 &&
			tail * 5 >= n * 3)
			return true;
	}
	return false;
}

/*
 * Sum the lengths of the runs in ${text} whose characters, each ${stride}
 * behind the other, have neighbouring ${numbers}, all up or all down.
 */
static size_t count_runs(struct ks_span text, const uint8_t numbers[256],
	size_t stride, size_t *longest)
{
	size_t sum = 0;
	size_t steps = 0;
	int direction = 0;

	for (size_t i = stride; i <= text.n; i++) {
		int step = 0;

		if (i < text.n && numbers[text.p[i]] &&
			numbers[text.p[i - stride]])
			step = numbers[text.p[i]] - numbers[text.p[i - stride]];
		if ((step == 1 || step == -1) &&
			(steps == 0 || step == direction)) {
			direction = step;
			steps++;
			continue;
		}
		if (steps + 1 >= SEQUENCE_MIN) {
			sum += steps + stride;
			if (steps + stride > *longest)
				*longest = steps + stride;
		}
		steps = step == 1 || step == -1;
		direction = step;
	}
	return sum;
}

static bool is_step(const uint8_t numbers[256], uint8_t a, uint8_t b)
{
	return numbers[a] && numbers[b] &&
	       (unsigned)(numbers[a] - numbers[b] + 1) <= 2 && a != b;
}

/*
 * Can there be a sequence at all? One that is long enough has six steps, or
 * one for each three characters where it has two interleaved ones.
 */
static bool may_be_sequence(struct ks_span text)
{
	size_t wanted =
		text.n / 4 < SEQUENCE_SURE - 2 ? text.n / 4 : SEQUENCE_SURE - 2;
	size_t steps[3] = { 0 };

	for (size_t i = 1; i < text.n; i++) {
		steps[0] += is_step(alphabet, text.p[i], text.p[i - 1]);
		steps[1] += is_step(keyboard, text.p[i], text.p[i - 1]);
		if (i > 1)
			steps[2] += is_step(alphabet, text.p[i], text.p[i - 2]);
	}
	return steps[0] + steps[1] >= wanted || steps[2] >= wanted;
}

bool ks_regular_is_sequence(struct ks_span text)
{
	size_t runs[3];
	size_t longest = 0;

	if (text.n < SEQUENCE_MIN || !may_be_sequence(text))
		return false;
	runs[0] = count_runs(text, alphabet, 1, &longest);
	runs[1] = count_runs(text, alphabet, 2, &longest);
	runs[2] = count_runs(text, keyboard, 1, &longest);
	if (longest >= SEQUENCE_SURE)
		return true;
	/* qwerty123 */
	runs[0] += runs[2] >= KEYBOARD_MIN ? runs[2] : 0;
	return (runs[0] > runs[1] ? runs[0] : runs[1]) * 4 >= text.n * 3;
}
