/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the reasons for a skip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <keysieve/finding.h>

#include <string.h>

static void test_skip__every_reason_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++) {
		const char *name = ks_skip_reason_name((enum ks_skip_reason)i);

		assert_string_not_equal(name, "unknown");
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"),
			strlen(name));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(name,
				ks_skip_reason_name((enum ks_skip_reason)k));
	}
	assert_string_equal(
		ks_skip_reason_name(KS_SKIP_REASON_COUNT), "unknown");
}

static void test_skip__what_lies_elsewhere_is_not_incomplete(void **state)
{
	(void)state;
	for (int i = 0; i < KS_SKIP_REASON_COUNT; i++)
		assert_int_equal(ks_skip_is_incomplete((enum ks_skip_reason)i),
			i < KS_SKIP_GITLINK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skip__every_reason_has_a_name_of_its_own),
		cmocka_unit_test(
			test_skip__what_lies_elsewhere_is_not_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
