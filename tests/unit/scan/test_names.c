/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "scan/names.h"

#include <stdio.h>

static void test_names__remembers_each_name(void **state)
{
	struct ks_names names = { 0 };
	char text[32];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 5000; i++) {
			enum ks_name_state *one;

			snprintf(text, sizeof(text), "file-%d", i);
			one = ks_names_find(&names, ks_span_str(text));
			assert_non_null(one);
			assert_int_equal(*one, round == 0   ? KS_NAME_NEW
					       : i % 7 == 0 ? KS_NAME_SECRET
							    : KS_NAME_CLEAN);
			*one = i % 7 == 0 ? KS_NAME_SECRET : KS_NAME_CLEAN;
		}
	}
	assert_int_equal(names.count, 5000);
	ks_names_release(&names);
}

static void test_names__tells_similar_ones_apart(void **state)
{
	static const char *const similar[] = { "", "a", "A", "a ", "aa", "b" };
	struct ks_names names = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		enum ks_name_state *one =
			ks_names_find(&names, ks_span_str(similar[i]));

		assert_int_equal(*one, KS_NAME_NEW);
		*one = KS_NAME_CLEAN;
	}
	ks_names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names__remembers_each_name),
		cmocka_unit_test(test_names__tells_similar_ones_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
