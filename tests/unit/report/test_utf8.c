/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding UTF-8, and mending what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "report/utf8.h"

struct case_ {
	const char *text;
	size_t n;
	uint32_t point;
};

static void test_utf8__decodes_what_is_well_formed(void **state)
{
	static const struct case_ cases[] = {
		{ "A", 1, 'A' },
		{ "\x7f", 1, 0x7f },
		{ "\xc2\x80", 2, 0x80 },
		{ "\xdf\xbf", 2, 0x7ff },
		{ "\xe0\xa0\x80", 3, 0x800 },
		{ "\xef\xbf\xbf", 3, 0xffff },
		{ "\xf0\x90\x80\x80", 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t point = 0;

		assert_int_equal(
			ks_utf8_decode(ks_span_str(cases[i].text), &point),
			cases[i].n);
		assert_int_equal(point, cases[i].point);
	}
}

static void test_utf8__refuses_what_is_not(void **state)
{
	static const char *const cases[] = {
		"\x80",             /* a continuation first */
		"\xc0\x80",         /* overlong */
		"\xc1\xbf",         /* overlong */
		"\xe0\x9f\xbf",     /* overlong */
		"\xf0\x8f\xbf\xbf", /* overlong */
		"\xed\xa0\x80",     /* a surrogate */
		"\xed\xbf\xbf",     /* a surrogate */
		"\xf4\x90\x80\x80", /* over U+10FFFF */
		"\xf5\x80\x80\x80", /* over U+10FFFF */
		"\xe2\x80",         /* cut off */
		"\xe2\x80q",        /* broken off */
		"\xff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t point = 0;

		assert_int_equal(
			ks_utf8_decode(ks_span_str(cases[i]), &point), 0);
		assert_false(ks_utf8_is_text(ks_span_str(cases[i])));
	}
}

static void test_utf8__repair_replaces_bytes_and_nuls(void **state)
{
	struct ks_buf out = { 0 };

	(void)state;
	assert_int_equal(ks_utf8_repair(&out,
				 ks_span_of("a\0b\xff\xe2\x80z\xc3\xa9", 9)),
		0);
	assert_string_equal(ks_buf_str(&out),
		"a\xef\xbf\xbd"
		"b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xc3\xa9");
	assert_true(ks_utf8_is_text(ks_buf_span(&out)));
	assert_false(ks_utf8_is_text(ks_span_of("a\0b", 3)));
	ks_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8__decodes_what_is_well_formed),
		cmocka_unit_test(test_utf8__refuses_what_is_not),
		cmocka_unit_test(test_utf8__repair_replaces_bytes_and_nuls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
