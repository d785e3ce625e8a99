/* SPDX-License-Identifier: Apache-2.0 */
/* Every literal is found wherever it stands, and nothing else. */
#include "match/literal_search.h"

#include "base/buf.h"
#include "match/literal_filter.h"
#include "lib/literals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	RULES = 6,
	ROUNDS = 400,
	TEXT_MAX = 400
};

static struct ks_literal make(const char *text, bool is_caseless,
	uint8_t offset, uint8_t window, uint8_t window_size)
{
	struct ks_literal literal = { .n = (uint8_t)strlen(text),
		.offset = offset,
		.window = window,
		.window_size = window_size };

	for (size_t i = 0; i < literal.n; i++) {
		const char c = text[i];

		literal.mask[i] =
			is_caseless && c >= 'A' && c <= 'Z' ? 0xdf : 0xff;
		literal.value[i] = (uint8_t)c;
	}
	return literal;
}

struct fixture {
	struct ks_literal literals[RULES];
	struct ks_rule list[RULES];
	struct ks_rules rules;
	struct ks_literal_search *search;
};

static int set_up(void **state)
{
	static struct fixture fixture;
	static const uint8_t wanted[RULES] = { 1, 1, 1, 1, 1, 1 };

	fixture = (struct fixture){ .literals = {
					    make("KEY", true, 0, 0, 3),
					    make("abcdefghijklmnop", false, 0,
						    12, 4),
					    make("8Q~", false, 3, 0, 3),
					    make("KEY_ab", true, 0, 2, 4),
					    make("ab\n\t", false, 0, 0, 4),
					    make("`[@{", false, 1, 0, 4),
				    } };
	for (size_t i = 0; i < RULES; i++) {
		fixture.list[i].literals = &fixture.literals[i];
		fixture.list[i].literal_count = 1;
	}
	fixture.rules.list = fixture.list;
	fixture.rules.count = RULES;
	assert_int_equal(
		ks_literal_search_new(&fixture.search, &fixture.rules, wanted),
		0);
	assert_non_null(fixture.search);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	ks_literal_search_free(fixture->search);
	return 0;
}

/* A bit for each rule at each place. */
struct places {
	uint8_t rules[TEXT_MAX];
};

static bool on_found(void *payload, uint32_t rule, size_t start)
{
	struct places *places = payload;

	assert_in_range(rule, 0, RULES - 1);
	assert_in_range(start, 0, TEXT_MAX - 1);
	places->rules[start] |= (uint8_t)(1u << rule);
	return true;
}

static void check(const struct fixture *fixture, struct ks_span text)
{
	struct places found = { { 0 } };
	struct places expected = { { 0 } };

	for (size_t i = 0; i < RULES; i++) {
		const struct ks_literal *literal = &fixture->literals[i];

		for (size_t at = 0; at + literal->offset < text.n; at++) {
			if (test_literal_stands(
				    literal, text, at + literal->offset))
				expected.rules[at] |= (uint8_t)(1u << i);
		}
	}
	assert_true(
		ks_literal_search_run(fixture->search, text, on_found, &found));
	assert_memory_equal(&found, &expected, sizeof(found));
}

/* A copy of its own, so that a sanitizer sees a read behind the end. */
static void check_copy(const struct fixture *fixture, struct ks_span text)
{
	uint8_t *copy = malloc(text.n ? text.n : 1);

	assert_non_null(copy);
	if (text.n)
		memcpy(copy, text.p, text.n);
	check(fixture, ks_span_of(copy, text.n));
	free(copy);
}

static void test_search__finds_a_literal_at_every_place(void **state)
{
	const struct fixture *fixture = *state;
	uint8_t text[200];

	for (size_t i = 0; i < RULES; i++) {
		const struct ks_literal *literal = &fixture->literals[i];

		for (size_t at = 0; at + literal->n <= sizeof(text); at++) {
			memset(text, '.', sizeof(text));
			memcpy(text + at, literal->value, literal->n);
			check_copy(fixture, ks_span_of(text, sizeof(text)));
			check_copy(fixture, ks_span_of(text, at + literal->n));
			check_copy(fixture,
				ks_span_of(text, at + literal->n - 1u));
		}
	}
}

/* Random text of few bytes: all literals, and much that is nearly one. */
static void test_search__finds_what_a_slow_one_finds(void **state)
{
	static const char bytes[] = "KEYkey_abAB8Q~@`[{\n\t\0";
	const struct fixture *fixture = *state;
	uint32_t seed = 7;
	uint8_t text[TEXT_MAX];

	for (unsigned round = 0; round < ROUNDS; round++) {
		const size_t n = (size_t)round % TEXT_MAX;

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = (uint8_t)bytes[(seed >> 16) % sizeof(bytes)];
		}
		check_copy(fixture, ks_span_of(text, n));
	}
}

static bool stop(void *payload, uint32_t rule, size_t start)
{
	unsigned *calls = payload;

	(void)rule;
	(void)start;
	++*calls;
	return false;
}

static void test_search__stops_when_told_to(void **state)
{
	const struct fixture *fixture = *state;
	unsigned calls = 0;

	assert_false(ks_literal_search_run(
		fixture->search, ks_span_str("key key key"), stop, &calls));
	assert_int_equal(calls, 1);
}

static void test_search__is_none_without_a_wanted_rule(void **state)
{
	static const uint8_t wanted[RULES] = { 0 };
	const struct fixture *fixture = *state;
	struct ks_literal_search *search;

	assert_int_equal(
		ks_literal_search_new(&search, &fixture->rules, wanted), 0);
	assert_null(search);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_search__finds_a_literal_at_every_place, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_search__finds_what_a_slow_one_finds, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_search__stops_when_told_to, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_search__is_none_without_a_wanted_rule, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
