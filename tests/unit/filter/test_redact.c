/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown of a secret: enough to know it, too little to use it. */
#include "draw.h"
#include "filter/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DOTS "\xe2\x80\xa6"

static struct ks_rule rule_of(enum ks_rule_kind kind)
{
	return (struct ks_rule){ .id = "test", .kind = kind };
}

static void assert_redacted(
	enum ks_rule_kind kind, struct ks_span secret, const char *want)
{
	struct ks_rule rule = rule_of(kind);
	struct ks_buf out = { 0 };

	assert_int_equal(ks_redact(&out, &rule, secret), KS_OK);
	assert_string_equal(ks_buf_str(&out), want);
	ks_buf_release(&out);
}

static void test_redact__shows_both_ends_of_tokens(void **state)
{
	static const struct {
		enum ks_rule_kind kind;
		const char *secret;
		const char *want;
	} cases[] = {
		{ KS_RULE_TOKEN, "abcdefghijklmnopqrst", "abcd" DOTS "qrst" },
		{ KS_RULE_TOKEN, "abcdefghijklmnopqrs", "ab" DOTS "rs" },
		{ KS_RULE_TOKEN, "abcdefghijkl", "ab" DOTS "kl" },
		{ KS_RULE_TOKEN, "abcdefghijk", "a" DOTS },
		{ KS_RULE_TOKEN, "abcdefgh", "a" DOTS },
		{ KS_RULE_TOKEN, "abcdefg", DOTS },
		{ KS_RULE_TOKEN, "", DOTS },
		{ KS_RULE_PASSWORD, "abcdefg", DOTS },
		{ KS_RULE_PASSWORD, "abcdefgh", "a" DOTS },
		{ KS_RULE_PASSWORD, "abcdefghijklmnopqrs", "a" DOTS },
		{ KS_RULE_PASSWORD, "abcdefghijklmnopqrst", "ab" DOTS "st" },
		{ KS_RULE_GENERIC, "abcdefghijklmnopqrst", "ab" DOTS "st" },
		{ KS_RULE_GENERIC, "abcdefghijklmnopqrstuvwxyz012345",
			"abcd" DOTS "2345" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_redacted(cases[i].kind, ks_span_str(cases[i].secret),
			cases[i].want);
}

static void test_redact__shows_the_header_of_a_block(void **state)
{
	static const struct {
		const char *block;
		const char *want;
	} cases[] = {
		{ "-----BEGIN RSA PRIVATE KEY-----\nabcdefgh",
			"-----BEGIN RSA PRIVATE KEY----- " DOTS },
		{ "-----BEGIN PRIVATE KEY-----\\nabcdefgh",
			"-----BEGIN PRIVATE KEY----- " DOTS },
		{ "PuTTY-User-Key-File-2: ssh-rsa\r\nabcdefghijkl",
			"PuTTY-User-Key-File-2: ssh-rsa " DOTS },
		/* No header: its first lines are the key. */
		{ "abcdefghijklmnopqrstuvwxyz\nabcdefgh", "abcd" DOTS "efgh" },
		{ "-----BEGIN abcdefghijklmnopqrst-----", "----" DOTS "----" },
		{ "-----BEGIN PRIVATE KEY", "----" DOTS " KEY" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_redacted(KS_RULE_BLOCK, ks_span_str(cases[i].block),
			cases[i].want);
}

static void test_redact__replaces_what_is_not_printable(void **state)
{
	(void)state;
	assert_redacted(KS_RULE_TOKEN,
		ks_span_of("\x1b[2Jabcdefghijkl\n\xff\0z", 20),
		"?[2J" DOTS "???z");
}

/*
 * Of what a person chose a quarter at most is shown; of a token, whose first
 * bytes are its provider's, the rest shows a quarter at most.
 */
static void test_redact__reveals_a_quarter_at_most(void **state)
{
	struct draw draw = { 1 };

	(void)state;
	for (size_t n = 0; n < 200; n++) {
		for (enum ks_rule_kind kind = 0; kind < KS_RULE_KIND_COUNT;
			kind++) {
			struct ks_rule rule = rule_of(kind);
			struct ks_buf out = { 0 };
			char secret[200];
			size_t shown;

			draw_text(&draw, secret, n, BASE62);
			assert_int_equal(
				ks_redact(&out, &rule, ks_span_of(secret, n)),
				KS_OK);
			shown = out.n - strlen(DOTS);
			if (kind == KS_RULE_TOKEN || kind == KS_RULE_BLOCK)
				shown -= shown / 2;
			assert_true(shown * 4 <= n);
			ks_buf_release(&out);
		}
	}
}

static void test_redact__replaces_parts_of_a_text(void **state)
{
	static const char text[] = "key=abcdefgh, pass=ijklmnop; end";
	struct ks_rule token = rule_of(KS_RULE_TOKEN);
	static const struct {
		struct ks_redaction list[3];
		size_t count;
		const char *want;
	} cases[] = {
		{ { { 0 } }, 0, text },
		{ { { 4, 12, NULL }, { 19, 27, NULL } }, 2,
			"key=a" DOTS ", pass=i" DOTS "; end" },
		/* Overlapping, nested and touching ones. */
		{ { { 4, 10, NULL }, { 6, 12, NULL } }, 2,
			"key=a" DOTS ", pass=ijklmnop; end" },
		{ { { 4, 12, NULL }, { 5, 8, NULL }, { 11, 14, NULL } }, 3,
			"key=a" DOTS "pass=ijklmnop; end" },
		{ { { 4, 8, NULL }, { 8, 12, NULL } }, 2,
			"key=" DOTS DOTS ", pass=ijklmnop; end" },
		/* Beyond the end. */
		{ { { 19, 99, NULL } }, 1, "key=abcdefgh, pass=ij" DOTS "nd" },
		{ { { 60, 99, NULL } }, 1, text },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ks_redaction list[3];
		struct ks_buf out = { 0 };

		memcpy(list, cases[i].list, sizeof(list));
		for (size_t j = 0; j < 3; j++)
			list[j].rule = &token;
		assert_int_equal(ks_redact_in(&out, ks_span_str(text), list,
					 cases[i].count),
			KS_OK);
		assert_string_equal(ks_buf_str(&out), cases[i].want);
		ks_buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_redact__shows_both_ends_of_tokens),
		cmocka_unit_test(test_redact__shows_the_header_of_a_block),
		cmocka_unit_test(test_redact__replaces_what_is_not_printable),
		cmocka_unit_test(test_redact__reveals_a_quarter_at_most),
		cmocka_unit_test(test_redact__replaces_parts_of_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
