/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict remembered is the verdict: never another one's. */
#include "draw.h"
#include "filter/memo.h"
#include "judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_same(struct ks_memo *memo, const struct ks_rule *rule,
	struct ks_span subject, const struct ks_match *match)
{
	struct ks_verdict want;
	struct ks_verdict got;

	ks_filter_judge(&want, rule, subject, match);
	ks_memo_judge(memo, &got, rule, subject, match);
	assert_int_equal(got.reject, want.reject);
	assert_true(got.confidence == want.confidence);
	assert_true(got.entropy == want.entropy);
}

/* Few values, names and rules, so that most are asked for again. */
static void test_memo__judges_as_the_filter_does(void **state)
{
	static const char *const names[] = { "password", "api_key", "label",
		"nonce" };
	struct ks_rule rules[] = { rule_of(KS_RULE_GENERIC),
		rule_of(KS_RULE_PASSWORD), rule_of(KS_RULE_TOKEN) };
	struct ks_memo memo = { 0 };
	struct draw draw = { 11 };
	char values[40][32];

	(void)state;
	rules[1].confidence = 0.9f;
	for (size_t i = 0; i < 40; i++)
		draw_text(&draw, values[i], 4 + i % 20, BASE62);
	for (size_t i = 0; i < 4000; i++) {
		char text[256];
		const char *value = values[draw_below(&draw, 40)];
		struct ks_match match = { 0 };
		int n = snprintf(text, sizeof(text), "%*s%s = \"%s\"\n",
			(int)draw_below(&draw, 3), "",
			names[draw_below(&draw, 4)], value);

		match.secret_start = match.start =
			(size_t)(strstr(text, value) - text);
		match.secret_end = match.end =
			match.secret_start + strlen(value);
		assert_same(&memo, &rules[draw_below(&draw, 3)],
			ks_span_of(text, (size_t)n), &match);
	}
	ks_memo_release(&memo);
}

/* Two secrets in one window, and the same one in two lengths. */
static void test_memo__tells_places_in_one_window_apart(void **state)
{
	static const char text[] = "token: Zq81hVt4Lw0c token: Zq81hVt4Lw0c\n";
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	struct ks_memo memo = { 0 };

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t start = 7; start < 31; start += 20) {
			for (size_t n = 4; n <= 12; n += 4) {
				struct ks_match match = {
					.secret_start = start,
					.secret_end = start + n,
				};

				assert_same(&memo, &rule,
					ks_span_of(text, sizeof(text) - 1),
					&match);
			}
		}
	}
	ks_memo_release(&memo);
}

static void test_memo__judges_what_is_too_long_to_keep(void **state)
{
	enum {
		LONG = 2000
	};
	static char text[LONG + 16] = "secret = \"";
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);
	struct ks_match match = { .secret_start = 10, .secret_end = 10 + LONG };
	struct ks_memo memo = { 0 };
	struct draw draw = { 13 };

	(void)state;
	draw_text(&draw, text + 10, LONG, BASE62);
	text[10 + LONG] = '"';
	assert_same(&memo, &rule, ks_span_of(text, LONG + 11), &match);
	assert_same(&memo, &rule, ks_span_of(text, LONG + 11), &match);
	ks_memo_release(&memo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memo__judges_as_the_filter_does),
		cmocka_unit_test(test_memo__tells_places_in_one_window_apart),
		cmocka_unit_test(test_memo__judges_what_is_too_long_to_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
