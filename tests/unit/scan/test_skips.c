/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "scan/skips.h"

static void test_skips__names_some_and_counts_all(void **state)
{
	struct ks_skips skips;

	(void)state;
	ks_skips_init(&skips);
	for (int i = 0; i < KS_SKIPS_NAMED_MAX + 500; i++)
		assert_int_equal(ks_skips_add(&skips, KS_SKIP_MISSING, "one",
					 NULL, "", NULL),
			KS_OK);
	assert_int_equal(
		ks_skips_add(&skips, KS_SKIP_LFS, "two", NULL, "pointer", NULL),
		KS_OK);
	assert_int_equal(skips.count, KS_SKIPS_NAMED_MAX + 1);
	assert_int_equal(
		skips.totals[KS_SKIP_MISSING], KS_SKIPS_NAMED_MAX + 500);
	assert_int_equal(skips.totals[KS_SKIP_LFS], 1);
	assert_string_equal(skips.list[skips.count - 1].what, "two");
	assert_string_equal(skips.list[skips.count - 1].detail, "pointer");
	ks_skips_release(&skips);
}

static void test_skips__copies_what_it_is_given(void **state)
{
	struct ks_skips skips;
	struct ks_oid oid = { { 7 } };
	char what[] = "what";

	(void)state;
	ks_skips_init(&skips);
	assert_int_equal(
		ks_skips_add(&skips, KS_SKIP_LIMIT, what, NULL, what, NULL),
		KS_OK);
	assert_int_equal(
		ks_skips_add(&skips, KS_SKIP_LIMIT, NULL, &oid, "", NULL),
		KS_OK);
	what[0] = '!';
	assert_string_equal(skips.list[0].what, "what");
	assert_string_equal(skips.list[0].detail, "what");
	assert_null(skips.list[1].what);
	assert_true(ks_oid_eq(&skips.list[1].oid, &oid));
	ks_skips_release(&skips);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skips__names_some_and_counts_all),
		cmocka_unit_test(test_skips__copies_what_it_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
