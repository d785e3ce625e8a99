/* SPDX-License-Identifier: Apache-2.0 */
/* Names, paths and numbers that no generic rule should report. */
#include "judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_identifier__drops_variables_named_password(void **state)
{
	static const char *const lines[] = {
		"password = |passwordEncoder|;",
		"password: |hashedPassword|,",
		"password = |form.password_confirmation|",
		"login(user, |typedPassword|)",
	};
	struct ks_rule rule = rule_of(KS_RULE_PASSWORD);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_reject(&rule, lines[i], KS_REJECT_IDENTIFIER);
	/* Quoted, it is a value. */
	assert_reject(
		&rule, "password = \"|k7password_Encoder|\";", KS_REJECT_NONE);
}

static void test_identifier__drops_generic_identifiers(void **state)
{
	static const char *const lines[] = {
		"token = \"|userAccessTokenProvider|\"",
		"secret: \"|com.company.product.module|\"",
		"key: |some-kubernetes-resource-name|",
		"key: |SOME_CONSTANT_NAME_IN_CODE|",
		"key = \"|/etc/ssl/private/server|\"",
		"key = \"|./keys/server_ed25519|\"",
		"key = \"|C:\\keys\\server|\"",
		"key = \"|build/tls/wildcard.key|\"",
		"key = \"|id_server_7f3a.pem|\"",
		"token = \"|https://h.io/x9f8a7|\"",
		"token: |1234.5678.90|",
		"token: |20260131120000|",
		"token: |2026-01-31T12:00:00Z|",
		"token: |v1.22.333|",
		"search_token = '|#mesondefine|'",
		"token = \"|secret%3Dpassword%26key|\"",
		"token: |10.200.30.40:8080|",
		"secret: \"|someone@company.org|\"",
		"secret: \"|The key that is used to sign tokens|\"",
		"secret: \"|Rotate it monthly|\"",
		"image: foo@sha256:|0a1b9c3d7e5f2a4b6c8d0e1f3a5b7c9d|",
		"sha1: |da39a3ee5e6b4b0d3255bfef95601890afd80709|",
		"commit_token: |da39a3ee5e6b4b0d3255bfef95601890afd80709|",
		"md5: |d41d8cd98f00b204e9800998ecf8427e|",
		"key_id: |d3b07384-d113-4ec6-a7d8-9c1b2e3f4a5b|",
		"key = \"|a => b[c9X]|\";",
		"pattern: |[a-zA-Z0-9]{3,9}|",
		"secret_name: |UserCredentialsRepository|",
	};
	struct ks_rule rule = rule_of(KS_RULE_GENERIC);

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_unlikely(&rule, lines[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_identifier__drops_variables_named_password),
		cmocka_unit_test(test_identifier__drops_generic_identifiers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
