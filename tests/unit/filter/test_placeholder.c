/* SPDX-License-Identifier: Apache-2.0 */
/* Placeholders of all sorts, and passwords that are none. */
#include "judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_placeholder__drops_password_placeholders(void **state)
{
	static const char *const values[] = { "xxxx", "xxxx-xxxx", "abc***",
		"abc...", "ab\xe2\x80\xa6", "********", "........",
		"aXXXXXXXXb", "sk-####" };
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		char line[256];

		snprintf(line, sizeof(line), "login = '|%s|'\n", values[i]);
		assert_reject(&rule, line, KS_REJECT_PLACEHOLDER);
	}
}

/* Weak passwords are the model's business; where none may be is clear. */
static void test_placeholder__hides_what_nobody_protects(void **state)
{
	static const char *const lines[] = {
		"\"password\": '|------|'",
		"label.password = \"|Your password|\"",
		"password: |required|",
		"token = '|example|'",
		"the secret is '|placeholder|' for now",
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_unlikely(&rule, lines[i]);
}

static void test_placeholder__keeps_real_passwords(void **state)
{
	static const char *const lines[] = {
		"password = '|hunter2!x9|'",
		"password = '|Tr0ub4dor&3|'",
		"password = '|Summer2019!|'",
		"password: |admin2019|",
		"password: |correct-horse-battery-staple|",
		"password: |Fluffy1987|",
		"password: |iloveyou|",
		"password: |P@ssw0rd!|",
		"postgres://app:|mu5tang#|@db.internal/x",
		"password=|zaq1@WSX|",
		"password=|geh$eim7|",
		"password: |l33t{haxor|",
		"password: |pa%ss%d|",
		"password: |40%off|",
		"password: |Kx(9b|",
		"password: |$ecr#t99|",
		"DB_PASS=|Trustno1|",
	};
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_NONE);
}

static void test_placeholder__drops_example_tokens(void **state)
{
	static const struct {
		const char *value;
		enum ks_reject reject;
	} cases[] = {
		{ "AKIAIOSFODNN7EXAMPLE", KS_REJECT_PLACEHOLDER },
		{ "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
			KS_REJECT_PLACEHOLDER },
		{ "AKIAXXXXXXXXXXXXXXXX", KS_REJECT_PLACEHOLDER },
		{ "tok_xxxxxxxxxxxxxxxxxxxx", KS_REJECT_PLACEHOLDER },
		{ "xoxb-your-token-here-please", KS_REJECT_PLACEHOLDER },
		{ "sk_live_YOUR_SECRET_KEY_HERE", KS_REJECT_PLACEHOLDER },
		{ "key_abc123...", KS_REJECT_PLACEHOLDER },
		{ "glpat-REDACTED0123456789", KS_REJECT_PLACEHOLDER },
		{ "thisisnotarealtokenbutalongone", KS_REJECT_PLACEHOLDER },
		{ "my-very-own-personal-access-token", KS_REJECT_PLACEHOLDER },
		{ "tok_${TOKEN_SUFFIX}", KS_REJECT_TEMPLATE },
		{ "AKIA0000000000000000", KS_REJECT_REPEATED },
		{ "AKIAABCDABCDABCDABCD", KS_REJECT_REPEATED },
		{ "deadbeefdeadbeefdeadbeef", KS_REJECT_PLACEHOLDER },
		{ "f00dfacef00dfacef00dface", KS_REJECT_REPEATED },
		{ "amzn.mws.00000000-0000-0000-0000-000000000000",
			KS_REJECT_REPEATED },
		{ "AKIA1234567890ABCDEF", KS_REJECT_SEQUENCE },
		{ "tok_0123456789abcdefABCDEF", KS_REJECT_SEQUENCE },
		{ "123456789:AAbbccddeeffgghhiijjkk", KS_REJECT_SEQUENCE },
		{ "a1b2c3d4e5f6a7b8c9d0", KS_REJECT_SEQUENCE },
	};
	struct ks_rule rule = rule_of(KS_RULE_TOKEN);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char line[256];

		snprintf(line, sizeof(line), "x = '|%s|'", cases[i].value);
		assert_reject(&rule, line, cases[i].reject);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_placeholder__drops_password_placeholders),
		cmocka_unit_test(test_placeholder__hides_what_nobody_protects),
		cmocka_unit_test(test_placeholder__keeps_real_passwords),
		cmocka_unit_test(test_placeholder__drops_example_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
