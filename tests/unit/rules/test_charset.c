/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of bytes: each must be the one that PCRE2 means by the same text. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <pcre2.h>

/* What PCRE2 makes of ${text}: the bytes that it matches. */
static bool ask_pcre2(
	struct ks_charset *out, const char *text, uint32_t options)
{
	int code;
	PCRE2_SIZE where;
	pcre2_code *regex =
		pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
			options | PCRE2_ANCHORED, &code, &where, NULL);
	pcre2_match_data *match;

	*out = (struct ks_charset){ { 0 } };
	if (!regex)
		return false;
	match = pcre2_match_data_create(8, NULL);
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t subject = (uint8_t)byte;

		if (pcre2_match(regex, &subject, 1, 0, 0, match, NULL) > 0)
			ks_charset_add(out, byte);
	}
	pcre2_match_data_free(match);
	pcre2_code_free(regex);
	return true;
}

static void test_charset__reads_classes_as_pcre2_does(void **state)
{
	static const char *const classes[] = { "[a]", "[abc]", "[^abc]",
		"[a-z]", "[A-Za-z0-9_-]", "[]]", "[^]]", "[]a]", "[-a]", "[a-]",
		"[\\w-]", "[\\d.]", "[^\\s]", "[\\S\\n]", "[\\W_]", "[\\h\\v]",
		"[^\\H]", "[\\V]", "[\\D]", "[\\x41-\\x43]", "[\\x{41}\\xff]",
		"[\\n\\r\\t\\f\\a\\e]", "[\\b]", "[\\]\\[\\\\]", "[[:alpha:]]",
		"[[:^alpha:]]", "[[:upper:]]", "[[:^upper:]]", "[[:lower:]x]",
		"[^[:^lower:]]", "[[:alnum:]+/=]", "[[:xdigit:]]", "[[:word:]]",
		"[[:space:]]", "[[:punct:]]", "[[:cntrl:]]", "[[:blank:]]",
		"[[:graph:]]", "[[:print:]]", "[[:ascii:]]", "[[:digit:]]",
		"[^\\x00-\\xff]", "[[a]", "[a[:]", "[a:]", "[+--]", "[!-/]",
		"[\\0\\012]", "[\\o{101}]", "[^a-z]", "[.$^]", "[\"'`]", "[#]",
		"[ ]", "[a\\-z]", "[K-a]", "[\x80-\xff]", "[\\x7f-\\x90]" };

	(void)state;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		for (int caseless = 0; caseless < 2; caseless++) {
			struct ks_charset wanted;
			struct ks_charset got;
			size_t at = 1;
			const char *why;

			if (!ask_pcre2(&wanted, classes[i],
				    caseless ? PCRE2_CASELESS : 0))
				fail_msg("PCRE2 refuses %s", classes[i]);
			why = ks_charset_parse(
				&got, ks_span_str(classes[i]), &at, caseless);
			if (why)
				fail_msg("%s: %s", classes[i], why);
			assert_int_equal(at, strlen(classes[i]));
			if (memcmp(&got, &wanted, sizeof(got)) != 0)
				fail_msg("%s%s differs", classes[i],
					caseless ? " (?i)" : "");
		}
	}
}

static void test_charset__reads_escapes_as_pcre2_does(void **state)
{
	unsigned known = 0;

	(void)state;
	for (unsigned letter = 1; letter < 128; letter++) {
		char text[3] = { '\\', (char)letter, '\0' };
		struct ks_charset wanted;
		struct ks_charset got = { { 0 } };
		size_t at = 1;
		bool is_class;

		if (!ks_charset_parse_escape(
			    &got, &is_class, ks_span_str(text), &at, false))
			continue;
		/* Ours, and not of bytes: assertions. */
		if (strchr("bB", (int)letter))
			fail_msg("\\%c is no byte", (int)letter);
		if (!ask_pcre2(&wanted, text, 0))
			fail_msg("PCRE2 refuses \\%c", (int)letter);
		assert_memory_equal(&got, &wanted, sizeof(got));
		known++;
	}
	assert_true(known > 40);
}

static void test_charset__refuses_what_it_does_not_know(void **state)
{
	static const char *const classes[] = { "[\\p{L}]", "[\\Qa\\E]", "[\\N]",
		"[\\1]", "[\\cA]", "[[:nothing:]]", "[a", "[", "[\\", "[z-a]",
		"[a-\\d]", "[\\x{100}]", "[[:alpha:]" };

	(void)state;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		struct ks_charset set;
		size_t at = 1;

		if (!ks_charset_parse(
			    &set, ks_span_str(classes[i]), &at, false))
			fail_msg("%s was taken", classes[i]);
	}
}

static void test_charset__counts_and_finds_the_first(void **state)
{
	struct ks_charset set = { { 0 } };

	(void)state;
	assert_int_equal(ks_charset_count(&set), 0);
	ks_charset_add_range(&set, 200, 255);
	assert_int_equal(ks_charset_count(&set), 56);
	assert_int_equal(ks_charset_first(&set), 200);
	ks_charset_negate(&set);
	assert_int_equal(ks_charset_count(&set), 200);
	assert_int_equal(ks_charset_first(&set), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_charset__reads_classes_as_pcre2_does),
		cmocka_unit_test(test_charset__reads_escapes_as_pcre2_does),
		cmocka_unit_test(test_charset__refuses_what_it_does_not_know),
		cmocka_unit_test(test_charset__counts_and_finds_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
