/* SPDX-License-Identifier: Apache-2.0 */
/* Sample templates. */
#include "rules/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

static const char *expand(struct ks_buf *out, const char *text, uint64_t seed)
{
	struct ks_err err = { 0 };

	ks_buf_reset(out);
	if (ks_sample_expand(out, text, seed, &err) < 0)
		fail_msg("%s: %s", text, err.message);
	return ks_buf_str(out);
}

static void test_sample__expands_what_is_not_random(void **state)
{
	static const struct {
		const char *text;
		const char *expanded;
	} cases[] = {
		{ "", "" },
		{ "plain } { text }}", "plain } { text }}" },
		{ "a{{}}b", "ab" },
		{ "a{{ \"x\" }}b", "axb" },
		{ "{{\"a\\n\\t\\\"\\\\\\x41\"}}", "a\n\t\"\\A" },
		{ "{{\"{{}}\"}}", "{{}}" },
		{ "{{[x]}}{{[y]{3}}}", "xyyy" },
		{ "{{[x]{0}}}", "" },
		{ "{{base64(\"a\") \"|\" base64(\"ab\") \"|\" "
		  "base64(\"abc\")}}",
			"YQ==|YWI=|YWJj" },
		{ "{{base64(\"\\xfb\\xff\")}}", "+/8=" },
		{ "{{base64url(\"\\xfb\\xff\")}}", "-_8" },
		{ "{{hex(\"az\" [\\xff])}}", "617aff" },
		{ "{{base64(hex(\"a\"))}}", "NjE=" },
		{ "{{base64()}}", "" },
		{ "{{\"t_\" [a]{3} \"_\" [b]{2}}}", "t_aaa_bb" },
	};
	struct ks_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			expand(&out, cases[i].text, 1), cases[i].expanded);
	ks_buf_release(&out);
}

static void test_sample__draws_from_its_class(void **state)
{
	struct ks_buf out = { 0 };
	bool is_seen[10] = { false };
	bool is_varied = false;
	size_t first;

	(void)state;
	expand(&out, "{{[0-9]{500}}}", 1);
	assert_int_equal(out.n, 500);
	for (size_t i = 0; i < out.n; i++) {
		assert_in_range(out.p[i], '0', '9');
		is_seen[out.p[i] - '0'] = true;
	}
	for (size_t i = 0; i < 10; i++)
		assert_true(is_seen[i]);
	first = strlen(expand(&out, "{{[a-z]{3,9}}}", 0));
	for (uint64_t seed = 0; seed < 50; seed++) {
		size_t n = strlen(expand(&out, "{{[a-z]{3,9}}}", seed));

		assert_in_range(n, 3, 9);
		is_varied |= n != first;
	}
	assert_true(is_varied);
	ks_buf_release(&out);
}

static void test_sample__depends_on_text_and_seed_only(void **state)
{
	struct ks_buf a = { 0 };
	struct ks_buf b = { 0 };

	(void)state;
	assert_string_equal(
		expand(&a, "{{[a-z]{20}}}", 5), expand(&b, "{{[a-z]{20}}}", 5));
	assert_string_not_equal(
		expand(&a, "{{[a-z]{20}}}", 5), expand(&b, "{{[a-z]{20}}}", 6));
	assert_string_not_equal(expand(&a, "{{[a-z]{20}}}", 5),
		expand(&b, " {{[a-z]{20}}}", 5) + 1);
	ks_buf_release(&a);
	ks_buf_release(&b);
}

static void test_sample__appends(void **state)
{
	struct ks_buf out = { 0 };

	(void)state;
	assert_int_equal(ks_buf_add_str(&out, "before "), 0);
	assert_int_equal(
		ks_sample_expand(&out, "{{\"x\" crc32_base62}}", 1, NULL), 0);
	assert_string_equal(ks_buf_str(&out), "before x000000");
	ks_buf_release(&out);
}

static uint32_t crc_of(const char *p, size_t n)
{
	return (uint32_t)crc32(0, (const Bytef *)p, (uInt)n);
}

/* ${n} digits at ${p} as a number, to compare by value. */
static uint64_t value_of(const char *p, size_t n, const char *digits)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++) {
		const char *digit = strchr(digits, p[i]);

		assert_non_null(digit);
		value = value * strlen(digits) + (uint64_t)(digit - digits);
	}
	return value;
}

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz";
static const char base36[] = "0123456789abcdefghijklmnopqrstuvwxyz";

