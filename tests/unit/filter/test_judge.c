/* SPDX-License-Identifier: Apache-2.0 */
/* What is a secret and what only looks like one. */
#include "draw.h"
#include "judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A line for judge() whose secret is ${prefix} and ${n} drawn characters. */
static const char *draw_line(
	struct draw *draw, const char *prefix, size_t n, const char *alphabet)
{
	static char line[2048];
	char text[1024];

	draw_text(draw, text, n, alphabet);
	snprintf(line, sizeof(line), "value = \"|%s%s|\"\n", prefix, text);
	return line;
}

static void test_judge__keeps_random_tokens(void **state)
{
	static const struct {
		const char *prefix;
		size_t n;
		const char *alphabet;
	} forms[] = {
		{ "AKIA", 16, BASE32 },
		{ "ghp_", 36, BASE62 },
		{ "sk_test_", 24, BASE62 },
		{ "xoxb-", 50, DIGITS BASE62 },
		{ "", 40, BASE64 },
		{ "", 40, HEX },
		{ "", 32, HEX },
		{ "da2-", 26, BASE36 },
		{ "", 24, BASE36 },
		{ "https://hooks.host.com/services/T", 33, UPPER DIGITS },
		{ "", 86, BASE64URL },
		{ "", 400, BASE64 },
	};
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);
	struct draw draw = { 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		for (size_t j = 0; j < 400; j++)
			assert_reject(&rule,
				draw_line(&draw, forms[i].prefix, forms[i].n,
					forms[i].alphabet),
				KS_REJECT_NONE);
	}
}

static void test_judge__keeps_random_generic_values(void **state)
{
	static const struct {
		size_t n;
		const char *alphabet;
	} forms[] = {
		{ 20, BASE62 "!#%^*" },
		{ 24, BASE62 },
		{ 32, BASE64URL },
		{ 40, BASE64 },
		{ 32, HEX },
		{ 64, HEX },
		{ 32, BASE36 },
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	struct draw draw = { 2 };
	size_t kept = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		for (size_t j = 0; j < 1000; j++) {
			struct ks_verdict verdict =
				judge(&rule, draw_line(&draw, "", forms[i].n,
						     forms[i].alphabet));

			kept += verdict.reject == KS_REJECT_NONE;
		}
	}
	/* A few do look like names. */
	assert_true(kept >= COUNT(forms) * 1000 - 7);
}

static void test_judge__asks_for_length_entropy_and_checksum(void **state)
{
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);

	(void)state;
	rule.min_length = 10;
	assert_reject(&rule, "'|k8Gq2ZpX1|'", KS_REJECT_LENGTH);
	assert_reject(&rule, "'|k8Gq2ZpX1v|'", KS_REJECT_NONE);
	rule.entropy = 3.4f;
	assert_reject(&rule, "'|k8Gq2ZkG8q|'", KS_REJECT_ENTROPY);
	rule.checksum = KS_CHECKSUM_GITHUB;
	assert_reject(&rule, "'|ghp_k8Gq2ZpX1v|'", KS_REJECT_CHECKSUM);
}

static void test_judge__measures_entropy(void **state)
{
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);
	struct ks_verdict verdict = judge(&rule, "'|qzjxkvbwpmyfghtd|'");

	(void)state;
	assert_int_equal(verdict.reject, KS_REJECT_NONE);
	assert_true(verdict.entropy > 3.999f && verdict.entropy < 4.001f);
}

/* Each pair: what should be surer first. */
static void test_judge__confidence_follows_the_line(void **state)
{
	static const struct {
		enum ks_rule_kind kind;
		const char *surer;
		const char *less;
	} cases[] = {
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"fakeKey = '|k8Gq2ZpX1vTm4Rw7|'" },
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"key = '|k8Gq2ZpX1vTm4Rw7|' # example" },
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|' # test",
			"key = '|k8Gq2ZpX1vTm4Rw7|' # dummy" },
		{ KS_RULE_TOKEN, "token = '|k8Gq2ZpX1vTm4Rw7|'",
			"thing = '|k8Gq2ZpX1vTm4Rw7|'" },
		{ KS_RULE_TOKEN, "key = '|k8Gq2ZpX1vTm4Rw7|'",
			"publicKey = '|k8Gq2ZpX1vTm4Rw7|'" },
		{ KS_RULE_GENERIC, "password = '|k8Gq2ZpX1vTm4Rw7|'",
			"public_key_id = '|kxgqczpxbvtmzrwq|'" },
		{ KS_RULE_GENERIC, "password = '|k8Gq2ZpX1vTm4Rw7|'",
			"throw new Error('password |must be longer|')" },
		{ KS_RULE_PASSWORD, "db://app:|k8Gq2ZpX|@db.corp.net/x",
			"db://app:|password|@localhost/x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ks_rule rule = rule_of(cases[i].kind);
		struct ks_verdict surer = judge(&rule, cases[i].surer);
		struct ks_verdict less = judge(&rule, cases[i].less);

		if (surer.confidence <= less.confidence)
			print_error("%s: %g, %s: %g\n", cases[i].surer,
				(double)surer.confidence, cases[i].less,
				(double)less.confidence);
		assert_true(surer.confidence > less.confidence);
	}
}

