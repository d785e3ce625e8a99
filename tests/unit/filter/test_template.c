/* SPDX-License-Identifier: Apache-2.0 */
/* Variables and code where a value could be. */
#include "judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_template__drops_password_templates(void **state)
{
	static const char *const lines[] = {
		"password=|${DB_PASSWORD}|",
		"password: |$DB_PASSWORD|",
		"password: |$(cat secret)|",
		"password: \"|{{ db_password }}|\"",
		"password: {{ |db_password1| }}",
		"password: ${|Dpassword9|}",
		"password: \"|<password>|\"",
		"password: |<your|",
		"PASSWORD=|%s|",
		"PASSWORD=|%PASSWORD%|",
		"password=|%(password)s|",
		"pw: '|#{password}|'",
		"pw: |[PASSWORD]|",
		"pw: |[your password here]|",
		"pw: |{password}|",
		"pw: |__PASSWORD__|",
		"pw: |@DB_PASS@|",
		"pw: 'prefix-|abc${X}def|'",
		"password: |process.env.DB_PASS|,",
		"password = |os.environ['DB_PASS']|",
		"password = |os.getenv(\"DB_PASS\")|",
		"password = |getenv(\"X\")|;",
		"password = |getpass|()",
		"password = |getpass(|)",
		"password = |ENV['X']|",
		"password = |Config::get('x')|;",
		"password = |user->password(x)|;",
		"password = |var.db_password|",
		"password = |null|",
		"password = |None|;",
		"password: |undefined|,",
		"password: |true|",
		"password: |string|;",
		"password: |op://vault/item/field|",
		"postgres://u:|$PASS|@host/db",
		"postgres://u:|<%= pass %>|@host/db",
	};
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_TEMPLATE);
}

static void test_template__drops_generic_templates(void **state)
{
	static const char *const lines[] = {
		"token = \"|${{ secrets.TOKEN }}|\"",
		"token = |secrets.DEPLOY_TOKEN|",
		"token = |request.headers['X-Token']|",
		"token = |parseToken(buffer)|;",
		"token = \"|rgba(0,0,0,0.5)|\"",
		"token = \"|Bearer %(token)s|\"",
		"api_key: |${API_KEY}|",
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_TEMPLATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_template__drops_password_templates),
		cmocka_unit_test(test_template__drops_generic_templates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
