/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "base/oid.h"

static void test_oid__of_a_word_has_its_length(void **state)
{
	static const struct {
		const char *text;
		bool is_id;
	} cases[] = {
		{ "0123456789abcdef0123456789abcdef01234567", true },
		{ "0123456789ABCDEF0123456789abcdef01234567", true },
		{ "0123456789abcdef0123456789abcdef01234567\n", true },
		{ "0123456789abcdef0123456789abcdef01234567 x", true },
		{ "0123456789abcdef0123456789abcdef01234567\t", true },
		{ "0123456789abcdef0123456789abcdef012345678", false },
		{ "0123456789abcdef0123456789abcdef01234567x", false },
		{ "0123456789abcdef0123456789abcdef0123456", false },
		{ "0123456789abcdef0123456789abcdef0123456 ", false },
		{ " 123456789abcdef0123456789abcdef01234567", false },
		{ "", false },
	};
	struct ks_oid oid;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(
			ks_oid_parse_word(
				&oid, ks_span_str(cases[i].text), KS_OID_SHA1),
			cases[i].is_id);
		if (cases[i].is_id)
			assert_int_equal(oid.id[19], 0x67);
		assert_false(ks_oid_parse_word(
			&oid, ks_span_str(cases[i].text), KS_OID_SHA256));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oid__of_a_word_has_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
