/* SPDX-License-Identifier: Apache-2.0 */
/* A literal is told at every place, in each way that there is. */
#include "match/literal_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum {
	BLOCKS = 3,
	TEXT = BLOCKS * KS_FILTER_BLOCK + KS_FILTER_BEHIND
};

typedef void run(const struct ks_literal_filter *filter, const uint8_t *p,
	size_t blocks, struct ks_filter_places *out);

static run *const ways[] = { ks_literal_filter_run,
	ks_literal_filter_run_triples };

static const struct {
	const char *text;
	size_t size;
	enum ks_filter_case which;
	const char *stands; /* so it is found, too */
} literals[] = {
	{ "AKIA", 4, KS_FILTER_EXACT, "AKIA" },
	{ "pa$s", 4, KS_FILTER_EXACT, "pa$s" },
	{ "\x30\x82\xff\x80", 4, KS_FILTER_EXACT, "\x30\x82\xff\x80" },
	{ "key", 3, KS_FILTER_CASELESS, "KeY\xff" },
	{ "tok-", 4, KS_FILTER_CASELESS, "TOK-" },
};

enum {
	COUNT = sizeof(literals) / sizeof(literals[0])
};

static void fill(struct ks_literal_filter *filter)
{
	const uint32_t exact = KS_FILTER_EXACT_SETS * KS_FILTER_BUCKETS;

	memset(filter, 0, sizeof(*filter));
	for (uint32_t i = 0; i < COUNT; i++) {
		uint8_t bytes[4] = { 0 };

		memcpy(bytes, literals[i].text, literals[i].size);
		ks_literal_filter_add(filter, bytes, literals[i].size,
			literals[i].which == KS_FILTER_EXACT ? i
							     : exact + 3 * i);
	}
}

static unsigned count_places(const struct ks_filter_places *places)
{
	unsigned count = 0;

	for (size_t i = 0; i < BLOCKS; i++)
		for (size_t j = 0; j < KS_FILTER_CASES; j++)
			count += (unsigned)__builtin_popcountll(
				places[i].bits[j]);
	return count;
}

static void test_filter__tells_each_literal_at_each_place(void **state)
{
	static struct ks_literal_filter filter;

	(void)state;
	fill(&filter);
	for (size_t at = 0; at < BLOCKS * KS_FILTER_BLOCK; at++) {
		for (size_t i = 0; i < 2 * COUNT; i++) {
			uint8_t text[TEXT];
			struct ks_filter_places places[BLOCKS];
			const char *stands = literals[i % COUNT].stands;

			memset(text, '.', sizeof(text));
			memcpy(text + at, stands, strnlen(stands, 4));
			ways[i / COUNT](&filter, text, BLOCKS, places);
			assert_true(places[at / KS_FILTER_BLOCK]
						    .bits[literals[i % COUNT]
								    .which] >>
					    at % KS_FILTER_BLOCK &
				    1);
			assert_in_range(count_places(places), 1, 8);
		}
	}
}

static void test_filter__tells_next_to_nothing_of_what_has_none(void **state)
{
	static struct ks_literal_filter filter;
	uint8_t text[TEXT];
	struct ks_filter_places places[BLOCKS];

	(void)state;
	fill(&filter);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)('a' + i * 7 % 26);
	for (size_t way = 0; way < 2; way++) {
		ways[way](&filter, text, BLOCKS, places);
		assert_in_range(count_places(places), 0, 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter__tells_each_literal_at_each_place),
		cmocka_unit_test(
			test_filter__tells_next_to_nothing_of_what_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
