/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/span.h"
#include "cli/updates.h"

#include <string.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ZERO "0000000000000000000000000000000000000000"

static void test_updates__reads_pre_push(void **state)
{
	static const char text[] = "refs/heads/m " A " refs/heads/n " B "\n"
				   "HEAD@{1 day ago} " A " refs/x " ZERO "\n"
				   "(delete) " ZERO " refs/y " B "\n";
	struct ks_updates updates = { 0 };

	(void)state;
	assert_int_equal(ks_updates_parse(&updates, ks_span_str(text),
				 KS_UPDATES_PRE_PUSH, NULL),
		KS_OK);
	assert_int_equal(updates.count, 3);
	assert_string_equal(updates.list[0].name, "refs/heads/n");
	assert_string_equal(updates.list[0].new_id, A);
	assert_string_equal(updates.list[0].old_id, B);
	assert_string_equal(updates.list[1].name, "refs/x");
	assert_string_equal(updates.list[2].new_id, ZERO);
	assert_true(updates.has_new);
	ks_updates_release(&updates);
}

static void test_updates__reads_pre_receive(void **state)
{
	static const char text[] =
		A " " B " refs/heads/m\n" ZERO " " A " refs/tags/t";
	struct ks_updates updates = { 0 };

	(void)state;
	assert_int_equal(ks_updates_parse(&updates, ks_span_str(text),
				 KS_UPDATES_PRE_RECEIVE, NULL),
		KS_OK);
	assert_int_equal(updates.count, 2);
	assert_string_equal(updates.list[0].name, "refs/heads/m");
	assert_string_equal(updates.list[0].old_id, A);
	assert_string_equal(updates.list[0].new_id, B);
	assert_string_equal(updates.list[1].name, "refs/tags/t");
	ks_updates_release(&updates);
}

static void test_updates__tells_nothing_new(void **state)
{
	static const char *const texts[] = { "",
		"(delete) " ZERO " refs/y " B "\n",
		"refs/heads/m " A " refs/heads/m " A "\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ks_updates updates = { 0 };

		assert_int_equal(
			ks_updates_parse(&updates, ks_span_str(texts[i]),
				KS_UPDATES_PRE_PUSH, NULL),
			KS_OK);
		assert_false(updates.has_new);
		ks_updates_release(&updates);
	}
}

static void test_updates__names_the_line_that_is_none(void **state)
{
	static const char *const texts[] = { "x " A " y " B "\n\n",
		"x " A " y " B "\nx y\n", "x " A " y " B "\n a b c d\n",
		"x " A " y " B "\nx " A " y b\n",
		"x " A " y " B "\nx " A "  " B "\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ks_updates updates = { 0 };
		struct ks_err err = { 0 };

		assert_int_equal(
			ks_updates_parse(&updates, ks_span_str(texts[i]),
				KS_UPDATES_PRE_PUSH, &err),
			KS_E_CORRUPT);
		assert_non_null(strstr(err.message, "line 2 "));
		ks_updates_release(&updates);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_updates__reads_pre_push),
		cmocka_unit_test(test_updates__reads_pre_receive),
		cmocka_unit_test(test_updates__tells_nothing_new),
		cmocka_unit_test(test_updates__names_the_line_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