static void test_judge__confidence_is_clamped(void **state)
{
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	const char *good = "secret_token = '|k8Gq2ZpX1vTm4Rw7|'";
	struct ks_verdict verdict;

	(void)state;
	rule.confidence = 1;
	assert_true(judge(&rule, good).confidence <= 0.99f);
	rule.confidence = 0;
	verdict = judge(&rule, "mock public uuid = |kxgqczpxbvtmzrwq| # fake");
	assert_int_equal(verdict.reject, KS_REJECT_NONE);
	assert_true(verdict.confidence >= 0.01f);
	rule.confidence = 0.9f;
	rule.is_public = true;
	assert_true(judge(&rule, good).confidence <= 0.31f);
}

/*
 * Remembered verdicts rely on it: bytes 256 bytes away from the secret change
 * nothing.
 */
static void test_judge__looks_at_the_window_only(void **state)
{
	static const char *const words[] = { "example", "password", "\n", "\"",
		"${", "}", "public ", "sha256:", "localhost", "\x80", "= ",
		"test" };
	struct draw draw = { 3 };
	uint8_t text[2000];
	uint8_t other[2000];

	(void)state;
	for (size_t round = 0; round < 6000; round++) {
		struct ks_rule rule = rule_of(1 + draw_below(&draw, 3));
		size_t n = 8 + draw_below(&draw, 60);
		size_t start = draw_below(&draw, (uint32_t)(2000 - n));
		struct ks_match match = { 0, start, start + n, start,
			start + n };
		size_t from = start > 256 ? start - 256 : 0;
		size_t to = start + n + 256 < 2000 ? start + n + 256 : 2000;
		struct ks_verdict a;
		struct ks_verdict b;

		draw_text(&draw, (char *)text, 1999, BASE64 "      =:'\"");
		for (size_t i = 0; i < 60; i++) {
			const char *word =
				words[draw_below(&draw, COUNT(words))];
			size_t at = draw_below(&draw, 1980);

			memcpy(text + at, word, strlen(word));
		}
		for (size_t i = 0; i < sizeof(other); i++)
			other[i] = i >= from && i < to
					   ? text[i]
					   : (uint8_t)draw_below(&draw, 256);
		ks_filter_judge(&a, &rule, ks_span_of(text, 2000), &match);
		ks_filter_judge(&b, &rule, ks_span_of(other, 2000), &match);
		assert_int_equal(a.reject, b.reject);
		assert_true(a.confidence == b.confidence);
		assert_true(a.entropy == b.entropy);
		/* The same window, alone. */
		match.secret_start -= from;
		match.secret_end -= from;
		ks_filter_judge(
			&b, &rule, ks_span_of(text + from, to - from), &match);
		assert_int_equal(a.reject, b.reject);
		assert_true(a.confidence == b.confidence);
	}
}

/* Any bytes at all; the sanitizers watch. */
static void test_judge__survives_any_bytes(void **state)
{
	static const char hostile[] =
		"${}<>[](){{%s\\\"'`=:/.@-_*xX\xe2\x80\xa6"
		"aA0 \t\n\r\x00\x01\xff";
	struct draw draw = { 4 };

	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		struct ks_rule rule = rule_of(draw_below(&draw, 4));
		size_t n = 1 + draw_below(&draw, 40);
		uint8_t text[48];
		struct ks_match match = { 0 };
		struct ks_verdict verdict;

		rule.checksum = draw_below(&draw, KS_CHECKSUM_COUNT);
		for (size_t i = 0; i < n; i++)
			text[i] = (uint8_t)
				hostile[draw_below(&draw, sizeof(hostile))];
		match.secret_start = draw_below(&draw, (uint32_t)n);
		match.secret_end =
			match.secret_start +
			draw_below(
				&draw, (uint32_t)(n - match.secret_start + 1));
		ks_filter_judge(&verdict, &rule, ks_span_of(text, n), &match);
		assert_true(verdict.reject < KS_REJECT_COUNT);
		assert_true((verdict.reject == KS_REJECT_NONE) ==
			    (verdict.confidence > 0));
	}
}

static void test_judge__names_each_reason(void **state)
{
	(void)state;
	for (unsigned i = 0; i < KS_REJECT_COUNT; i++)
		assert_true(ks_reject_text(i)[0] != '\0');
	assert_string_equal(ks_reject_text(KS_REJECT_COUNT), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge__keeps_random_tokens),
		cmocka_unit_test(test_judge__keeps_random_generic_values),
		cmocka_unit_test(
			test_judge__asks_for_length_entropy_and_checksum),
		cmocka_unit_test(test_judge__measures_entropy),
		cmocka_unit_test(test_judge__confidence_follows_the_line),
		cmocka_unit_test(test_judge__confidence_is_clamped),
		cmocka_unit_test(test_judge__looks_at_the_window_only),
		cmocka_unit_test(test_judge__survives_any_bytes),
		cmocka_unit_test(test_judge__names_each_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
