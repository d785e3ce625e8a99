/* SPDX-License-Identifier: Apache-2.0 */
/* Offset -> line and column: the numbers of `grep -n`. */
#include "provenance/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
/* cmocka wants those above it. */
#include <cmocka.h>

static void test_lines__counts_lf_only(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
		uint64_t line, column;
	} cases[] = {
		{ "", 0, 1, 1 },
		{ "", 7, 1, 1 },
		{ "abc", 0, 1, 1 },
		{ "abc", 2, 1, 3 },
		{ "abc", 3, 1, 4 },
		{ "abc", 99, 1, 4 },
		{ "a\nb", 1, 1, 2 },
		{ "a\nb", 2, 2, 1 },
		{ "a\n", 2, 2, 1 },
		{ "\n\n\n", 2, 3, 1 },
		{ "a\r\nb", 1, 1, 2 },
		{ "a\r\nb", 2, 1, 3 },
		{ "a\r\nb", 3, 2, 1 },
		{ "a\rb\rc", 4, 1, 5 },
		{ "a\rb\nc\rd", 6, 2, 3 },
		{ "12345678\n12345678\n1", 18, 3, 1 },
		{ "\x8a\x0b\xff\x09\x8a\x0a\x0a\x0a!", 8, 4, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ks_place place = ks_place_of(
			ks_span_str(cases[i].text), cases[i].offset);

		assert_int_equal(place.line, cases[i].line);
		assert_int_equal(place.column, cases[i].column);
	}
}

/* Random bytes, few values, so that newlines meet each place of a word. */
static uint8_t *noise(size_t n)
{
	static const uint8_t values[] = "\n\r\x0b\x8a\x01x\n\xff";
	uint8_t *text = malloc(n);
	uint32_t x = 12345;

	assert_non_null(text);
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		text[i] = values[x >> 29];
	}
	return text;
}

static void test_lines__agrees_with_a_plain_count(void **state)
{
	enum {
		N = 9001
	};
	uint8_t *text = noise(N);
	struct ks_place want = { 1, 1 };
	struct ks_place known = { 1, 1 };
	size_t from = 0;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		struct ks_span whole = ks_span_of(text, N);
		struct ks_place place = ks_place_of(whole, i);

		assert_int_equal(place.line, want.line);
		assert_int_equal(place.column, want.column);
		place = ks_place_from(whole, from, known, i);
		assert_int_equal(place.line, want.line);
		assert_int_equal(place.column, want.column);
		if (i % 37 == 0) {
			from = i;
			known = place;
		}
		want.column++;
		if (text[i] == '\n') {
			want.line++;
			want.column = 1;
		}
	}
	free(text);
}

static void test_lines__counts_every_byte_of_a_long_run(void **state)
{
	/* More newlines in a row than a byte can count, eight times over. */
	enum {
		N = 8 * 255 * 3 + 5
	};
	uint8_t *text = malloc(N);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', N);
	assert_int_equal(ks_place_of(ks_span_of(text, N), N).line, N + 1);
	free(text);
}

static void test_lines__cuts_the_line_without_its_end(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
		const char *line;
	} cases[] = {
		{ "", 0, "" },
		{ "one", 1, "one" },
		{ "one", 3, "one" },
		{ "one", 50, "one" },
		{ "one\ntwo\nthree", 0, "one" },
		{ "one\ntwo\nthree", 3, "one" },
		{ "one\ntwo\nthree", 4, "two" },
		{ "one\ntwo\nthree", 12, "three" },
		{ "one\n", 4, "" },
		{ "\r\n", 0, "" },
		{ "one\r\ntwo", 0, "one" },
		{ "one\r\ntwo", 3, "one" },
		{ "one\r\ntwo", 4, "one" },
		{ "one\r\ntwo", 5, "two" },
		{ "one\r", 0, "one\r" },
		{ "one\rtwo\n", 5, "one\rtwo" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ks_span line =
			ks_line_at(ks_span_str(cases[i].text), cases[i].offset);

		assert_true(ks_span_eq(line, ks_span_str(cases[i].line)));
	}
}

static void test_lines__takes_an_empty_span_of_null(void **state)
{
	const struct ks_span nothing = { 0 };

	(void)state;
	assert_int_equal(ks_place_of(nothing, 0).line, 1);
	assert_int_equal(ks_line_at(nothing, 0).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines__counts_lf_only),
		cmocka_unit_test(test_lines__agrees_with_a_plain_count),
		cmocka_unit_test(test_lines__counts_every_byte_of_a_long_run),
		cmocka_unit_test(test_lines__cuts_the_line_without_its_end),
		cmocka_unit_test(test_lines__takes_an_empty_span_of_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
