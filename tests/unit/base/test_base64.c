/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 against RFC 4648's vectors, and against what is not base64. */
#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void assert_decodes(
	const char *text, enum ks_base64_form form, const void *want, size_t n)
{
	struct ks_buf out = { 0 };

	assert_int_equal(ks_buf_add_str(&out, "-"), KS_OK);
	assert_int_equal(
		ks_base64_decode(&out, ks_span_str(text), form), KS_OK);
	assert_int_equal(out.n, n + 1);
	assert_memory_equal(out.p + 1, want, n);
	ks_buf_release(&out);
}

static void assert_corrupt(struct ks_span text, enum ks_base64_form form)
{
	struct ks_buf out = { 0 };

	assert_int_equal(ks_buf_add_str(&out, "-"), KS_OK);
	assert_int_equal(ks_base64_decode(&out, text, form), KS_E_CORRUPT);
	assert_int_equal(out.n, 1);
	ks_buf_release(&out);
}

static void test_base64__decodes_the_rfc_vectors(void **state)
{
	static const struct {
		const char *text;
		const char *bytes;
	} cases[] = {
		{ "", "" },
		{ "Zg==", "f" },
		{ "Zm8=", "fo" },
		{ "Zm9v", "foo" },
		{ "Zm9vYg==", "foob" },
		{ "Zm9vYmE=", "fooba" },
		{ "Zm9vYmFy", "foobar" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = strlen(cases[i].bytes);

		assert_decodes(
			cases[i].text, KS_BASE64_STRICT, cases[i].bytes, n);
		assert_decodes(cases[i].text, KS_BASE64_URL, cases[i].bytes, n);
		assert_decodes(
			cases[i].text, KS_BASE64_LENIENT, cases[i].bytes, n);
	}
}

static void test_base64__knows_both_alphabets(void **state)
{
	(void)state;
	assert_decodes("-_8", KS_BASE64_URL, "\xfb\xff", 2);
	assert_decodes("+/8=", KS_BASE64_STRICT, "\xfb\xff", 2);
	assert_decodes("+_8", KS_BASE64_LENIENT, "\xfb\xff", 2);
	assert_corrupt(ks_span_str("+/8="), KS_BASE64_URL);
	assert_corrupt(ks_span_str("-_8="), KS_BASE64_STRICT);
}

static void test_base64__lenient_takes_what_is_found(void **state)
{
	(void)state;
	assert_decodes("Zm9\r\n vYg", KS_BASE64_LENIENT, "foob", 4);
	assert_decodes("Zm9vYg=\n=\n", KS_BASE64_LENIENT, "foob", 4);
	/* Unused bits that are not zero. */
	assert_decodes("Zm9vYh", KS_BASE64_LENIENT, "foob", 4);
}

static void test_base64__refuses_what_is_wrong(void **state)
{
	static const struct {
		const char *text;
		enum ks_base64_form form;
	} cases[] = {
		{ "Zg", KS_BASE64_STRICT },
		{ "Zg=", KS_BASE64_STRICT },
		{ "Zg===", KS_BASE64_STRICT },
		{ "Zh==", KS_BASE64_STRICT },
		{ "Zm9=", KS_BASE64_STRICT },
		{ "Zm9v\n", KS_BASE64_STRICT },
		{ "Zm9v====", KS_BASE64_STRICT },
		{ "Z", KS_BASE64_STRICT },
		{ "Zh", KS_BASE64_URL },
		{ "Zg=", KS_BASE64_URL },
		{ "Zm 9v", KS_BASE64_URL },
		{ "Z", KS_BASE64_LENIENT },
		{ "Zg=a", KS_BASE64_LENIENT },
		{ "Zg=", KS_BASE64_LENIENT },
		{ "Zm9v!", KS_BASE64_LENIENT },
		{ "Zm9\x80", KS_BASE64_LENIENT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_corrupt(ks_span_str(cases[i].text), cases[i].form);
	assert_corrupt(ks_span_of("Zm9v\0Zm9", 8), KS_BASE64_LENIENT);
}

/* Encoded here in the plainest way, decoded there. */
static void test_base64__decodes_what_was_encoded(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t bytes[48];
	char text[65];
	uint32_t random = 1;

	(void)state;
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		size_t bits = 0;
		size_t out = 0;

		for (size_t i = 0; i < n; i++) {
			random = random * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(random >> 24);
		}
		for (; bits < n * 8; bits += 6) {
			unsigned value = 0;

			for (size_t b = bits; b < bits + 6; b++)
				value = value << 1 |
					(b < n * 8 &&
						bytes[b / 8] >> (7 - b % 8) &
							1);
			text[out++] = digits[value];
		}
		while (out % 4 != 0)
			text[out++] = '=';
		text[out] = '\0';
		assert_decodes(text, KS_BASE64_STRICT, bytes, n);
	}
}

static void test_base64__head_stops_at_the_end(void **state)
{
	uint8_t out[8];

	(void)state;
	assert_int_equal(ks_base64_head(out, 8, ks_span_str("Zm9vYmFy")), 6);
	assert_memory_equal(out, "foobar", 6);
	assert_int_equal(ks_base64_head(out, 8, ks_span_str("Zm9v\nmFy")), 3);
	assert_int_equal(ks_base64_head(out, 2, ks_span_str("Zm9vYmFy")), 2);
	assert_int_equal(ks_base64_head(out, 8, ks_span_str("Zg")), 1);
	assert_int_equal(ks_base64_head(out, 8, ks_span_str("Z")), 0);
	assert_int_equal(ks_base64_head(out, 8, ks_span_str("=")), 0);
}

static void test_base64__digits_are_of_both_alphabets(void **state)
{
	size_t count = 0;

	(void)state;
	for (unsigned byte = 0; byte < 256; byte++)
		count += ks_base64_is_digit((uint8_t)byte);
	assert_int_equal(count, 66);
	assert_true(ks_base64_is_digit('-'));
	assert_false(ks_base64_is_digit('='));
	assert_false(ks_base64_is_digit(' '));
}

static void test_base64__decodes_hex(void **state)
{
	static const char *const wrong[] = { "0", "0g", "/0", ":0", "@0", "G0",
		"`0", "0x", " 00" };
	struct ks_buf out = { 0 };

	(void)state;
	assert_int_equal(
		ks_base64_decode_hex(&out, ks_span_str("00fFA9")), KS_OK);
	assert_int_equal(out.n, 3);
	assert_memory_equal(out.p, "\x00\xff\xa9", 3);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(
			ks_base64_decode_hex(&out, ks_span_str(wrong[i])),
			KS_E_CORRUPT);
		assert_int_equal(out.n, 3);
	}
	ks_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64__decodes_the_rfc_vectors),
		cmocka_unit_test(test_base64__knows_both_alphabets),
		cmocka_unit_test(test_base64__lenient_takes_what_is_found),
		cmocka_unit_test(test_base64__refuses_what_is_wrong),
		cmocka_unit_test(test_base64__decodes_what_was_encoded),
		cmocka_unit_test(test_base64__head_stops_at_the_end),
		cmocka_unit_test(test_base64__digits_are_of_both_alphabets),
		cmocka_unit_test(test_base64__decodes_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
