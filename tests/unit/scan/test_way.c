/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/check.h"

#include "scan/way.h"

static void check_enter(const char *name, const char *expected)
{
	struct ks_buf way = { 0 };

	assert_int_equal(ks_buf_add_str(&way, "!/a"), KS_OK);
	assert_int_equal(ks_way_enter(&way, ks_span_str(name)), KS_OK);
	assert_string_equal(ks_buf_str(&way), expected);
	ks_buf_release(&way);
}

static void test_way__stays_in_the_folder(void **state)
{
	(void)state;
	check_enter("b/c", "!/a!/b/c");
	check_enter("./b//c/", "!/a!/b/c");
	check_enter("/etc/b", "!/a!/etc/b");
	check_enter("../../b/../c", "!/a!/b/c");
	check_enter("...", "!/a!/...");
	check_enter("..", "!/a!/unnamed");
	check_enter("/", "!/a!/unnamed");
}

static void test_way__is_of_a_bounded_length(void **state)
{
	static char name[1 << 20];
	struct ks_buf way = { 0 };

	(void)state;
	memset(name, 'n', sizeof(name));
	assert_int_equal(
		ks_way_enter(&way, ks_span_of(name, sizeof(name))), KS_OK);
	assert_int_equal(way.n, 2 + 4096);
	ks_buf_release(&way);
}

static void check_peel(const char *path, const char *expected)
{
	struct ks_buf way = { 0 };

	assert_int_equal(ks_buf_add_str(&way, path), KS_OK);
	assert_int_equal(ks_way_peel(&way), KS_OK);
	assert_string_equal(ks_buf_str(&way), expected);
	ks_buf_release(&way);
}

static void test_way__names_what_is_compressed(void **state)
{
	(void)state;
	check_peel("old/a.log.gz", "old/a.log.gz!/a.log");
	check_peel("a.zip!/in/b.xz", "a.zip!/in/b.xz!/b");
	check_peel("a.tgz", "a.tgz!/a.tar");
	check_peel("old.gz/a", "old.gz/a!/data");
	check_peel(".gz", ".gz!/data");
	check_peel("", "!/data");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_way__stays_in_the_folder),
		cmocka_unit_test(test_way__is_of_a_bounded_length),
		cmocka_unit_test(test_way__names_what_is_compressed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
