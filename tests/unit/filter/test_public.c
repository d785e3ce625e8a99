/* SPDX-License-Identifier: Apache-2.0 */
/* What is meant to be seen is known by its form. */
#include "filter/public.h"
#include "judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_public__knows_public_keys(void **state)
{
	static const char *const yes[] = {
		"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC",
		"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC",
		"-----BEGIN RSA PRIVATE KEY-----",
	};
	static const char *const no[] = { "", "ssh-rsa", "MIIEpAIBAAKCAQEA",
		"xMIGfMA0GCSqGSIb3DQEB", "LS0tLS1CRUdJTiBSU0Eg" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(ks_public_is(ks_span_str(yes[i])));
	for (size_t i = 0; i < COUNT(no); i++)
		assert_false(ks_public_is(ks_span_str(no[i])));
}

static void test_public__knows_names_of_the_environment(void **state)
{
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);

	(void)state;
	assert_reject(&rule, "password = os.getenv('|PGPASSWORD|')",
		KS_REJECT_TEMPLATE);
	assert_reject(&rule, "key = process.env[\"|API_KEY_2|\"]",
		KS_REJECT_TEMPLATE);
	assert_reject(&rule, "secret = os.environ.get('|K8S_SECRET|')",
		KS_REJECT_TEMPLATE);
	assert_reject(&rule, "if test \"$pass\" = |dlopen|; then",
		KS_REJECT_TEMPLATE);
	assert_reject(
		&rule, "[ \"${token}\" != |unset9a| ]", KS_REJECT_TEMPLATE);
	assert_reject(&rule, "fi # $pass = |dlopen|", KS_REJECT_TEMPLATE);
	assert_true(judge(&rule, "pass\" = |k7Qx2mWa9Zt4|").reject !=
		    KS_REJECT_TEMPLATE);
	assert_true(judge(&rule, "ENV_PASSWORD = '|K7QX2MWA9ZT4|'").reject !=
		    KS_REJECT_TEMPLATE);
	assert_true(
		judge(&rule, "password = getenv('|h7Qx2mWa9Zt4|')").reject !=
		KS_REJECT_TEMPLATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_public__knows_public_keys),
		cmocka_unit_test(test_public__knows_names_of_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
