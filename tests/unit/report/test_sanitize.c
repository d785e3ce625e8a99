/* SPDX-License-Identifier: Apache-2.0 */
/* What of a repository's text reaches a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "report/sanitize.h"

#include "report/utf8.h"

struct case_ {
	const char *text;
	size_t columns;
	const char *wanted;
	size_t used;
};

static void check(const struct case_ *cases, size_t count)
{
	struct ks_buf out = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t used = 99;

		ks_buf_reset(&out);
		assert_int_equal(
			ks_sanitize_add(&out, ks_span_str(cases[i].text),
				cases[i].columns, &used),
			0);
		assert_string_equal(ks_buf_str(&out), cases[i].wanted);
		assert_int_equal(used, cases[i].used);
	}
	ks_buf_release(&out);
}

static void test_sanitize__escapes_what_a_terminal_obeys(void **state)
{
	static const struct case_ cases[] = {
		{ "", 0, "", 0 },
		{ "plain text", 0, "plain text", 10 },
		{ "\x1b[31mred", 0, "\\x1B[31mred", 11 },
		{ "a\nb\tc\rd", 0, "a\\nb\\tc\\rd", 10 },
		{ "\a\b\x7f", 0, "\\x07\\x08\\x7F", 12 },
		{ "\xc2\x9b"
		  "2J",
			0, "\\u{009B}2J", 10 },
		{ "\x9b"
		  "2J",
			0, "\\x9B2J", 6 },
		{ "\xff\xfe", 0, "\\xFF\\xFE", 8 },
		{ "\xe2\x80\xae"
		  "gpj.exe",
			0, "\\u{202E}gpj.exe", 15 },
		{ "\xe2\x81\xa6x", 0, "\\u{2066}x", 9 },
		{ "\xe2\x80\x8bx", 0, "\\u{200B}x", 9 },
		{ "\xef\xbb\xbfx", 0, "\\u{FEFF}x", 9 },
		{ "\xf3\xa0\x81\x81x", 0, "\\u{E0041}x", 10 },
		{ "caf\xc3\xa9 \xf0\x9f\x94\x91", 0,
			"caf\xc3\xa9 \xf0\x9f\x94\x91", 6 },
	};

	(void)state;
	check(cases, sizeof(cases) / sizeof(cases[0]));
}

static void test_sanitize__cuts_at_columns(void **state)
{
	static const struct case_ cases[] = {
		{ "abcdef", 6, "abcdef", 6 },
		{ "abcdefg", 6, "abcde\xe2\x80\xa6", 6 },
		{ "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3,
			"\xc3\xa9\xc3\xa9\xe2\x80\xa6", 3 },
		{ "abc\x1b", 5, "abc\xe2\x80\xa6", 4 },
		{ "ab\x1b", 6, "ab\\x1B", 6 },
		{ "\x1b\x1b", 1, "\xe2\x80\xa6", 1 },
		{ "ab", 1, "\xe2\x80\xa6", 1 },
	};

	(void)state;
	check(cases, sizeof(cases) / sizeof(cases[0]));
}

static void test_sanitize__lets_no_byte_sequence_through(void **state)
{
	struct ks_buf out = { 0 };
	char text[4] = { 0 };

	(void)state;
	for (unsigned a = 1; a < 256; a++) {
		for (unsigned b = 1; b < 256; b++) {
			text[0] = (char)a;
			text[1] = (char)b;
			assert_int_equal(ks_sanitize_add(&out,
						 ks_span_str(text), 0, NULL),
				0);
		}
	}
	assert_true(ks_utf8_is_text(ks_buf_span(&out)));
	for (size_t i = 0; i < out.n; i++) {
		assert_true(out.p[i] >= 0x20 && out.p[i] != 0x7f);
		/* U+0080 to U+009F, in UTF-8. */
		assert_false(i > 0 && out.p[i - 1] == 0xc2 && out.p[i] < 0xa0);
	}
	ks_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sanitize__escapes_what_a_terminal_obeys),
		cmocka_unit_test(test_sanitize__cuts_at_columns),
		cmocka_unit_test(test_sanitize__lets_no_byte_sequence_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
