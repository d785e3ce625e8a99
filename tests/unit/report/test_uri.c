/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and links as URIs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "report/uri.h"

static void test_uri__encodes_all_but_unreserved(void **state)
{
	static const char *const cases[][2] = {
		{ "src/a-b_c.~1", "src/a-b_c.~1" },
		{ "a b", "a%20b" },
		{ "100%", "100%25" },
		{ "commit:12ab", "commit%3A12ab" },
		{ "caf\xc3\xa9", "caf%C3%A9" },
		{ "\xff\n", "%FF%0A" },
		{ "a#b?c", "a%23b%3Fc" },
		{ "/srv/x y", "file:///srv/x%20y" },
	};
	struct ks_buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ks_buf_reset(&out);
		assert_int_equal(ks_uri_add_path(&out, cases[i][0]), 0);
		assert_string_equal(ks_buf_str(&out), cases[i][1]);
	}
	ks_buf_release(&out);
}

static void test_uri__knows_links(void **state)
{
	(void)state;
	assert_true(ks_uri_is_link("https://example.org/a?b=%20#c"));
	assert_true(ks_uri_is_link("http://example.org"));
	assert_false(ks_uri_is_link(""));
	assert_false(ks_uri_is_link("https://"));
	assert_false(ks_uri_is_link("javascript:alert(1)"));
	assert_false(ks_uri_is_link("https://example.org/a b"));
	assert_false(ks_uri_is_link("https://example.org/%zz"));
	assert_false(ks_uri_is_link("https://example.org/%a"));
	assert_false(ks_uri_is_link("https://example.org/\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uri__encodes_all_but_unreserved),
		cmocka_unit_test(test_uri__knows_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