/* The prefix is not part of it, other random items are. */
static void test_sample__makes_github_checksums(void **state)
{
	struct ks_buf out = { 0 };

	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		const char *text = expand(&out,
			"k={{\"pre_\" [A-Za-z0-9]{29} [x] crc32_base62}};",
			seed);

		assert_int_equal(out.n, 2 + 4 + 30 + 6 + 1);
		assert_int_equal(
			value_of(text + 36, 6, base62), crc_of(text + 6, 30));
	}
	ks_buf_release(&out);
}

static void test_sample__makes_gitlab_checksums(void **state)
{
	struct ks_buf out = { 0 };

	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		const char *text = expand(&out,
			"{{\"pre-\" base64url([\\x00-\\xff]{16} \"o:1\" "
			"[\\x03])"
			" gitlab_routable}}",
			seed);

		/* 20 bytes: 27 digits, in base 36 "0r". */
		assert_int_equal(out.n, 4 + 27 + 4 + 2 + 7);
		assert_memory_equal(text + 31, ".01.0r", 6);
		assert_int_equal(
			value_of(text + 37, 7, base36), crc_of(text, 37));
	}
	ks_buf_release(&out);
}

static void test_sample__makes_grafana_checksums(void **state)
{
	struct ks_buf out = { 0 };
	const char *text =
		expand(&out, "{{\"pre_\" [A-Za-z0-9]{32} grafana_crc32}}", 1);
	uint32_t crc;
	char hex[10];

	(void)state;
	assert_int_equal(out.n, 4 + 32 + 9);
	crc = crc_of(text, 36);
	snprintf(hex, sizeof(hex), "_%02x%02x%02x%02x", crc & 255,
		crc >> 8 & 255, crc >> 16 & 255, crc >> 24);
	assert_string_equal(text + 36, hex);
	ks_buf_release(&out);
}

static void test_sample__says_what_is_wrong(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{ "{{", "no '}}' at its end" },
		{ "{{\"a}}", "a text without its end" },
		{ "{{\"\\q\"}}", "at byte 4: an unknown escape" },
		{ "{{\"\\xg0\"}}", "two hex digits" },
		{ "{{[a}}", "without ']'" },
		{ "{{[a]{}}}", "expected a number" },
		{ "{{[a]{3,1}}}", "expected {N} or {N,M}" },
		{ "{{[a]{3 }}}", "expected {N} or {N,M}" },
		{ "{{[^\\x00-\\xff]}}", "nothing matches" },
		{ "{{hello}}", "at byte 2: an unknown item" },
		{ "{{base64(\"a\"}}", "an unknown item" },
		{ "{{base64(", "no ')' at its end" },
		{ "{{[a]{2000000}}}", "too large" },
		{ "{{[a]{1000000} [a]{1000000}}}", "too long" },
		{ "{{hex(hex(hex(hex(hex(hex(hex(hex(hex(\"\")))))))))}}",
			"too many nested" },
		{ "{{[a]{99999999999999999999}}}", "too large" },
	};
	struct ks_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ks_err err = { 0 };

		ks_buf_reset(&out);
		if (ks_sample_expand(&out, cases[i].text, 1, &err) != KS_E_RULE)
			fail_msg("%s was taken", cases[i].text);
		if (!strstr(err.message, cases[i].message))
			fail_msg("%s: %s", cases[i].text, err.message);
	}
	ks_buf_release(&out);
}

static void test_sample__survives_noise(void **state)
{
	static const char *const words[] = { "{{", "}}", "\"", "[a-z]", "{2}",
		"{1,3}", "base64(", "hex(", ")", " ", "crc32_base62", "\\",
		"gitlab_routable", "grafana_crc32", "x", "[", "]", "\\n" };
	struct ks_buf text = { 0 };
	struct ks_buf out = { 0 };

	(void)state;
	srandom(4);
	for (unsigned round = 0; round < 50000; round++) {
		ks_buf_reset(&text);
		ks_buf_reset(&out);
		for (long n = random() % 12; n > 0; n--)
			assert_int_equal(ks_buf_add_str(&text,
						 words[(size_t)random() % 18]),
				0);
		if (ks_sample_expand(&out, ks_buf_str(&text), round, NULL) < 0)
			continue;
	}
	ks_buf_release(&text);
	ks_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample__expands_what_is_not_random),
		cmocka_unit_test(test_sample__draws_from_its_class),
		cmocka_unit_test(test_sample__depends_on_text_and_seed_only),
		cmocka_unit_test(test_sample__appends),
		cmocka_unit_test(test_sample__makes_github_checksums),
		cmocka_unit_test(test_sample__makes_gitlab_checksums),
		cmocka_unit_test(test_sample__makes_grafana_checksums),
		cmocka_unit_test(test_sample__says_what_is_wrong),
		cmocka_unit_test(test_sample__survives_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
